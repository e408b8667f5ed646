package dse

import (
	"fmt"

	"github.com/convsim/convsim/internal/strictyaml"
)

// expressions compiles constraints, derived values and objectives, and checks the strategy.
func (l *loader) expressions() error {
	d := &l.sweep.Definition
	for _, e := range l.file.Constraints {
		d.Constraints = append(d.Constraints, e.text)
	}
	for _, e := range l.file.Derived {
		d.Derived = append(d.Derived, Derived{e.name, e.expr.text})
	}
	for _, o := range l.file.Objectives {
		e, maximize := l.goal(o)
		d.Objectives = append(d.Objectives, Objective{Expr: e.text, Maximize: maximize})
	}
	d.Strategy = l.file.Strategy.Strategy
	known, err := newNames(l.sweep.space, d)
	if err != nil {
		l.report("axes", err)
		return l.positions.Err()
	}
	var wrong []strictyaml.Error
	l.sweep.judge = newJudge(known, d, func(p place, err error) { wrong = append(wrong, l.locate(p, err)...) })
	if _, err := d.Strategy.plan(len(d.Objectives)).Points(l.sweep.space); err != nil {
		wrong = append(wrong, l.at("strategy", err.Error()))
	}
	if len(wrong) > 0 {
		return l.positions.Wrap(wrong)
	}
	return nil
}

func (l *loader) goal(o objectiveFile) (e exprText, maximize bool) {
	if o.Maximize.given() {
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
func (l *loader) locate(p place, err error) []strictyaml.Error {
	key, text := l.expression(p)
	found := mistakes(err)
	if len(found) == 0 {
		return []strictyaml.Error{l.at(key, err.Error())}
	}
	out := make([]strictyaml.Error, len(found))
	for i, m := range found {
		out[i] = l.at(key, l.sweep.Definition.hint(m.Message))
		if text.inline {
			out[i].Column += text.column + m.Column - 1
		} else {
			out[i].Message = fmt.Sprintf("column %d of the expression: %s", m.Column, m.Message)
		}
	}
	return out
}

// expression is the key and the text of an expression.
func (l *loader) expression(p place) (string, exprText) {
	switch p.field {
	case "derived":
		e := l.file.Derived[p.index]
		return "derived." + e.name, e.expr
	case "constraints":
		return fmt.Sprintf("constraints[%d]", p.index), l.file.Constraints[p.index]
	}
	o := l.file.Objectives[p.index]
	e, maximize := l.goal(o)
	if maximize {
		return fmt.Sprintf("objectives[%d].maximize", p.index), e
	}
	return fmt.Sprintf("objectives[%d].minimize", p.index), e
}
