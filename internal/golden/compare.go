package golden

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Compare compares a result with the expected output of a case: "y", or
// "output" where there is no y. The error counts the elements that differ and
// says where the first is, what is wanted and what was got.
func Compare(c Case, got *tensor.Tensor) error {
	name := "y"
	if _, ok := c.Outputs[name]; !ok {
		name = "output"
	}
	want, err := c.Output(name)
	if err != nil {
		return err
	}
	same, err := c.rule(want, got)
	if err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	if err := differences(want, got, same); err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	return nil
}

// rule returns the test that element i has to pass.
func (c Case) rule(want, got *tensor.Tensor) (func(i int) bool, error) {
	if !slices.Equal(want.Shape(), got.Shape()) {
		return nil, fmt.Errorf("want shape %v, got %v", want.Shape(), got.Shape())
	}
	if want.DType().IsFloat() != got.DType().IsFloat() {
		return nil, fmt.Errorf("want %s, got %s", want.DType(), got.DType())
	}
	switch c.Compare.Mode {
	case "exact":
		return exact(want, got)
	case "bound":
		return c.bound(want, got)
	case "allclose":
		return func(i int) bool {
			w, g := want.Float(i), got.Float(i)
			off := math.Abs(g - w)
			return numericallyEqual(w, g) || off <= c.Compare.Atol+c.Compare.Rtol*math.Abs(w) && !math.IsInf(off, 1)
		}, nil
	case "special":
		return func(i int) bool { return numericallyEqual(want.Float(i), got.Float(i)) }, nil
	}
	return nil, fmt.Errorf("compare mode %q; allowed: exact, bound, allclose, special", c.Compare.Mode)
}

func exact(want, got *tensor.Tensor) (func(i int) bool, error) {
	if want.DType() != got.DType() {
		return nil, fmt.Errorf("want %s, got %s", want.DType(), got.DType())
	}
	if !want.DType().IsFloat() {
		return func(i int) bool { return want.Int(i) == got.Int(i) }, nil
	}
	return func(i int) bool { return math.Float64bits(want.Float(i)) == math.Float64bits(got.Float(i)) }, nil
}

func (c Case) bound(want, got *tensor.Tensor) (func(i int) bool, error) {
	bound, err := c.Output("bound")
	if err != nil {
		return nil, err
	}
	if !slices.Equal(bound.Shape(), want.Shape()) {
		return nil, errors.New("the bound has another shape than the output")
	}
	return func(i int) bool { return math.Abs(got.Float(i)-want.Float(i)) <= bound.Float(i) }, nil
}

// numericallyEqual reports whether two numbers are equal or both nan.
func numericallyEqual(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// differences counts the elements that are not the same, and says which is the
// first and which is furthest off.
func differences(want, got *tensor.Tensor, same func(i int) bool) error {
	first, furthest, count, largest := -1, -1, 0, 0.0
	for i := range want.Len() {
		if same(i) {
			continue
		}
		if count == 0 {
			first = i
		}
		off := math.Abs(got.Float(i) - want.Float(i))
		if math.IsNaN(off) {
			off = math.Inf(1) // one is no number
		}
		if count == 0 || off > largest {
			furthest, largest = i, off
		}
		count++
	}
	if count == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d elements differ, first at %v: want %v, got %v; largest difference %.6g at %v",
		count, want.Len(), want.Coordinates(first), element(want, first), element(got, first), largest, want.Coordinates(furthest))
}

// element returns element i for printing, large integers unrounded.
func element(t *tensor.Tensor, i int) any {
	if t.DType().IsFloat() {
		return t.Float(i)
	}
	return t.Int(i)
}
