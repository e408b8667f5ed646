package dse

import (
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/dse/expr"
	"github.com/convsim/convsim/dse/metric"
	"github.com/convsim/convsim/dse/space"
)

// judge holds the compiled expressions of a sweep. It is immutable.
type judge struct {
	names       *names
	derived     []program
	constraints []program
	objectives  []objective
	all, before []int // constraints: all of them, and those that are known before the time plane has run
}

// program is a compiled expression with what it needs.
type program struct {
	*expr.Program
	slot   int  // of a derived value
	static bool // known before the time plane has run
}

type objective struct {
	program
	Objective
	metric int // the metric it is, -1 if it is a formula
}

// place says where an expression stands in its sweep, such as constraints, 2.
type place struct {
	field string
	index int
}

// newJudge compiles all expressions and reports every mistake with its place.
func newJudge(n *names, d *Definition, report func(place, error)) *judge {
	j := &judge{names: n}
	static := n.staticSlots()
	compile := func(p place, want expr.Type, text string) program {
		compiled, err := n.compile(want, text)
		if err != nil {
			report(p, err)
			return program{static: true}
		}
		known := !slices.ContainsFunc(compiled.Uses(), func(slot int) bool { return !static[slot] })
		return program{Program: compiled, static: known}
	}
	for i, v := range d.Derived {
		p := compile(place{"derived", i}, 0, v.Expr)
		if p.Program == nil {
			continue
		}
		slot, err := n.Add(expr.Name{Name: v.Name, Type: p.Type()})
		if err != nil {
			report(place{"derived", i}, err)
			continue
		}
		static[slot], p.slot = p.static, slot
		j.derived = append(j.derived, p)
	}
	for i, text := range d.Constraints {
		p := compile(place{"constraints", i}, expr.Bool, text)
		j.constraints, j.all = append(j.constraints, p), append(j.all, i)
		if p.static {
			j.before = append(j.before, i)
		}
	}
	for i, o := range d.Objectives {
		p := compile(place{"objectives", i}, expr.Number, o.Expr)
		j.objectives = append(j.objectives, objective{p, o, n.metricOf(p)})
	}
	return j
}

// compile compiles an expression of the wanted type, of any type if that is 0.
func (n *names) compile(want expr.Type, text string) (*expr.Program, error) {
	if want == 0 {
		return expr.Compile(text, n.Names)
	}
	return expr.CompileAs(want, text, n.Names)
}

// staticSlots are the slots known before the time plane has run.
func (n *names) staticSlots() map[int]bool {
	static := map[int]bool{}
	for slot := range n.Len() {
		static[slot] = true
	}
	for i, slot := range n.metrics {
		static[slot] = slot >= 0 && metric.Table[i].Bounds == metric.Exact
	}
	return static
}

// metricOf is the metric that an expression is, -1 if it is anything more.
func (n *names) metricOf(p program) int {
	if p.Program == nil {
		return -1
	}
	for i, slot := range n.metrics {
		if slot >= 0 && p.String() == metric.Table[i].Name {
			return i
		}
	}
	return -1
}

// verdict is what the expressions say of a point.
type verdict struct {
	derived    []expr.Value
	broken     []int     // constraints that are false or cannot be computed
	objectives []float64 // minimized; nil if one cannot be computed
	reason     string    // why not
}

// feasible says whether the point may be on the front.
func (v *verdict) feasible() bool { return len(v.broken) == 0 && v.objectives != nil }

// judge evaluates all expressions on an evaluated point.
func (j *judge) judge(values []space.Value, m *metric.Values) verdict {
	env := j.environment(values, m)
	v := verdict{broken: j.broken(env, j.all)}
	for _, p := range j.derived {
		v.derived = append(v.derived, env[p.slot])
	}
	v.objectives = make([]float64, len(j.objectives))
	for i, o := range j.objectives {
		x, err := o.Number(env)
		if err != nil {
			v.objectives, v.reason = nil, fmt.Sprintf("objective %s: %v", o.Expr, err)
			break
		}
		v.objectives[i] = o.minimized(x)
	}
	return v
}

// environment is the values of all names; a derived value that cannot be computed stays unknown.
func (j *judge) environment(values []space.Value, m *metric.Values) []expr.Value {
	env := make([]expr.Value, j.names.Len())
	j.names.setParameters(env, values)
	j.names.setMetrics(env, m)
	j.setDerived(env)
	return env
}

// setDerived computes the derived values; one that cannot be computed is unknown.
func (j *judge) setDerived(env []expr.Value) {
	for _, p := range j.derived {
		v, err := p.Eval(env)
		if err != nil {
			v = expr.Value{}
		}
		env[p.slot] = v
	}
}

// broken are the constraints among the chosen ones that do not hold.
func (j *judge) broken(env []expr.Value, chosen []int) []int {
	var broken []int
	for _, i := range chosen {
		if holds, err := j.constraints[i].Bool(env); err != nil || !holds {
			broken = append(broken, i)
		}
	}
	return broken
}

// brokenBefore are the constraints that fail whatever the time plane says.
func (j *judge) brokenBefore(env []expr.Value) []int { return j.broken(env, j.before) }

func (o Objective) minimized(x float64) float64 {
	if o.Maximize {
		return -x
	}
	return x
}

// joinErrors collects the mistakes of newJudge where their places do not matter.
func joinErrors(errs *[]error) func(place, error) {
	return func(p place, err error) {
		*errs = append(*errs, fmt.Errorf("%s[%d]: %w", p.field, p.index, err))
	}
}

// mistakes are the single errors in what the expression compiler returns.
func mistakes(err error) []*expr.Error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var all []*expr.Error
		for _, e := range joined.Unwrap() {
			all = append(all, mistakes(e)...)
		}
		return all
	}
	var one *expr.Error
	if errors.As(err, &one) {
		return []*expr.Error{one}
	}
	return nil
}
