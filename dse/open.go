package dse

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/convsim/convsim/dse/space"
	"github.com/convsim/convsim/dse/template"
)

// compile makes a sweep of a definition read from a folder. Without layers it can judge rows, but not evaluate points.
func compile(d *Definition, text string) (*Sweep, error) {
	var axes []space.Axis
	for _, a := range d.Axes {
		axis, err := a.axis()
		if err != nil {
			return nil, err
		}
		axes = append(axes, axis)
	}
	sp, err := space.New(axes...)
	if err != nil {
		return nil, err
	}
	s := &Sweep{Definition: *d, Text: []byte(text), space: sp}
	if s.template, err = template.New(d.Hardware, sp.Names()); err != nil {
		return nil, err
	}
	known, err := newNames(sp, d)
	if err != nil {
		return nil, err
	}
	var wrong []error
	s.judge = newJudge(known, d, joinErrors(&wrong))
	return s, errors.Join(wrong...)
}

// axis is the axis that was defined.
func (a AxisDefinition) axis() (space.Axis, error) {
	if len(a.Keys) == 0 || len(a.Keys) != len(a.Values) {
		return space.Axis{}, fmt.Errorf("axis of %d keys with %d columns", len(a.Keys), len(a.Values))
	}
	columns := make([]space.Axis, len(a.Keys))
	for i, key := range a.Keys {
		values := make([]space.Value, len(a.Values[i]))
		for k, v := range a.Values[i] {
			var err error
			if values[k], err = readValue(v); err != nil {
				return space.Axis{}, fmt.Errorf("axis %s: %w", key, err)
			}
		}
		var err error
		if columns[i], err = space.List(key, values...); err != nil {
			return space.Axis{}, err
		}
	}
	return space.Zip(columns...)
}

// readValue converts a value as JSON brings it.
func readValue(v any) (space.Value, error) {
	n, isNumber := v.(json.Number)
	if !isNumber {
		return space.ValueOf(v)
	}
	if whole, err := n.Int64(); err == nil {
		return space.Int(whole), nil
	}
	x, err := n.Float64()
	return space.Float(x), err
}
