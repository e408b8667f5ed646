// Command page bundles the scripts of pages with the libraries that package.json pins. Run it in tools, as
// `make page` does; npm must have installed the libraries. With -check it writes nothing, and fails if a bundle
// is not what it would write.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// modules is where npm puts the libraries.
const modules = "page/node_modules"

// bundle is a script made of others.
type bundle struct {
	source, path string
	global       string // what holds its exports; "" for none
}

var bundles = []bundle{
	{"../internal/report/runpage/web/main.js", "../internal/report/runpage/bundle.js", ""}, // the page of a run
	{"../internal/report/web/d3.js", "../internal/report/page_d3.js", "d3"},                // what the page of a sweep takes from D3
}

func main() {
	check := flag.Bool("check", false, "compare, do not write")
	flag.Parse()
	for _, b := range bundles {
		if err := b.make(*check); err != nil {
			fmt.Fprintln(os.Stderr, "page:", err)
			os.Exit(1)
		}
	}
}

// make writes a bundle, or compares it.
func (b bundle) make(check bool) error {
	text, err := b.text()
	if err != nil {
		return err
	}
	if !check {
		return os.WriteFile(b.path, text, 0o644)
	}
	old, err := os.ReadFile(b.path)
	if err != nil {
		return err
	}
	if !bytes.Equal(old, text) {
		return fmt.Errorf("%s is not what `make page` writes", b.path)
	}
	return nil
}

// text is the bundle: the licences of what is in it, and the script.
func (b bundle) text() ([]byte, error) {
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{b.source}, Bundle: true, Metafile: true, GlobalName: b.global,
		MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
		Format: api.FormatIIFE, Target: api.ES2020, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		NodePaths: []string{modules},
	})
	if len(r.Errors) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(api.FormatMessages(r.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	notices, err := licences(r.Metafile)
	if err != nil {
		return nil, err
	}
	return append([]byte(notices), r.OutputFiles[0].Contents...), nil
}

// licences are those of the packages that the metafile names, as a comment; packages
// of one text share it.
func licences(metafile string) (string, error) {
	packages := map[string]bool{}
	for _, part := range strings.Split(metafile, modules+"/")[1:] {
		name := strings.Split(part, "/")
		if strings.HasPrefix(part, "@") {
			name = name[:2]
		} else {
			name = name[:1]
		}
		packages[strings.Join(name, "/")] = true
	}
	texts := map[string][]string{}
	for name := range packages {
		text, err := os.ReadFile(filepath.Join(modules, name, "LICENSE"))
		if err != nil {
			return "", err
		}
		plain := strings.TrimSpace(strings.ReplaceAll(string(text), "\r", ""))
		texts[plain] = append(texts[plain], name)
	}
	var parts []string
	for text, names := range texts {
		slices.Sort(names)
		parts = append(parts, strings.Join(names, ", ")+":\n\n"+text)
	}
	slices.Sort(parts)
	return "/*!\nThis script holds:\n\n" + strings.Join(parts, "\n\n") + "\n*/\n", nil
}
