package resources

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/strictyaml"
)

//go:embed boards/*.yaml energy/*.yaml
var shipped embed.FS

// ShippedFS holds the files of all boards and energy tables.
func ShippedFS() fs.FS { return shipped }

// names returns the names of the files shipped in a folder, sorted.
func names(folder string) []string {
	entries, err := shipped.ReadDir(folder)
	if err != nil {
		panic("resources: " + err.Error())
	}
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = strings.TrimSuffix(e.Name(), ".yaml")
	}
	return out
}

// IsPath says whether a user means a file of their own and not a shipped one.
func IsPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}

// read returns the text of a shipped file or of a user's own; what is the noun
// for messages.
func read(what, folder, name string) ([]byte, error) {
	if IsPath(name) {
		return strictyaml.ReadFile(name)
	}
	data, err := shipped.ReadFile(path.Join(folder, name+".yaml"))
	if err != nil {
		return nil, unknownName(what, name, names(folder))
	}
	return data, nil
}

// checked is a file with rules beyond those of its struct tags.
type checked interface {
	check(p *strictyaml.Positions)
	kind() filekind.Kind
}

// load reads a shipped file or a user's own into target.
func load(what, folder, name string, target checked) error {
	data, err := read(what, folder, name)
	if err != nil {
		return err
	}
	return filekind.Explain(decode(name, data, target), name, data, target.kind())
}

// decode reads the text of a file into target and applies all its rules.
func decode(name string, data []byte, target checked) error {
	p, err := strictyaml.Decode(name, data, target)
	if err != nil {
		return err
	}
	target.check(p)
	return p.Err()
}

func unknownName(what, name string, known []string) error {
	hint := "."
	if best := nearest(name, known); best != "" {
		hint = fmt.Sprintf("; did you mean %s?", best)
	}
	return fmt.Errorf("unknown %s %q%s Known: %s; or the path of a YAML file",
		what, name, hint, strings.Join(known, ", "))
}
