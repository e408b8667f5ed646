package onnx

import (
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// constantRules are operators that are computed before anything runs: they need
// constants, or nothing but shapes.
var constantRules = map[string]rule{
	"Constant":        constantNode,
	"ConstantOfShape": constantOfShape,
	"Shape":           shapeOf,
	"Size":            func(k *call) outcome { k.need(0); return k.known(nil, product(k.typ(0).Shape)) },
	"Range":           ranges,
	"Expand":          expand,
	"Tile":            tile,
	"Where":           where,
	"Not":             condition(1),
	"Equal":           condition(2),
	"Less":            condition(2),
	"LessOrEqual":     condition(2),
	"Greater":         condition(2),
	"GreaterOrEqual":  condition(2),
	"And":             condition(2),
	"Or":              condition(2),
	"Mod":             mod,
}

// known returns the outcome of numbers that are known.
func (k *call) known(shape []int, numbers ...int) outcome {
	if k.blind || len(k.errs) > 0 {
		return outcome{}
	}
	wide := make([]int64, len(numbers))
	for i, v := range numbers {
		wide[i] = int64(v)
	}
	t, err := tensor.From(tensor.Int64, wide, shape...)
	return k.result(t, err)
}

// result returns the outcome of a tensor that is known.
func (k *call) result(t *tensor.Tensor, err error) outcome {
	if err != nil {
		k.errorf("%w", err)
		return outcome{}
	}
	return outcome{values: constants(t)}
}

func constantNode(k *call) outcome {
	if a := k.attribute("value", AttributeTensor); a != nil {
		v := &value{load: a.Tensor.Load}
		dtype, err := a.Tensor.Type.DType()
		if err != nil {
			k.unsupported("value", "a tensor of "+a.Tensor.Type.String(), readable)
			return outcome{}
		}
		v.typ = network.Type{DType: dtype, Shape: a.Tensor.Shape()}
		k.c.budget += 2 * a.Tensor.bytes()
		return outcome{values: []*value{v}}
	}
	if a := k.attribute("value_int", AttributeInt); a != nil {
		return k.known(nil, int(a.Int))
	}
	if ints := k.integers("value_ints"); ints != nil {
		return k.known([]int{len(ints)}, ints...)
	}
	if a := k.attribute("value_float", AttributeFloat); a != nil {
		return k.result(tensor.From(tensor.Float32, []float32{a.Float}))
	}
	if a := k.attribute("value_floats", AttributeFloats); a != nil {
		return k.result(tensor.From(tensor.Float32, a.Floats, len(a.Floats)))
	}
	k.leftovers()
	k.errorf("no value; supported: value, value_int, value_ints, value_float, value_floats")
	return outcome{}
}

func constantOfShape(k *call) outcome {
	shape := k.wholes(0)
	one, err := tensor.New(tensor.Float32, 1)
	if a := k.attribute("value", AttributeTensor); a != nil {
		one, err = a.Tensor.Load()
	}
	if err == nil && one.Len() != 1 {
		k.unsupported("value", one, "a tensor of one element")
	} else if err != nil {
		k.errs = append(k.errs, err)
	}
	if k.blind || len(k.errs) > 0 {
		return outcome{}
	}
	if n, err := tensor.Elements(shape); err != nil || n > tensor.MaxBytes/int64(one.DType().Size()) {
		k.errorf("an output of %s %v; allowed: at most %d bytes", one.DType(), shape, tensor.MaxBytes)
		return outcome{}
	}
	return outcome{values: []*value{k.c.splats.constant(one, slices.Clone(shape))}}
}

// shapeOf may be of some axes only.
func shapeOf(k *call) outcome {
	k.need(0)
	shape := k.typ(0).Shape
	if k.version >= 15 {
		limit := func(name string, otherwise int) int {
			at := k.integer(name, otherwise)
			if at < 0 {
				at += len(shape)
			}
			return max(0, min(at, len(shape)))
		}
		start, end := limit("start", 0), limit("end", len(shape))
		shape = shape[start:max(start, end)]
	}
	return k.known([]int{len(shape)}, shape...)
}

func ranges(k *call) outcome {
	var v []float64
	for i := range 3 {
		v = append(v, k.reals(i)...)
	}
	if len(v) != 3 || k.blind {
		k.errorf("%d values; expected: start, limit, delta", len(v))
		return outcome{}
	}
	n := (v[1] - v[0]) / v[2]
	if !(n < float64(k.c.budget)/8) {
		k.errorf("%v elements are too many", n)
		return outcome{}
	}
	var numbers []float64
	for i := 0; float64(i) < n; i++ {
		numbers = append(numbers, v[0]+float64(i)*v[2])
	}
	return k.numbers(k.typ(0).DType, []int{len(numbers)}, numbers)
}

// numbers returns the outcome of numbers that are known, of any type.
func (k *call) numbers(dtype tensor.DType, shape []int, data []float64) outcome {
	if k.blind || len(k.errs) > 0 {
		return outcome{}
	}
	k.c.budget -= int64(8 * len(data))
	t, err := tensor.From(tensor.Float64, data, shape...)
	if err != nil {
		return k.result(nil, err)
	}
	out, err := network.Cast{To: dtype}.Reference([]*tensor.Tensor{t})
	if err != nil {
		return k.result(nil, err)
	}
	return k.result(out[0], nil)
}
