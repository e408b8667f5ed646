package onnx

import (
	"math"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// origin returns which element of a tensor that is broadcast to a shape element i of that is.
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

// condition is a comparison, 1 where it holds; of one tensor, with 0.
func condition(inputs int) rule {
	return func(k *call) outcome {
		if k.version < 7 {
			k.ignored("broadcast")
		}
		if !k.needs(inputs) {
			return outcome{}
		}
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
}

func where(k *call) outcome {
	if !k.needs(3) {
		return outcome{}
	}
	return k.flow(network.Where{})
}

// mod is of constants that are broadcast.
func mod(k *call) outcome {
	fmod := k.flag("fmod", false)
	a, b := k.value(0), k.value(1)
	if a == nil || b == nil {
		return outcome{}
	}
	shape, err := network.Broadcast(a.Shape(), b.Shape())
	if err != nil {
		k.errorf("input 1 is %s, which does not fit the others", b)
		return outcome{}
	}
	if n, err := tensor.Elements(shape); err != nil || n > k.c.budget/8 {
		k.errorf("a result of shape %v is too large to be computed before the network runs", shape)
		return outcome{}
	}
	data := make([]float64, product(shape))
	for i := range data {
		x, y := a.Float(origin(i, shape, a.Shape())), b.Float(origin(i, shape, b.Shape()))
		if y == 0 {
			k.errorf("a remainder of division by 0")
			return outcome{}
		}
		if data[i] = math.Mod(x, y); !fmod && data[i] != 0 && (data[i] < 0) != (y < 0) {
			data[i] += y
		}
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
	if same {
		return k.flow(network.Identity{}, 0)
	}
	return k.flow(network.Tile{Times: repeats}, 0)
}
