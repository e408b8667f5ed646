package dse

import (
	"strings"

	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// exprText is an expression in a sweep file, with its place.
type exprText struct {
	text   string
	column int  // characters from the start of the node to the start of the expression
	inline bool // on one line, so that columns of the expression are columns of the file
}

func (e exprText) given() bool { return e.text != "" }

// DecodeNode reads the text of an expression.
func (e *exprText) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" || n.ShortTag() == "!!null" {
		d.Fail(n, path, "not an expression", e.Allowed())
		return
	}
	if !strictyaml.Printable(n.Value, true) {
		d.Fail(n, path, "not printable", e.Allowed())
		return
	}
	e.text = n.Value
	e.inline = n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		e.column = 1
	}
}

// Allowed says what is legal.
func (e *exprText) Allowed() string { return "an expression, such as dsp <= 1728 && fps >= 30" }

// JSONSchema is that of a text; true and 3 are expressions too.
func (e *exprText) JSONSchema() map[string]any {
	return map[string]any{"type": []string{"string", "boolean", "number"}}
}

// namedExprs are expressions with names, in the order of the file.
type namedExprs []namedExpr

type namedExpr struct {
	name string
	expr exprText
}

// DecodeNode reads a mapping from names to expressions.
func (l *namedExprs) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	var checked map[string]exprText
	if !d.Decode(n, path, &checked, "") {
		return
	}
	for i := 0; i < len(n.Content); i += 2 {
		name := n.Content[i].Value
		*l = append(*l, namedExpr{name, checked[name]})
	}
}

// Allowed says what is legal.
func (l *namedExprs) Allowed() string { return "a mapping from names to expressions" }

// JSONSchema is that of the mapping.
func (l *namedExprs) JSONSchema() map[string]any {
	return map[string]any{"type": "object", "additionalProperties": (&exprText{}).JSONSchema()}
}
