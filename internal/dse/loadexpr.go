package dse

import (
	"fmt"

	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/dse/judge"
	"github.com/convsim/convsim/internal/dse/sweepfile"
	"github.com/convsim/convsim/internal/strictyaml"
)

// expressions compiles constraints, derived values and objectives, and checks the strategy.
func (l *loader) expressions() error {
	d := &l.sweep.Definition
	for _, e := range l.file.Constraints {
		d.Constraints = append(d.Constraints, e.Text)
	}
	for _, e := range l.file.Derived {
		d.Derived = append(d.Derived, definition.Derived{Name: e.Name, Expr: e.Expr.Text})
	}
	for _, o := range l.file.Objectives {
		e, maximize := l.goal(o)
		d.Objectives = append(d.Objectives, definition.Objective{Expr: e.Text, Maximize: maximize})
	}
	d.Strategy = l.file.Strategy.Strategy
	known, err := judge.NewNames(l.sweep.Axes, d)
	if err != nil {
		l.report("axes", err)
		return l.positions.Err()
	}
	var wrong []strictyaml.Error
	l.sweep.Judge = judge.New(known, d, func(p judge.Place, err error) { wrong = append(wrong, l.locate(p, err)...) })
	if _, err := d.Strategy.Plan(len(d.Objectives)).Points(l.sweep.Axes); err != nil {
		wrong = append(wrong, l.at("strategy", err.Error()))
	}
	if len(wrong) > 0 {
		return l.positions.Wrap(wrong)
	}
	return nil
}

func (l *loader) goal(o sweepfile.Goal) (e sweepfile.Expr, maximize bool) {
	if o.Maximize.Given() {
		return o.Maximize, true
	}
	return o.Minimize, false
}

func (l *loader) at(key, message string) strictyaml.Error {
	e := l.positions.Error(key, "", "")
	e.Message = message
	return e
}

// locate places the mistakes of an expression in the sweep file, to the column.
func (l *loader) locate(p judge.Place, err error) []strictyaml.Error {
	key, text := l.expression(p)
	found := judge.Mistakes(err)
	if len(found) == 0 {
		return []strictyaml.Error{l.at(key, err.Error())}
	}
	out := make([]strictyaml.Error, len(found))
	for i, m := range found {
		out[i] = l.at(key, l.sweep.Definition.Hint(m.Message))
		if text.Inline {
			out[i].Column += text.Column + m.Column - 1
		} else {
			out[i].Message = fmt.Sprintf("column %d of the expression: %s", m.Column, m.Message)
		}
	}
	return out
}

// expression is the key and the text of an expression.
func (l *loader) expression(p judge.Place) (string, sweepfile.Expr) {
	switch p.Field {
	case "derived":
		e := l.file.Derived[p.Index]
		return "derived." + e.Name, e.Expr
	case "constraints":
		return fmt.Sprintf("constraints[%d]", p.Index), l.file.Constraints[p.Index]
	}
	o := l.file.Objectives[p.Index]
	e, maximize := l.goal(o)
	if maximize {
		return fmt.Sprintf("objectives[%d].maximize", p.Index), e
	}
	return fmt.Sprintf("objectives[%d].minimize", p.Index), e
}
