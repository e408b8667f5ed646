package configs

import (
	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/strictyaml"
)

// Path names a file. The zero Path names none.
type Path struct {
	Written  string // as in the YAML
	Resolved string // relative paths taken from the folder of the YAML file
}

// DecodeNode reads a text and resolves it against the folder of the file it stands in. A name of no file there may be
// that of a shipped one.
func (p *Path) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	var written string
	if !d.Decode(n, path, &written, `minlen:"1" maxlen:"4096"`) {
		return
	}
	*p = Path{Written: written, Resolved: paths.Beside(d.File(), written)}
	if IsName(written) && !paths.Exist(p.Resolved) {
		if found := findShipped(written, Folders()...); found != "" {
			p.Resolved = found
		}
	}
}

// Allowed says what is legal.
func (p *Path) Allowed() string { return "path of a file" }

// JSONSchema is that of a text.
func (p *Path) JSONSchema() map[string]any { return map[string]any{"type": "string", "minLength": 1} }
