package expr

import "slices"

// Program is a compiled expression. It is immutable and safe for concurrent use.
type Program struct {
	tree  *Tree
	names *Names
	code  code
	uses  []int // slots read, rising
	need  int   // values the slots reach into
}

// Compile parses an expression and checks it against the known names. The error joins an *Error for each
// mistake, in the order of their columns.
func Compile(source string, env *Names) (*Program, error) {
	tree, err := Parse(source)
	if err != nil {
		return nil, err
	}
	c := &compiler{source: source, env: env}
	code := c.compile(tree.root)
	if err := c.report(); err != nil {
		return nil, err
	}
	slices.Sort(c.uses)
	p := &Program{tree: tree, names: env, code: code, uses: slices.Compact(c.uses)}
	if len(p.uses) > 0 {
		p.need = p.uses[len(p.uses)-1] + 1
	}
	return p, nil
}

// CompileAs is Compile for an expression that must be of the given type: Bool for a constraint, Number for an
// objective.
func CompileAs(want Type, source string, env *Names) (*Program, error) {
	p, err := Compile(source, env)
	if err != nil {
		return nil, err
	}
	if p.Type() != want {
		c := &compiler{source: source}
		c.fail(p.tree.root.column, "the expression is %s, want %s", p.Type().Phrase(), want.Phrase())
		return nil, c.report()
	}
	return p, nil
}

// Type is the type of the result.
func (p *Program) Type() Type { return p.code.kind }

// Uses are the slots of the names that the expression mentions, rising. Evaluation may read fewer.
func (p *Program) Uses() []int { return slices.Clone(p.uses) }

// String is the canonical form of the expression.
func (p *Program) String() string { return p.tree.String() }

// Eval computes the result from the values of the names, by slot. An error is an *Error: a value that is not
// known, or an operation without a finite result.
func (p *Program) Eval(values []Value) (Value, error) {
	p.check(values)
	switch p.code.kind {
	case Number:
		x, err := p.code.number(values)
		return NumberValue(x), err
	case Bool:
		b, err := p.code.truth(values)
		return BoolValue(b), err
	}
	s, err := p.code.text(values)
	return StringValue(s), err
}

// Number is Eval of a program of type Number.
func (p *Program) Number(values []Value) (float64, error) {
	p.must(Number)
	p.check(values)
	return p.code.number(values)
}

// Bool is Eval of a program of type Bool.
func (p *Program) Bool(values []Value) (bool, error) {
	p.must(Bool)
	p.check(values)
	return p.code.truth(values)
}

func (p *Program) check(values []Value) {
	if len(values) < p.need {
		panic("expr: fewer values than names")
	}
}

func (p *Program) must(want Type) {
	if p.code.kind != want {
		panic("expr: the expression is " + p.code.kind.Phrase() + ", read as " + want.Phrase())
	}
}
