package configs

import (
	"fmt"
	"math"
	"reflect"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/strictyaml"
)

// pair is a number for both axes, or [height, width].
type pair conv.Pair

// DecodeNode reads a number or a list of two.
func (p *pair) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	h, w, _ := decodePair(d, n, path, `min:"1" max:"2147483647"`, p.Allowed())
	*p = pair{H: h, W: w}
}

// Allowed says what is legal.
func (p *pair) Allowed() string { return "whole number 1..2147483647, or a pair [height, width]" }

// JSONSchema lists both spellings.
func (p *pair) JSONSchema() map[string]any {
	return map[string]any{"oneOf": pairSchemas(1)}
}

// padding is a pair, four sides, or a word.
type padding conv.Padding

type sidesFile struct {
	Top    int `yaml:"top" required:"true" min:"0" max:"2147483647" doc:"Rows above."`
	Bottom int `yaml:"bottom" required:"true" min:"0" max:"2147483647" doc:"Rows below."`
	Left   int `yaml:"left" required:"true" min:"0" max:"2147483647" doc:"Columns on the left."`
	Right  int `yaml:"right" required:"true" min:"0" max:"2147483647" doc:"Columns on the right."`
}

// DecodeNode reads any of the spellings.
func (p *padding) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	switch {
	case n.Kind == yaml.MappingNode:
		var s sidesFile
		if d.Decode(n, path, &s, "") {
			*p = padding{Sides: conv.Sides{Top: s.Top, Bottom: s.Bottom, Left: s.Left, Right: s.Right}}
		}
	case strictyaml.IsText(n):
		word, err := conv.ParsePadding(n.Value)
		if err != nil {
			d.Fail(n, path, "not among the choices", p.Allowed())
		}
		*p = padding(word)
	default:
		h, w, _ := decodePair(d, n, path, `min:"0" max:"2147483647"`, p.Allowed())
		*p = padding{Sides: conv.Sides{Top: h, Bottom: h, Left: w, Right: w}}
	}
}

// Allowed says what is legal.
func (p *padding) Allowed() string {
	return "whole number 0..2147483647, a pair [height, width], {top, bottom, left, right}, same, valid, same_upper, same_lower"
}

// JSONSchema lists the spellings.
func (p *padding) JSONSchema() map[string]any {
	words := map[string]any{"type": "string", "enum": []string{"same", "valid", "same_upper", "same_lower"}}
	return map[string]any{"oneOf": append(pairSchemas(0), strictyaml.SchemaOf(sidesFile{}), words)}
}

// decodePair reads a number or a list of two numbers under the bounds of a struct tag.
func decodePair(d *strictyaml.Decoder, n *yaml.Node, path string, bounds reflect.StructTag, allowed string) (h, w int, ok bool) {
	if n.Kind == yaml.ScalarNode && !strictyaml.IsText(n) && n.ShortTag() == "!!int" {
		ok = d.Decode(n, path, &h, bounds)
		return h, h, ok
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) != 2 {
		d.Fail(n, path, "not a number or a pair", allowed)
		return 0, 0, false
	}
	okH := d.Decode(n.Content[0], path+"[0]", &h, bounds)
	okW := d.Decode(n.Content[1], path+"[1]", &w, bounds)
	return h, w, okH && okW
}

func pairSchemas(least int) []any {
	number := map[string]any{"type": "integer", "minimum": least, "maximum": math.MaxInt32}
	return []any{
		number,
		map[string]any{"type": "array", "items": number, "minItems": 2, "maxItems": 2},
	}
}

// integers is one number, or a list of them.
type integers []int64

// DecodeNode reads a number or a list.
func (v *integers) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	*v = decodeOneOrMore[int64](d, n, path, `min:"-32768" max:"32767"`, v.Allowed())
}

// Allowed says what is legal.
func (v *integers) Allowed() string { return "whole number, or a list of one per output channel" }

// JSONSchema lists both spellings.
func (v *integers) JSONSchema() map[string]any {
	return oneOrMoreSchema(map[string]any{"type": "integer", "minimum": -32768, "maximum": 32767})
}

// shifts is one number of bits, or a list of them.
type shifts []int

// DecodeNode reads a number or a list.
func (v *shifts) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	*v = decodeOneOrMore[int](d, n, path, `min:"0" max:"31"`, v.Allowed())
}

// Allowed says what is legal.
func (v *shifts) Allowed() string { return "whole number 0..31, or a list of one per output channel" }

// JSONSchema lists both spellings.
func (v *shifts) JSONSchema() map[string]any {
	return oneOrMoreSchema(map[string]any{"type": "integer", "minimum": 0, "maximum": 31})
}

// scales is one factor, or a list of them, rounded once to float32.
type scales []float32

// DecodeNode reads a number or a list.
func (v *scales) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	*v = nil
	for _, one := range decodeOneOrMore[scale](d, n, path, "", v.Allowed()) {
		*v = append(*v, float32(one))
	}
}

// Allowed says what is legal.
func (v *scales) Allowed() string {
	return (*scale)(nil).Allowed() + ", or a list of one per output channel"
}

// JSONSchema lists both spellings.
func (v *scales) JSONSchema() map[string]any { return oneOrMoreSchema((*scale)(nil).JSONSchema()) }

// scale is one factor, rounded once to float32.
type scale float32

// DecodeNode reads a number.
func (s *scale) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	var wide float64
	if !d.Decode(n, path, &wide, `above:"0"`) {
		return
	}
	*s = scale(wide)
	if *s == 0 || math.IsInf(float64(*s), 0) {
		d.Fail(n, path, "out of range", s.Allowed())
	}
}

// Allowed says what is legal.
func (s *scale) Allowed() string { return "number > 0 within the range of float32" }

// JSONSchema is that of a positive number.
func (s *scale) JSONSchema() map[string]any {
	return map[string]any{"type": "number", "exclusiveMinimum": 0, "maximum": math.MaxFloat32}
}

// decodeOneOrMore reads a single value as a list of one, or a list, which may not be empty.
func decodeOneOrMore[T any](d *strictyaml.Decoder, n *yaml.Node, path string, bounds reflect.StructTag, allowed string) []T {
	nodes := oneOrMore(n)
	if len(nodes) == 0 {
		d.Fail(n, path, "empty list", allowed)
	}
	out := make([]T, len(nodes))
	for i, one := range nodes {
		d.Decode(one, entryPath(n, path, i), &out[i], bounds)
	}
	return out
}

func entryPath(n *yaml.Node, path string, i int) string {
	if n.Kind == yaml.SequenceNode {
		return fmt.Sprintf("%s[%d]", path, i)
	}
	return path
}

func oneOrMoreSchema(one map[string]any) map[string]any {
	return map[string]any{"oneOf": []any{one, map[string]any{"type": "array", "items": one, "minItems": 1}}}
}
