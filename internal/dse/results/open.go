package results

import (
	"errors"

	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/dse/judge"
	"github.com/convsim/convsim/internal/dse/space"
	"github.com/convsim/convsim/internal/dse/template"
)

// Compile makes a sweep of a definition read from a folder. Without layers it can judge rows, but not evaluate points.
func Compile(d *definition.Definition, text string) (*Sweep, error) {
	var axes []space.Axis
	for _, a := range d.Axes {
		axis, err := a.Axis()
		if err != nil {
			return nil, err
		}
		axes = append(axes, axis)
	}
	sp, err := space.New(axes...)
	if err != nil {
		return nil, err
	}
	s := &Sweep{Definition: *d, Text: []byte(text), Axes: sp}
	if s.Template, err = template.New(d.Hardware, sp.Names()); err != nil {
		return nil, err
	}
	known, err := judge.NewNames(sp, d)
	if err != nil {
		return nil, err
	}
	var wrong []error
	s.Judge = judge.New(known, d, judge.Join(&wrong))
	return s, errors.Join(wrong...)
}
