package definition

import (
	"encoding/json"
	"fmt"

	"github.com/convsim/convsim/internal/dse/space"
)

// Axis is the axis that was defined.
func (a AxisDefinition) Axis() (space.Axis, error) {
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

// Define writes down an axis.
func Define(a space.Axis) AxisDefinition {
	d := AxisDefinition{Keys: a.Names()}
	for column := range d.Keys {
		values := make([]any, a.Len())
		for i := range values {
			values[i] = a.Value(i, column).Any()
		}
		d.Values = append(d.Values, values)
	}
	return d
}
