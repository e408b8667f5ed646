package sweepfile

import (
	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// File is a sweep as written.
type File struct {
	Name        string           `yaml:"name" required:"true" minlen:"1" maxlen:"255" doc:"What reports call this sweep; a folder of results belongs to one name."`
	Workload    paths            `yaml:"workload" doc:"Layer or workload files; metrics are totals over all layers."`
	Model       configs.Path     `yaml:"model" doc:"In place of workload: an ONNX model, a network file or a layer of another operation, as one pipeline."`
	Hardware    Hardware         `yaml:"hardware" required:"true" doc:"The base hardware: a file, or its keys."`
	Axes        Axes             `yaml:"axes" required:"true" doc:"Hardware keys and the values they take; under zip, keys that move together."`
	Constraints []Expr           `yaml:"constraints" doc:"Expressions that must be true for a point to be legal, such as dsp <= 1728."`
	Derived     Named            `yaml:"derived" doc:"Names for expressions, usable in what follows them."`
	Objectives  []Goal           `yaml:"objectives" required:"true" minlen:"1" doc:"What to make small or large."`
	Strategy    Strategy         `yaml:"strategy" doc:"Which points to evaluate; default: all of them."`
	Frames      int              `yaml:"frames" default:"3" min:"1" max:"1000000" doc:"Images in a row; 3 or more give a steady interval."`
	Board       configs.BoardRef `yaml:"board" doc:"Board whose budget fits means: a shipped one by name, a file of your own, or its keys."`
	Energy      string           `yaml:"energy" default:"horowitz-45nm" minlen:"1" maxlen:"4096" doc:"Energy table: a name or a file."`
}

// Schema returns the JSON Schema of sweep files.
func Schema() ([]byte, error) { return strictyaml.Schema(File{}, "convsim sweep") }

// paths is one path or a list of them.
type paths []configs.Path

// DecodeNode reads either spelling.
func (p *paths) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if n.Kind == yaml.SequenceNode {
		var list []configs.Path
		d.Decode(n, path, &list, `minlen:"1"`)
		*p = list
		return
	}
	var one configs.Path
	d.Decode(n, path, &one, "")
	*p = paths{one}
}

// Allowed says what is legal.
func (p *paths) Allowed() string { return "path of a layer or workload file, or a list of them" }

// JSONSchema has both spellings.
func (p *paths) JSONSchema() map[string]any {
	one := map[string]any{"type": "string", "minLength": 1}
	return map[string]any{"oneOf": []any{one, map[string]any{"type": "array", "items": one, "minItems": 1}}}
}

// Hardware is the base hardware, in a file or in place.
type Hardware struct {
	File configs.Path
	Node *yaml.Node // in place
}

// DecodeNode reads either spelling.
func (h *Hardware) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if n.Kind == yaml.MappingNode {
		if d.Decode(n, path, &configs.Hardware{}, "") {
			h.Node = n
		}
		return
	}
	d.Decode(n, path, &h.File, "")
}

// Allowed says what is legal.
func (h *Hardware) Allowed() string { return "path of a hardware file, or its keys" }

// JSONSchema has both spellings.
func (h *Hardware) JSONSchema() map[string]any {
	return map[string]any{"oneOf": []any{map[string]any{"type": "string", "minLength": 1}, strictyaml.SchemaOf(configs.Hardware{})}}
}

// Goal is an objective as written.
type Goal struct {
	Minimize Expr `yaml:"minimize" doc:"Expression to make small."`
	Maximize Expr `yaml:"maximize" doc:"Expression to make large."`
}
