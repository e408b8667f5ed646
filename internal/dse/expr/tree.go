package expr

import "strings"

type nodeKind uint8

const (
	nodeNumber nodeKind = iota
	nodeString
	nodeBool
	nodeName
	nodeUnary   // text op, args[0]
	nodeBinary  // args[0], text op, args[1]
	nodeTernary // args[0] ? args[1] : args[2]
	nodeCall    // text(args...)
)

// node is one step of an expression. Column is where a mistake in it is shown: at the operator, the name or
// the literal.
type node struct {
	kind   nodeKind
	text   string
	number float64
	args   []*node
	column int
}

// Tree is a parsed expression whose names and types are not checked yet.
type Tree struct {
	root *node
}

// String writes the expression in one canonical form: one space around binary operators and no needless parentheses.
// Parsing it gives the same tree.
func (t *Tree) String() string { return t.root.String() }

// write appends the node, in parentheses if it binds looser than its place demands.
func (n *node) write(b *strings.Builder, place tightness) {
	if n.tightness() < place {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	switch n.kind {
	case nodeNumber:
		b.WriteString(formatNumber(n.number))
	case nodeString:
		b.WriteString(quote(n.text))
	case nodeUnary:
		b.WriteString(n.text)
		n.args[0].write(b, tightUnary)
	case nodeBinary:
		n.writeBinary(b)
	case nodeTernary:
		n.args[0].write(b, looseTernary+1)
		b.WriteString(" ? ")
		n.args[1].write(b, looseTernary)
		b.WriteString(" : ")
		n.args[2].write(b, looseTernary)
	case nodeCall:
		b.WriteString(n.text)
		n.writeArgs(b)
	default:
		b.WriteString(n.text)
	}
}

func (n *node) writeBinary(b *strings.Builder) {
	left, right := sides(n.text)
	n.args[0].write(b, left)
	b.WriteString(" " + n.text + " ")
	n.args[1].write(b, right)
}

func (n *node) writeArgs(b *strings.Builder) {
	b.WriteByte('(')
	for i, arg := range n.args {
		if i > 0 {
			b.WriteString(", ")
		}
		arg.write(b, looseTernary)
	}
	b.WriteByte(')')
}

// tightness is how strongly a node holds its parts together; a looser one needs parentheses inside a tighter one.
type tightness uint8

const (
	looseTernary tightness = iota
	tightOr
	tightAnd
	tightCompare
	tightSum
	tightProduct
	tightUnary
	tightPower
	tightAtom
)

// binaryTightness has every binary operator.
var binaryTightness = map[string]tightness{
	"||": tightOr, "&&": tightAnd,
	"==": tightCompare, "!=": tightCompare, "<": tightCompare, "<=": tightCompare, ">": tightCompare, ">=": tightCompare,
	"+": tightSum, "-": tightSum,
	"*": tightProduct, "/": tightProduct, "//": tightProduct, "%": tightProduct,
	"**": tightPower,
}

// sides are the least tightness of the operands of a binary operator. Most group to the left; comparisons do
// not group at all; the exponent of a power may be a power or carry a sign.
func sides(op string) (left, right tightness) {
	switch own := binaryTightness[op]; own {
	case tightCompare:
		return own + 1, own + 1
	case tightPower:
		return tightAtom, tightUnary
	default:
		return own, own + 1
	}
}

func (n *node) tightness() tightness {
	switch n.kind {
	case nodeTernary:
		return looseTernary
	case nodeBinary:
		return binaryTightness[n.text]
	case nodeUnary:
		return tightUnary
	}
	return tightAtom
}

// String is the node as the canonical form writes it.
func (n *node) String() string {
	var b strings.Builder
	n.write(&b, looseTernary)
	return b.String()
}
