package results

import (
	"errors"
	"fmt"
	"strings"

	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/judge"
)

// Choice says which point of a folder is wanted.
type Choice struct {
	Index       *int64   // the point itself
	Objective   string   // else the best by max:EXPR, min:EXPR, or EXPR in the direction of the sweep
	Constraints []string // that must hold besides those of the sweep
}

// Chosen is the point that was found.
type Chosen struct {
	FrontPoint
	Frames   int64    `json:"frames"`
	Keys     []string `json:"-"` // of the parameters, in order
	Hardware []byte   `json:"-"` // its hardware file

	By   string `json:"chosen_by,omitempty"` // what it is best in, such as largest fps
	Note string `json:"-"`                   // what the reader should know of that

	Missing int64 `json:"missing,omitempty"` // points that the sweep has not got to

	folder string // of the results
	base   string // text of the base hardware
}

// NoneFeasible says that no point of a folder is as wanted, and why.
type NoneFeasible struct {
	*Empty
	Keys           []string // of the parameters, in order
	dir, objective string
}

func (n *NoneFeasible) Error() string {
	return fmt.Sprintf("%s: no point satisfies all constraints and has a value of %s", n.dir, n.objective)
}

// Choose finds the best point of a folder; of equally good ones the first.
func Choose(dir string, c Choice) (*Chosen, error) {
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	chosen, err := f.choose(c)
	return chosen, errors.Join(err, f.close())
}

func (f *folder) choose(c Choice) (*Chosen, error) {
	if c.Index != nil {
		return f.pick(*c.Index)
	}
	w, constraints, err := f.compileChoice(c)
	if err != nil {
		return nil, err
	}
	best, bestValue, found := int64(0), 0.0, false
	err = f.each(func(row *journal.Row, v judge.Verdict) error {
		if !v.Feasible() {
			return nil
		}
		env := f.sweep.Judge.Environment(row.Values, &row.Metrics)
		for _, p := range constraints {
			if holds, err := p.Bool(env); err != nil || !holds {
				return nil
			}
		}
		x, err := w.Number(env)
		if err != nil {
			return nil // a point without the value cannot be the best by it
		}
		if x = w.Minimized(x); !found || x < bestValue {
			best, bestValue, found = row.Index, x, true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if !found {
		empty, err := f.whyEmpty(constraints)
		if err != nil {
			return nil, err
		}
		return nil, &NoneFeasible{dir: f.dir, objective: w.Expr, Keys: f.sweep.Axes.Names(), Empty: empty}
	}
	chosen, err := f.pick(best)
	if err != nil {
		return nil, err
	}
	chosen.By, chosen.Note = w.words(), w.guess()
	return chosen, nil
}

// compileChoice compiles the objective and the constraints.
func (f *folder) compileChoice(c Choice) (wanted, []*expr.Program, error) {
	w, errs := f.wanted(c.Objective)
	constraints := make([]*expr.Program, len(c.Constraints))
	for i, text := range c.Constraints {
		p, wrong := f.compileAs("constraint", expr.Bool, text)
		constraints[i], errs = p, append(errs, wrong...)
	}
	return w, constraints, errors.Join(errs...)
}

// compileAs compiles an expression and shows where each of its mistakes is.
func (f *folder) compileAs(what string, want expr.Type, text string) (*expr.Program, []error) {
	p, err := f.sweep.Judge.Names.Compile(want, text)
	var errs []error
	for _, m := range judge.Mistakes(err) {
		m.Message = f.sweep.Definition.Hint(m.Message)
		errs = append(errs, fmt.Errorf("%s: %w\n  %s", what, m, indent(m.Excerpt())))
	}
	return p, errs
}

func indent(text string) string { return strings.ReplaceAll(text, "\n", "\n  ") }

func (f *folder) pick(index int64) (*Chosen, error) {
	if _, known := f.journal.Rows[index]; !known {
		return nil, fmt.Errorf("%s has no point %d; allowed: an index of %s", f.dir, index, TableFile)
	}
	row, err := f.row(index)
	if err != nil {
		return nil, err
	}
	if row.Status != journal.OK {
		return nil, fmt.Errorf("point %d was not evaluated: %s (%s)", index, row.Status, row.Reason)
	}
	v := f.sweep.Judge.Judge(row.Values, &row.Metrics)
	if v.Objectives == nil {
		return nil, fmt.Errorf("point %d: %s", index, v.Reason)
	}
	text, err := f.sweep.HardwareText(index)
	if err != nil {
		return nil, err
	}
	return &Chosen{FrontPoint: f.frontPoint(&row, v, 1), Frames: f.sweep.Definition.Frames, Keys: f.sweep.Axes.Names(), Hardware: text,
		Missing: f.missing(), folder: f.dir, base: f.sweep.Definition.Hardware}, nil
}
