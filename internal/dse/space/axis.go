package space

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/kind"
)

// MaxAxis is the largest number of values an axis may have.
const MaxAxis = 1 << 20

// Axis is one dimension of a space: one or more parameters that move together. It is immutable.
type Axis struct {
	names   []string
	columns [][]Value // per name, all of one length
}

// List is an axis of one parameter with the given values in the given order.
func List(name string, values ...Value) (Axis, error) {
	if err := checkList(values); err != nil {
		return Axis{}, fmt.Errorf("axis %s: %w", name, err)
	}
	if name == "" {
		return Axis{}, errors.New("axis without a parameter name")
	}
	return Axis{names: []string{name}, columns: [][]Value{slices.Clone(values)}}, nil
}

func checkList(values []Value) error {
	if len(values) == 0 {
		return errors.New("no values, want at least one")
	}
	if len(values) > MaxAxis {
		return fmt.Errorf("%d values, want at most %d", len(values), MaxAxis)
	}
	var errs []error
	for i, v := range values {
		switch {
		case v.kind == 0:
			errs = append(errs, fmt.Errorf("value %d is empty", i+1))
		case !v.finite():
			errs = append(errs, fmt.Errorf("value %d is %s, want a finite number", i+1, v))
		}
	}
	return errors.Join(errs...)
}

// Zip is an axis that moves all parameters of the given axes in step; the axes have one length.
func Zip(axes ...Axis) (Axis, error) {
	if len(axes) == 0 {
		return Axis{}, errors.New("zip of no axes, want at least one")
	}
	var zipped Axis
	for _, a := range axes {
		zipped.names = append(zipped.names, a.names...)
		zipped.columns = append(zipped.columns, a.columns...)
	}
	for _, a := range axes[1:] {
		if a.Len() != axes[0].Len() {
			return Axis{}, fmt.Errorf("zip of %s: lengths differ (%s), want equal lengths", zipped.title(), lengths(axes))
		}
	}
	return zipped, nil
}

func lengths(axes []Axis) string {
	parts := make([]string, len(axes))
	for i, a := range axes {
		parts[i] = fmt.Sprintf("%s has %d", a.title(), a.Len())
	}
	return strings.Join(parts, ", ")
}

// Names are the parameters of the axis.
func (a Axis) Names() []string { return slices.Clone(a.names) }

// Len is the number of values of each parameter.
func (a Axis) Len() int {
	if len(a.columns) == 0 {
		return 0
	}
	return len(a.columns[0])
}

// Value is the value of the parameter at position column of Names for the given coordinate.
func (a Axis) Value(coord, column int) Value { return a.columns[column][coord] }

// Kind is the common kind of a parameter's values, where integers among floats count as floats; false if they differ.
func (a Axis) Kind(column int) (kind.Kind, bool) {
	common := a.columns[column][0].kind
	for _, v := range a.columns[column][1:] {
		switch {
		case v.kind == common:
		case v.kind.Computed() == kind.Number && common.Computed() == kind.Number:
			common = kind.Number
		default:
			return 0, false
		}
	}
	return common, true
}

// Ordered reports whether neighbouring coordinates mean neighbouring designs: some parameter of the axis is a number
// that only rises or only falls.
func (a Axis) Ordered() bool { return slices.ContainsFunc(a.columns, monotone) }

func monotone(values []Value) bool {
	rising, falling := true, true
	for i, v := range values {
		x, number := v.Number()
		if !number {
			return false
		}
		if i > 0 {
			before, _ := values[i-1].Number()
			rising, falling = rising && before < x, falling && before > x
		}
	}
	return rising || falling
}

func (a Axis) title() string {
	if len(a.names) == 1 {
		return a.names[0]
	}
	return "(" + strings.Join(a.names, ", ") + ")"
}

// repeated finds two coordinates with the same values, which would make one design two points.
func (a Axis) repeated() (first, second int, found bool) {
	if a.Ordered() {
		return 0, 0, false
	}
	seen := make(map[string]int, a.Len())
	var key []byte
	for i := range a.Len() {
		key = key[:0]
		for _, column := range a.columns {
			key = append(column[i].key(key), 0)
		}
		if at, ok := seen[string(key)]; ok {
			return at, i, true
		}
		seen[string(key)] = i
	}
	return 0, 0, false
}
