// Command page bundles the script of a run's page: report/runpage/web and the libraries that package.json
// pins, into report/runpage/bundle.js. Run it in tools, as `make page` does; npm must have installed the
// libraries. With -check it writes nothing, and fails if the bundle is not what it would write.
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

const (
	source  = "../report/runpage/web/main.js"
	bundle  = "../report/runpage/bundle.js"
	modules = "page/node_modules"
)

func main() {
	check := flag.Bool("check", false, "compare, do not write")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "page:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	text, err := bundled()
	if err != nil {
		return err
	}
	if !check {
		return os.WriteFile(bundle, text, 0o644)
	}
	old, err := os.ReadFile(bundle)
	if err != nil {
		return err
	}
	if !bytes.Equal(old, text) {
		return fmt.Errorf("%s is not what `make page` writes", bundle)
	}
	return nil
}

// bundled is the bundle: the licences of what is in it, and the script.
func bundled() ([]byte, error) {
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{source}, Bundle: true, Metafile: true,
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
		texts[strings.TrimSpace(strings.ReplaceAll(string(text), "\r", ""))] = append(texts[strings.TrimSpace(strings.ReplaceAll(string(text), "\r", ""))], name)
	}
	var parts []string
	for text, names := range texts {
		slices.Sort(names)
		parts = append(parts, strings.Join(names, ", ")+":\n\n"+text)
	}
	slices.Sort(parts)
	return "/*!\nThis script holds:\n\n" + strings.Join(parts, "\n\n") + "\n*/\n", nil
}
