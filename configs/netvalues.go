package configs

import (
	"math"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/strictyaml"
)

// quantFile says which numbers the integers of a tensor stand for.
type quantFile struct {
	DType string `yaml:"dtype" required:"true" enum:"int4,uint4,int8,uint8,int16,int32" doc:"Type of the integers."`
	Scale floats `yaml:"scale" required:"true" doc:"Value of one step, one or one per channel."`
	Zero  int32s `yaml:"zero" default:"0" doc:"The integer that stands for 0, one or one per channel."`
}

func (q *quantFile) quant() network.Quant {
	return network.Quant{DType: dtype(q.DType), Scale: q.Scale, Zero: q.Zero}
}

// floats is one number, or a list of them, rounded once to float32.
type floats []float32

// DecodeNode reads a number or a list.
func (v *floats) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	*v = floats{}
	for i, one := range oneOrMore(n) {
		var wide float64
		if d.Decode(one, entryPath(n, path, i), &wide, "") && math.Abs(wide) > math.MaxFloat32 {
			d.Fail(one, path, "out of range", v.Allowed())
		}
		*v = append(*v, float32(wide))
	}
}

// Allowed says what is legal.
func (v *floats) Allowed() string { return "number within the range of float32, or a list of them" }

// JSONSchema lists both spellings.
func (v *floats) JSONSchema() map[string]any {
	return oneOrMoreSchema(map[string]any{"type": "number"})
}

// number is a number that may be infinite or none, as YAML writes that.
type number float64

// unbounded are the numbers that are not finite.
var unbounded = map[string]float64{".inf": math.Inf(1), "-.inf": math.Inf(-1), ".nan": math.NaN()}

// DecodeNode reads a number.
func (v *number) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if x, ok := unbounded[n.Value]; ok && n.Kind == yaml.ScalarNode && n.ShortTag() == "!!float" {
		*v = number(x)
		return
	}
	d.Decode(n, path, (*float64)(v), "")
}

// Allowed says what is legal.
func (v *number) Allowed() string { return "number, .inf, -.inf or .nan" }

// JSONSchema is that of a number.
func (v *number) JSONSchema() map[string]any { return map[string]any{"type": "number"} }

// int32s is one whole number, or a list of them.
type int32s []int32

// DecodeNode reads a number or a list.
func (v *int32s) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	*v = decodeOneOrMore[int32](d, n, path, "", v.Allowed())
}

// Allowed says what is legal.
func (v *int32s) Allowed() string { return "whole number, or a list of one per channel" }

// JSONSchema lists both spellings.
func (v *int32s) JSONSchema() map[string]any {
	return oneOrMoreSchema(map[string]any{"type": "integer"})
}

// tensorNames is the name of a tensor, or a list of them; an empty one is left out.
type tensorNames []string

// DecodeNode reads a text or a list.
func (v *tensorNames) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	*v = tensorNames{}
	for i, one := range oneOrMore(n) {
		var name string
		d.Decode(one, entryPath(n, path, i), &name, `maxlen:"4096"`)
		*v = append(*v, name)
	}
}

// Allowed says what is legal.
func (v *tensorNames) Allowed() string { return "name of a tensor, or a list of names" }

// JSONSchema lists both spellings.
func (v *tensorNames) JSONSchema() map[string]any {
	return oneOrMoreSchema(map[string]any{"type": "string"})
}

func oneOrMore(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.SequenceNode {
		return n.Content
	}
	return []*yaml.Node{n}
}

// counts is a number for both axes, or [height, width], which may be 0.
type counts conv.Pair

// DecodeNode reads a number or a list of two.
func (p *counts) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	h, w, _ := decodePair(d, n, path, `min:"0" max:"2147483647"`, p.Allowed())
	*p = counts{H: h, W: w}
}

// Allowed says what is legal.
func (p *counts) Allowed() string { return "whole number 0..2147483647, or a pair [height, width]" }

// JSONSchema lists both spellings.
func (p *counts) JSONSchema() map[string]any { return map[string]any{"oneOf": pairSchemas(0)} }
