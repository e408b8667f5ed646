package sweepfile

import (
	"strings"

	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// Expr is an expression in a sweep file, with its place.
type Expr struct {
	Text   string
	Column int  // characters from the start of the node to the start of the expression
	Inline bool // on one line, so that columns of the expression are columns of the file
}

func (e Expr) Given() bool { return e.Text != "" }

// DecodeNode reads the text of an expression.
func (e *Expr) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" || n.ShortTag() == "!!null" {
		d.Fail(n, path, "not an expression", e.Allowed())
		return
	}
	if !strictyaml.Printable(n.Value, true) {
		d.Fail(n, path, "not printable", e.Allowed())
		return
	}
	e.Text = n.Value
	e.Inline = n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		e.Column = 1
	}
}

// Allowed says what is legal.
func (e *Expr) Allowed() string { return "an expression, such as dsp <= 1728 && fps >= 30" }

// JSONSchema is that of a text; true and 3 are expressions too.
func (e *Expr) JSONSchema() map[string]any {
	return map[string]any{"type": []string{"string", "boolean", "number"}}
}

// Named are expressions with names, in the order of the file.
type Named []NamedExpr

type NamedExpr struct {
	Name string
	Expr Expr
}

// DecodeNode reads a mapping from names to expressions.
func (l *Named) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	var checked map[string]Expr
	if !d.Decode(n, path, &checked, "") {
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		name := n.Content[i].Value
		*l = append(*l, NamedExpr{name, checked[name]})
	}
}

// Allowed says what is legal.
func (l *Named) Allowed() string { return "a mapping from names to expressions" }

// JSONSchema is that of the mapping.
func (l *Named) JSONSchema() map[string]any {
	return map[string]any{"type": "object", "additionalProperties": (&Expr{}).JSONSchema()}
}
