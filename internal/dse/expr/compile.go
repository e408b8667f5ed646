package expr

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// code is a compiled node: its type and the one function that computes it. Type 0 marks a node with a mistake, reported
// already; whatever uses it stays silent.
type code struct {
	kind   Type
	number func([]Value) (float64, error)
	truth  func([]Value) (bool, error)
	text   func([]Value) (string, error)
}

// compiler turns nodes into code and collects mistakes.
type compiler struct {
	source   string
	env      *Names
	uses     []int
	mistakes []*Error
}

func (c *compiler) fail(column int, format string, args ...any) code {
	c.mistakes = append(c.mistakes, c.fault(column, format, args...))
	return code{}
}

func (c *compiler) fault(column int, format string, args ...any) *Error {
	return &Error{Source: c.source, Column: column, Message: fmt.Sprintf(format, args...)}
}

// report joins the mistakes in the order of their columns.
func (c *compiler) report() error {
	slices.SortStableFunc(c.mistakes, func(a, b *Error) int { return cmp.Compare(a.Column, b.Column) })
	errs := make([]error, len(c.mistakes))
	for i, m := range c.mistakes {
		errs[i] = m
	}
	return errors.Join(errs...)
}

func (c *compiler) compile(n *node) code {
	switch n.kind {
	case nodeNumber:
		x := n.number
		return code{kind: Number, number: func([]Value) (float64, error) { return x, nil }}
	case nodeString:
		s := n.text
		return code{kind: String, text: func([]Value) (string, error) { return s, nil }}
	case nodeBool:
		b := n.text == "true"
		return code{kind: Bool, truth: func([]Value) (bool, error) { return b, nil }}
	case nodeName:
		return c.name(n)
	case nodeCall:
		return c.call(n)
	case nodeUnary:
		return c.unary(n)
	case nodeTernary:
		return c.ternary(n)
	}
	return c.binary(n)
}

// operands compiles the arguments of a node and checks that all are of the wanted type; all of them are
// checked first, so that every mistake is found.
func (c *compiler) operands(n *node, what string, want Type) ([]code, bool) {
	fine := true
	codes := make([]code, len(n.args))
	for i, arg := range n.args {
		codes[i] = c.compile(arg)
		if codes[i].kind != want && codes[i].kind != 0 {
			c.fail(arg.column, "%s takes %ss, found %s (%s)", what, want, codes[i].kind.Phrase(), arg)
		}
		fine = fine && codes[i].kind == want
	}
	return codes, fine
}

func (c *compiler) name(n *node) code {
	slot, known := c.env.Slot(n.text)
	if !known {
		if reserved(n.text) {
			return c.fail(n.column, "%s is a function; write %s(...)", n.text, n.text)
		}
		return c.fail(n.column, "unknown name %s; %s", n.text, allowed(n.text, c.env.words()))
	}
	c.uses = append(c.uses, slot)
	return c.load(slot, n.column)
}

func (c *compiler) call(n *node) code {
	f, known := functions[n.text]
	if !known {
		return c.fail(n.column, "unknown function %s; %s", n.text, allowed(n.text, functionNames()))
	}
	args, fine := c.operands(n, n.text, Number)
	if fits, want := f.takes(len(args)); !fits {
		return c.fail(n.column, "%s takes %s, found %d", n.text, want, len(args))
	}
	if !fine {
		return code{}
	}
	if f.unary != nil {
		return c.apply(n, f.unary, args[0])
	}
	result := args[0]
	for _, arg := range args[1:] {
		result = c.combine(n, f.binary, result, arg)
	}
	return result
}

func (c *compiler) unary(n *node) code {
	want := Number
	if n.text == "!" {
		want = Bool
	}
	args, fine := c.operands(n, n.text, want)
	if !fine {
		return code{}
	}
	if n.text == "!" {
		return not(args[0])
	}
	return c.apply(n, func(x float64) float64 { return -x }, args[0])
}

func (c *compiler) binary(n *node) code {
	switch n.text {
	case "==", "!=":
		return c.equality(n)
	case "&&", "||":
		args, fine := c.operands(n, n.text, Bool)
		if !fine {
			return code{}
		}
		return logic(n.text == "||", args[0], args[1])
	}
	args, fine := c.operands(n, n.text, Number)
	if !fine {
		return code{}
	}
	if holds, ok := order[n.text]; ok {
		return compare(holds, args[0], args[1])
	}
	return c.combine(n, arithmetic[n.text], args[0], args[1])
}

func (c *compiler) equality(n *node) code {
	a, b := c.compile(n.args[0]), c.compile(n.args[1])
	switch {
	case a.kind == 0 || b.kind == 0:
		return code{}
	case a.kind != b.kind:
		return c.fail(n.column, "%s compares values of one type, found %s (%s) and %s (%s)", n.text, a.kind.Phrase(), n.args[0], b.kind.Phrase(), n.args[1])
	}
	c.checkValues(n.args[0], n.args[1])
	c.checkValues(n.args[1], n.args[0])
	equal := same(a, b)
	if n.text == "!=" {
		return not(equal)
	}
	return equal
}

// checkValues reports the comparison of a name with a string it never has: such a constraint would hold
// always or never.
func (c *compiler) checkValues(name, literal *node) {
	if name.kind != nodeName || literal.kind != nodeString {
		return
	}
	slot, _ := c.env.Slot(name.text)
	values := c.env.list[slot].Values
	if len(values) > 0 && !slices.Contains(values, literal.text) {
		c.fail(literal.column, "%s is never %s; %s", name.text, quote(literal.text), allowed(literal.text, values))
	}
}

func (c *compiler) ternary(n *node) code {
	condition, yes, no := c.compile(n.args[0]), c.compile(n.args[1]), c.compile(n.args[2])
	if condition.kind != Bool && condition.kind != 0 {
		c.fail(n.args[0].column, "?: takes a bool before the ?, found %s (%s)", condition.kind.Phrase(), n.args[0])
	}
	if yes.kind != no.kind && yes.kind != 0 && no.kind != 0 {
		return c.fail(n.column, "?: takes two values of one type, found %s (%s) and %s (%s)", yes.kind.Phrase(), n.args[1], no.kind.Phrase(), n.args[2])
	}
	if condition.kind != Bool || yes.kind != no.kind {
		return code{}
	}
	return choose(condition, yes, no)
}
