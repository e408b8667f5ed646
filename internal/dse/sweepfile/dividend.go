package sweepfile

import (
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// Dividend is a number, or the name of a size of the workload.
type Dividend struct {
	Size   string
	Number int64
}

var dividends = []string{"in_channels", "out_channels", "group_in_channels", "group_out_channels", "groups"}

// DecodeNode reads either spelling.
func (v *Dividend) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if !strictyaml.IsText(n) {
		d.Decode(n, path, &v.Number, `min:"1" max:"1099511627776"`)
		return
	}
	if !slices.Contains(dividends, n.Value) {
		d.Fail(n, path, "not among the choices", v.Allowed())
	}
	v.Size = n.Value
}

// Allowed says what is legal.
func (v *Dividend) Allowed() string { return strings.Join(dividends, ", ") + ", or a whole number" }

// JSONSchema has both spellings.
func (v *Dividend) JSONSchema() map[string]any {
	return map[string]any{"oneOf": []any{map[string]any{"enum": dividends}, map[string]any{"type": "integer", "minimum": 1}}}
}
