package network

import (
	"fmt"

	"github.com/convsim/convsim/tensor"
)

// Tile repeats its input along each axis so many times: also Expand.
type Tile struct{ Times []int }

// Infer implements Op.
func (t Tile) Infer(in []Type) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	if len(t.Times) != len(in[0].Shape) {
		return nil, fmt.Errorf("%d times for %s; allowed: one for each axis", len(t.Times), in[0])
	}
	shape := make([]int, len(t.Times))
	for axis, n := range t.Times {
		if n < 0 || n >= 1<<31 {
			return nil, fmt.Errorf("%d times; allowed: 0 or more, below 2^31", n)
		}
		shape[axis] = n * in[0].Shape[axis]
	}
	return sized(in[0].DType, shape)
}

// Reference implements Op.
func (t Tile) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	from := offsets(in[0].Shape())
	for axis, n := range t.Times {
		own := from[axis]
		from[axis] = nil
		for range n {
			from[axis] = append(from[axis], own...)
		}
	}
	return single(pick(in[0], from))
}

// Gather picks indices At along an axis (negative: from the end), any of them as often
// as they come.
type Gather struct {
	Axis int
	At   []int
}

// Infer implements Op.
func (g Gather) Infer(in []Type) ([]Type, error) {
	if err := one(in, 1); err != nil {
		return nil, err
	}
	axis, err := axisOf(g.Axis, len(in[0].Shape))
	if err != nil {
		return nil, err
	}
	shape := append([]int(nil), in[0].Shape...)
	for _, at := range g.At {
		if at < 0 || at >= shape[axis] {
			return nil, fmt.Errorf("index %d of axis %d; allowed: 0..%d", at, axis, shape[axis]-1)
		}
	}
	shape[axis] = len(g.At)
	return sized(in[0].DType, shape)
}

// Reference implements Op.
func (g Gather) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	shape := in[0].Shape()
	axis := modulo(g.Axis, len(shape))
	from, step := offsets(shape), steps(shape)[axis]
	from[axis] = make([]int, len(g.At))
	for i, at := range g.At {
		from[axis][i] = at * step
	}
	return single(pick(in[0], from))
}
