package expr

import "fmt"

// maxDepth bounds nesting, so that no input can exhaust the stack.
const maxDepth = 200

// Parse reads an expression without checking its names and types. An error is an *Error.
func Parse(source string) (*Tree, error) {
	tokens, err := lex(source)
	if err != nil {
		return nil, err
	}
	p := &parser{source: source, tokens: tokens}
	root, err := p.expression()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokenEnd {
		return nil, p.surplus(t)
	}
	return &Tree{root: root}, nil
}

// parser descends recursively, one method for each way to start or continue an expression.
type parser struct {
	source string
	tokens []token
	at     int
	depth  int
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

// accept consumes the operator if it is next.
func (p *parser) accept(op string) (token, bool) {
	t := p.peek()
	if t.kind != tokenOperator || t.text != op {
		return t, false
	}
	return p.next(), true
}

func (p *parser) fail(at token, format string, args ...any) error {
	return &Error{Source: p.source, Column: at.column, Message: fmt.Sprintf(format, args...)}
}

// surplus explains a token where an operator should be.
func (p *parser) surplus(t token) error {
	words := map[string]string{"and": "&&", "or": "||", "not": "!", "if": "c ? a : b", "mod": "%"}
	if meant, ok := words[t.text]; ok && t.kind == tokenName {
		return p.fail(t, "found %s; write %s", t, meant)
	}
	return p.fail(t, "found %s, want an operator or the end", t)
}

// enter counts one level of nesting; the caller leaves it by depth--.
func (p *parser) enter() error {
	p.depth++
	if p.depth > maxDepth {
		return p.fail(p.peek(), "the expression is nested more than %d deep", maxDepth)
	}
	return nil
}

// expression = binary [ "?" expression ":" expression ]
func (p *parser) expression() (*node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	condition, err := p.binary(tightOr)
	if err != nil {
		return nil, err
	}
	mark, ternary := p.accept("?")
	if !ternary {
		return condition, nil
	}
	yes, err := p.expression()
	if err != nil {
		return nil, err
	}
	if t, ok := p.accept(":"); !ok {
		return nil, p.fail(t, "found %s, want : and the value otherwise", t)
	}
	no, err := p.expression()
	if err != nil {
		return nil, err
	}
	return &node{kind: nodeTernary, args: []*node{condition, yes, no}, column: mark.column}, nil
}

// binary = unary { operator binary }, with operators at least as tight as the given one (precedence climbing).
func (p *parser) binary(least tightness) (*node, error) {
	left, err := p.unary()
	if err != nil {
		return nil, err
	}
	for compared := false; ; {
		op := p.peek()
		own, known := binaryTightness[op.text]
		if op.kind != tokenOperator || !known || own < least {
			return left, nil
		}
		if own == tightCompare && compared {
			return nil, p.fail(op, "comparisons do not chain; join them: a < b && b < c")
		}
		compared = own == tightCompare
		p.next()
		right, err := p.binary(own + 1)
		if err != nil {
			return nil, err
		}
		left = &node{kind: nodeBinary, text: op.text, args: []*node{left, right}, column: op.column}
	}
}

// unary = ( "-" | "!" ) unary | power
func (p *parser) unary() (*node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	op, minus := p.accept("-")
	if !minus {
		var not bool
		if op, not = p.accept("!"); !not {
			return p.power()
		}
	}
	operand, err := p.unary()
	if err != nil {
		return nil, err
	}
	return &node{kind: nodeUnary, text: op.text, args: []*node{operand}, column: op.column}, nil
}

// power = atom [ "**" unary ]
func (p *parser) power() (*node, error) {
	base, err := p.atom()
	if err != nil {
		return nil, err
	}
	op, ok := p.accept("**")
	if !ok {
		return base, nil
	}
	exponent, err := p.unary()
	if err != nil {
		return nil, err
	}
	return &node{kind: nodeBinary, text: op.text, args: []*node{base, exponent}, column: op.column}, nil
}

// atom = number | string | name | name "(" arguments ")" | "(" expression ")"
func (p *parser) atom() (*node, error) {
	t := p.next()
	switch t.kind {
	case tokenNumber:
		return &node{kind: nodeNumber, number: t.number, column: t.column}, nil
	case tokenString:
		return &node{kind: nodeString, text: t.text, column: t.column}, nil
	case tokenName:
		return p.word(t)
	}
	if t.kind != tokenOperator || t.text != "(" {
		return nil, p.fail(t, "found %s, want a number, a name, a string or (", t)
	}
	inner, err := p.expression()
	if err != nil {
		return nil, err
	}
	if t, ok := p.accept(")"); !ok {
		return nil, p.fail(t, "found %s, want an operator or )", t)
	}
	return inner, nil
}

func (p *parser) word(t token) (*node, error) {
	if _, ok := p.accept("("); ok {
		args, err := p.arguments()
		return &node{kind: nodeCall, text: t.text, args: args, column: t.column}, err
	}
	if t.text == "true" || t.text == "false" {
		return &node{kind: nodeBool, text: t.text, column: t.column}, nil
	}
	return &node{kind: nodeName, text: t.text, column: t.column}, nil
}

// arguments = [ expression { "," expression } ] ")"
func (p *parser) arguments() ([]*node, error) {
	if _, ok := p.accept(")"); ok {
		return nil, nil
	}
	var args []*node
	for {
		arg, err := p.expression()
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		if _, ok := p.accept(")"); ok {
			return args, nil
		}
		if t, ok := p.accept(","); !ok {
			return nil, p.fail(t, "found %s, want an operator, a comma or )", t)
		}
	}
}
