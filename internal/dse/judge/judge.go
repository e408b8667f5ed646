package judge

import (
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/space"
)

// Judge holds the compiled expressions of a sweep. It is immutable.
type Judge struct {
	Names       *Names
	Derived     []Program
	Constraints []Program
	Objectives  []Objective
	all, before []int // constraints: all of them, and those that are known before the time plane has run
}

// Program is a compiled expression with what it needs.
type Program struct {
	*expr.Program
	Slot   int  // of a derived value
	static bool // known before the time plane has run
}

// Objective is a compiled objective.
type Objective struct {
	Program
	definition.Objective
	Metric int // the metric it is, -1 if it is a formula
}

// Place says where an expression stands in its sweep, such as constraints, 2.
type Place struct {
	Field string
	Index int
}

// New compiles all expressions and reports every mistake with its place.
func New(n *Names, d *definition.Definition, report func(Place, error)) *Judge {
	j := &Judge{Names: n}
	static := n.staticSlots()
	compile := func(p Place, want expr.Type, text string) Program {
		compiled, err := n.Compile(want, text)
		if err != nil {
			report(p, err)
			return Program{static: true}
		}
		known := !slices.ContainsFunc(compiled.Uses(), func(slot int) bool { return !static[slot] })
		return Program{Program: compiled, static: known}
	}
	for i, v := range d.Derived {
		p := compile(Place{"derived", i}, 0, v.Expr)
		if p.Program == nil {
			continue
		}
		slot, err := n.Add(expr.Name{Name: v.Name, Type: p.Type()})
		if err != nil {
			report(Place{"derived", i}, err)
			continue
		}
		static[slot], p.Slot = p.static, slot
		j.Derived = append(j.Derived, p)
	}
	for i, text := range d.Constraints {
		p := compile(Place{"constraints", i}, expr.Bool, text)
		j.Constraints, j.all = append(j.Constraints, p), append(j.all, i)
		if p.static {
			j.before = append(j.before, i)
		}
	}
	for i, o := range d.Objectives {
		p := compile(Place{"objectives", i}, expr.Number, o.Expr)
		j.Objectives = append(j.Objectives, Objective{p, o, n.MetricOf(p)})
	}
	return j
}

// Compile compiles an expression of the wanted type, of any type if that is 0.
func (n *Names) Compile(want expr.Type, text string) (*expr.Program, error) {
	if want == 0 {
		return expr.Compile(text, n.Names)
	}
	return expr.CompileAs(want, text, n.Names)
}

// staticSlots are the slots known before the time plane has run.
func (n *Names) staticSlots() map[int]bool {
	static := map[int]bool{}
	for slot := range n.Len() {
		static[slot] = true
	}
	for i, slot := range n.Metrics {
		static[slot] = slot >= 0 && metric.Table[i].Bounds == metric.Exact
	}
	return static
}

// MetricOf is the metric that an expression is, -1 if it is anything more.
func (n *Names) MetricOf(p Program) int {
	if p.Program == nil {
		return -1
	}
	for i, slot := range n.Metrics {
		if slot >= 0 && p.String() == metric.Table[i].Name {
			return i
		}
	}
	return -1
}

// Verdict is what the expressions say of a point.
type Verdict struct {
	Derived    []expr.Value
	Broken     []int     // constraints that are false or cannot be computed
	Objectives []float64 // minimized; nil if one cannot be computed
	Reason     string    // why not
}

// Feasible says whether the point may be on the front.
func (v *Verdict) Feasible() bool { return len(v.Broken) == 0 && v.Objectives != nil }

// Judge evaluates all expressions on an evaluated point.
func (j *Judge) Judge(values []space.Value, m *metric.Values) Verdict {
	env := j.Environment(values, m)
	v := Verdict{Broken: j.Broken(env, j.all)}
	for _, p := range j.Derived {
		v.Derived = append(v.Derived, env[p.Slot])
	}
	v.Objectives = make([]float64, len(j.Objectives))
	for i, o := range j.Objectives {
		x, err := o.Number(env)
		if err != nil {
			v.Objectives, v.Reason = nil, fmt.Sprintf("objective %s: %v", o.Expr, err)
			break
		}
		v.Objectives[i] = o.Minimized(x)
	}
	return v
}

// Environment is the values of all names; a derived value that cannot be computed stays unknown.
func (j *Judge) Environment(values []space.Value, m *metric.Values) []expr.Value {
	env := make([]expr.Value, j.Names.Len())
	j.Names.SetParameters(env, values)
	j.Names.SetMetrics(env, m)
	j.SetDerived(env)
	return env
}

// SetDerived computes the derived values; one that cannot be computed is unknown.
func (j *Judge) SetDerived(env []expr.Value) {
	for _, p := range j.Derived {
		v, err := p.Eval(env)
		if err != nil {
			v = expr.Value{}
		}
		env[p.Slot] = v
	}
}

// Broken are the constraints among the chosen ones that do not hold.
func (j *Judge) Broken(env []expr.Value, chosen []int) []int {
	var broken []int
	for _, i := range chosen {
		if holds, err := j.Constraints[i].Bool(env); err != nil || !holds {
			broken = append(broken, i)
		}
	}
	return broken
}

// BrokenBefore are the constraints that fail whatever the time plane says.
func (j *Judge) BrokenBefore(env []expr.Value) []int { return j.Broken(env, j.before) }

// Join collects the Mistakes of New where their places do not matter.
func Join(errs *[]error) func(Place, error) {
	return func(p Place, err error) {
		*errs = append(*errs, fmt.Errorf("%s[%d]: %w", p.Field, p.Index, err))
	}
}

// Mistakes are the single errors in what the expression compiler returns.
func Mistakes(err error) []*expr.Error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var all []*expr.Error
		for _, e := range joined.Unwrap() {
			all = append(all, Mistakes(e)...)
		}
		return all
	}
	var one *expr.Error
	if errors.As(err, &one) {
		return []*expr.Error{one}
	}
	return nil
}
