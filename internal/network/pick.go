package network

import (
	"slices"

	"github.com/convsim/convsim/tensor"
)

// pick makes a tensor whose element [i, j, ...] is element
// from[0][i] + from[1][j] + ... of x, or 0 if one of those is negative: all that
// moves elements along axes without mixing them is of this form.
func pick(x *tensor.Tensor, from [][]int) (*tensor.Tensor, error) {
	shape, n := make([]int, len(from)), 1
	for axis, offsets := range from {
		shape[axis] = len(offsets)
		n *= len(offsets)
	}
	data := likeOp{
		picked[int8](from, n), picked[uint8](from, n), picked[int16](from, n), picked[int32](from, n),
		picked[int64](from, n), picked[float32](from, n), picked[float64](from, n),
	}.data(x)
	return tensor.From(x.DType(), data, shape...)
}

func picked[T number](from [][]int, n int) func([]T) []T {
	return func(src []T) []T {
		p := picker[T]{src: src, out: make([]T, n), left: make([]int, len(from)+1)}
		p.left[len(from)] = 1
		for axis := len(from) - 1; axis >= 0; axis-- {
			p.left[axis] = p.left[axis+1] * len(from[axis])
		}
		if n > 0 {
			p.walk(from, 0, 0)
		}
		return p.out
	}
}

type picker[T number] struct {
	src, out []T
	left     []int // elements of the output from an axis on
}

// walk fills the elements from place on whose leading axes give offset base.
func (p picker[T]) walk(from [][]int, base, place int) {
	if len(from) == 0 {
		p.out[place] = p.src[base]
		return
	}
	step := p.left[len(p.left)-len(from)]
	for i, offset := range from[0] {
		if offset >= 0 {
			p.walk(from[1:], base+offset, place+i*step)
		}
	}
}

// steps returns how far apart neighbours along each axis are.
func steps(shape []int) []int {
	out, step := make([]int, len(shape)), 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		out[axis] = step
		step *= shape[axis]
	}
	return out
}

// offsets returns for each axis of a shape the offsets of all its indices.
func offsets(shape []int) [][]int {
	out, step := make([][]int, len(shape)), steps(shape)
	for axis, n := range shape {
		out[axis] = count(n, step[axis])
	}
	return out
}

// count returns 0, step, 2*step, ...
func count(n, step int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i * step
	}
	return out
}

// expand repeats x to a shape its own broadcasts to.
func expand(x *tensor.Tensor, shape []int) (*tensor.Tensor, error) {
	own := x.Shape()
	if slices.Equal(own, shape) {
		return x, nil
	}
	from, step := make([][]int, len(shape)), steps(own)
	for axis, n := range shape {
		at := axis - (len(shape) - len(own))
		if at < 0 || own[at] == 1 {
			from[axis] = make([]int, n)
		} else {
			from[axis] = count(n, step[at])
		}
	}
	return pick(x, from)
}

// filled sets the elements of x to a value where outside is negative in any axis.
func filled(x *tensor.Tensor, outside [][]int, value float64) ([]*tensor.Tensor, error) {
	one, err := ints(tensor.UInt8, nil, func(int) int64 { return 1 })
	if err != nil {
		return nil, err
	}
	inside, err := pick(one, outside)
	if err != nil {
		return nil, err
	}
	if x.DType().IsFloat() {
		return single(reals(x.DType(), x.Shape(), func(i int) float64 {
			if inside.Int(i) == 0 {
				return value
			}
			return x.Float(i)
		}))
	}
	return single(ints(x.DType(), x.Shape(), func(i int) int64 {
		if inside.Int(i) == 0 {
			return int64(value)
		}
		return x.Int(i)
	}))
}
