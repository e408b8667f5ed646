package onnx

import (
	"math"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// elementwise computes numbers from constants that are broadcast.
func (k *call) elementwise(inputs int, f func(v []float64) float64) (shape []int, data []float64, ok bool) {
	values := make([]*tensor.Tensor, inputs)
	for i := range values {
		if values[i] = k.value(i); values[i] == nil {
			return nil, nil, false
		}
		var err error
		if shape, err = network.Broadcast(shape, values[i].Shape()); err != nil {
			k.errorf("input %d is %s, which does not fit the others", i, values[i])
			return nil, nil, false
		}
	}
	if !k.afford(shape) {
		return nil, nil, false
	}
	data = make([]float64, product(shape))
	args := make([]float64, inputs)
	for i := range data {
		for j, t := range values {
			args[j] = t.Float(origin(i, shape, t.Shape()))
		}
		data[i] = f(args)
	}
	return shape, data, true
}

// afford reports whether a tensor of a shape may be computed beforehand.
func (k *call) afford(shape []int) bool {
	n, err := tensor.Elements(shape)
	if err != nil || n > k.c.budget/8 {
		k.errorf("a result of shape %v is too large to be computed before the network runs", shape)
		return false
	}
	return true
}

// origin returns which element of a tensor that is broadcast, or repeated, to a
// shape element i of that is.
func origin(i int, shape, own []int) int {
	at, step := 0, 1
	for axis := len(shape) - 1; axis >= 0; axis-- {
		k := i % shape[axis]
		i /= shape[axis]
		if j := axis - (len(shape) - len(own)); j >= 0 {
			at += k % own[j] * step
			step *= own[j]
		}
	}
	return at
}

// truthOf is a condition on constants; true is 1.
func truthOf(inputs int, f func(v []float64) bool) rule {
	return func(k *call) outcome {
		if k.version < 7 {
			k.ignored("broadcast")
		}
		for i := range inputs {
			if k.need(i) && !k.constant(i) {
				return k.condition(inputs)
			}
		}
		shape, data, ok := k.elementwise(inputs, func(v []float64) float64 {
			if f(v) {
				return 1
			}
			return 0
		})
		if !ok {
			return outcome{}
		}
		return k.numbers(tensor.UInt8, shape, data)
	}
}

// condition is a comparison of streams; of one, with 0.
func (k *call) condition(inputs int) outcome {
	how := network.Comparison(k.n.Op)
	if inputs == 2 {
		return k.flow(network.Compare{How: how})
	}
	if how = network.NotEqual; k.n.Op == "Not" {
		how = network.Equal
	}
	zero, err := tensor.New(k.typ(0).DType)
	if err != nil {
		k.errorf("%w", err)
		return outcome{}
	}
	return outcome{op: network.Compare{How: how}, inputs: []string{k.input(0), k.kept("zero", zero)}}
}

// truth is a Cast to bool.
func truth(k *call) outcome {
	return truthOf(1, func(v []float64) bool { return v[0] != 0 })(k)
}

func where(k *call) outcome {
	for i := range 3 {
		if k.need(i) && !k.constant(i) {
			return k.flow(network.Where{})
		}
	}
	shape, data, ok := k.elementwise(3, func(v []float64) float64 {
		if v[0] != 0 {
			return v[1]
		}
		return v[2]
	})
	if !ok {
		return outcome{}
	}
	return k.numbers(k.typ(1).DType, shape, data)
}

func mod(k *call) outcome {
	fmod := k.flag("fmod", false)
	zero := false
	shape, data, ok := k.elementwise(2, func(v []float64) float64 {
		zero = zero || v[1] == 0
		r := math.Mod(v[0], v[1])
		if !fmod && r != 0 && (r < 0) != (v[1] < 0) {
			r += v[1]
		}
		return r
	})
	if zero {
		k.errorf("a remainder of division by 0")
	}
	if !ok {
		return outcome{}
	}
	return k.numbers(k.typ(0).DType, shape, data)
}

// expand repeats elements; a tensor that already has the shape stays as it is.
func expand(k *call) outcome {
	to := k.wholes(1)
	if !k.need(0) || to == nil {
		return outcome{}
	}
	shape, err := network.Broadcast(k.typ(0).Shape, to)
	switch {
	case err != nil:
		k.errorf("%s does not expand to %v", k.typ(0), to)
		return outcome{}
	case slices.Equal(shape, k.typ(0).Shape):
		return k.flow(network.Identity{}, 0)
	case k.constant(0):
		return k.repeated(shape)
	}
	own, times := k.typ(0).Shape, make([]int, len(shape))
	own = append(ones(len(shape)-len(own)), own...)
	for axis, n := range shape {
		times[axis] = 1
		if own[axis] == 1 {
			times[axis] = n
		}
	}
	if len(own) == len(k.typ(0).Shape) {
		return k.flow(network.Tile{Times: times}, 0)
	}
	return outcome{op: network.Tile{Times: times}, inputs: []string{k.prepare(network.Reshape{Shape: own}, "axes", 0)}}
}

// tile repeats its input.
func tile(k *call) outcome {
	repeats := k.wholes(1)
	if !k.need(0) || repeats == nil {
		return outcome{}
	}
	shape := k.typ(0).Shape
	if len(repeats) != len(shape) {
		k.errorf("%d repeats of %s; allowed: %d", len(repeats), k.typ(0), len(shape))
		return outcome{}
	}
	out, same := make([]int, len(shape)), true
	for axis, n := range repeats {
		if n < 0 || n > math.MaxInt32 {
			k.errorf("%d repeats; allowed: 0..%d", n, math.MaxInt32)
			return outcome{}
		}
		out[axis], same = shape[axis]*n, same && n == 1
	}
	switch {
	case same:
		return k.flow(network.Identity{}, 0)
	case k.constant(0):
		return k.repeated(out)
	}
	return k.flow(network.Tile{Times: repeats}, 0)
}

// repeated repeats constant input 0 to a shape.
func (k *call) repeated(shape []int) outcome {
	t := k.value(0)
	if t == nil || !k.afford(shape) {
		return outcome{}
	}
	if n := product(shape); t.Len() == 0 && n > 0 {
		k.errorf("%s has nothing to repeat", t)
		return outcome{}
	}
	own := t.Shape()
	return k.picked(t, shape, func(i int) int { return origin(i, shape, own) })
}

// gathered picks indices along an axis of constant input 0.
func (k *call) gathered(axis int, at, shape []int) outcome {
	t := k.value(0)
	if t == nil || !k.afford(shape) {
		return outcome{}
	}
	in := t.Shape()
	inner, n := product(in[axis+1:]), in[axis]
	return k.picked(t, shape, func(i int) int {
		outer, j, rest := i/(inner*len(at)), i/inner%len(at), i%inner
		return (outer*n+at[j])*inner + rest
	})
}

// picked returns the outcome of elements of a constant.
func (k *call) picked(t *tensor.Tensor, shape []int, from func(i int) int) outcome {
	k.c.budget -= int64(product(shape) * t.DType().Size())
	return k.result(t.Picked(shape, from))
}
