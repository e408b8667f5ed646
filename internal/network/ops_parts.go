package network

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Concat joins inputs along an axis (negative: from the end).
type Concat struct{ Axis int }

// Infer implements Op.
func (c Concat) Infer(in []Type) ([]Type, error) {
	if err := arity(in, max(1, len(in)), len(in)); err != nil {
		return nil, err
	}
	axis, err := axisOf(c.Axis, len(in[0].Shape))
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(in[0].Shape)
	var errs []error
	for i, t := range in[1:] {
		errs = append(errs, same(in, i+1))
		if len(t.Shape) != len(shape) {
			errs = append(errs, fmt.Errorf("input %d is %s; allowed: %d axes", i+1, t, len(shape)))
			continue
		}
		want := slices.Clone(in[0].Shape)
		want[axis] = t.Shape[axis]
		errs = append(errs, wantShape(in, i+1, want...))
		shape[axis] += t.Shape[axis]
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return sized(in[0].DType, shape)
}

// Reference implements Op.
func (c Concat) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	out, err := c.Infer(types(in))
	if err != nil {
		return nil, err
	}
	axis, err := axisOf(c.Axis, len(out[0].Shape))
	if err != nil {
		return nil, err
	}
	rows := 1 // of each input
	for _, d := range out[0].Shape[:axis] {
		rows *= d
	}
	data := likeOp{joined[int8](in, rows), joined[uint8](in, rows), joined[int16](in, rows), joined[int32](in, rows),
		joined[int64](in, rows), joined[float32](in, rows), joined[float64](in, rows)}.data(in[0])
	return single(tensor.From(out[0].DType, data, out[0].Shape...))
}

// joined takes a row of every input in turn.
func joined[T number](in []*tensor.Tensor, rows int) func([]T) []T {
	return func([]T) []T {
		var out []T
		for row := range rows {
			for _, x := range in {
				n := x.Len() / rows
				out = append(out, x.Data.([]T)[row*n:][:n]...)
			}
		}
		return out
	}
}

// Split cuts its input along an axis (negative: from the end) into parts of Sizes.
type Split struct {
	Axis  int
	Sizes []int
}

// Infer implements Op.
func (s Split) Infer(in []Type) ([]Type, error) {
	if err := one(in, 1); err != nil {
		return nil, err
	}
	axis, err := axisOf(s.Axis, len(in[0].Shape))
	if err != nil {
		return nil, err
	}
	out, total := make([]Type, len(s.Sizes)), 0
	for i, size := range s.Sizes {
		if size < 0 || size > in[0].Shape[axis] {
			return nil, fmt.Errorf("part %d has size %d; allowed: 0..%d", i, size, in[0].Shape[axis])
		}
		shape := slices.Clone(in[0].Shape)
		shape[axis] = size
		out[i] = Type{in[0].DType, shape}
		total += size
	}
	if total != in[0].Shape[axis] {
		return nil, fmt.Errorf("parts of sizes %v; allowed: %d in all, as axis %d of %s", s.Sizes, in[0].Shape[axis], axis, in[0])
	}
	return out, nil
}

// Reference implements Op.
func (s Split) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	from := offsets(in[0].Shape())
	axis, err := axisOf(s.Axis, len(from))
	if err != nil {
		return nil, err
	}
	all, out := from[axis], make([]*tensor.Tensor, len(s.Sizes))
	for i, size := range s.Sizes {
		from[axis] = all[:size]
		all = all[size:]
		if out[i], err = pick(in[0], from); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Slice takes elements Starts, Starts+Steps, ... up to but without Ends along
// Axes, with ONNX's rules: negative is from the end, limits are clamped, and
// empty Axes are the first ones, empty Steps 1.
type Slice struct{ Starts, Ends, Axes, Steps []int }

// Infer implements Op.
func (s Slice) Infer(in []Type) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	from, err := s.indices(in[0].Shape)
	if err != nil {
		return nil, err
	}
	shape := make([]int, len(from))
	for axis := range from {
		shape[axis] = len(from[axis])
	}
	return []Type{{in[0].DType, shape}}, nil
}

// Reference implements Op.
func (s Slice) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	shape := in[0].Shape()
	from, err := s.indices(shape)
	if err != nil {
		return nil, err
	}
	for axis, step := range steps(shape) {
		for i := range from[axis] {
			from[axis][i] *= step
		}
	}
	return single(pick(in[0], from))
}

// indices returns for each axis of a shape the indices that are taken.
func (s Slice) indices(shape []int) ([][]int, error) {
	n := len(s.Starts)
	if len(s.Ends) != n || len(s.Axes) != 0 && len(s.Axes) != n || len(s.Steps) != 0 && len(s.Steps) != n {
		return nil, fmt.Errorf("%d starts, %d ends, %d axes, %d steps; allowed: as many of each",
			n, len(s.Ends), len(s.Axes), len(s.Steps))
	}
	out := make([][]int, len(shape))
	for axis, d := range shape {
		out[axis] = count(d, 1)
	}
	seen := map[int]bool{}
	for i, start := range s.Starts {
		axis, step := i, 1
		if len(s.Axes) > 0 {
			axis = s.Axes[i]
		}
		if len(s.Steps) > 0 {
			step = s.Steps[i]
		}
		axis, err := axisOf(axis, len(shape))
		if err != nil {
			return nil, err
		}
		if seen[axis] || step == 0 {
			return nil, fmt.Errorf("axis %d with step %d; allowed: each axis once, steps other than 0", axis, step)
		}
		seen[axis] = true
		out[axis] = sliced(shape[axis], start, s.Ends[i], step)
	}
	return out, nil
}

// sliced returns the indices a slice takes of n. Limits are clamped as ONNX says,
// which is Python's way but for a start before the first element that goes back.
func sliced(n, start, end, step int) []int {
	first, last := 0, n // limits of both
	if step < 0 {
		first, last = -1, n-1
	}
	clamp := func(i, least int) int {
		if i < 0 {
			i += n
		}
		return max(least, min(i, last))
	}
	out := []int{}
	if n == 0 {
		return out
	}
	step = max(-math.MaxInt32, min(step, math.MaxInt32))
	for i, stop := clamp(start, 0), clamp(end, first); (stop-i)*step > 0; i += step {
		out = append(out, i)
	}
	return out
}
