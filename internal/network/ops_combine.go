package network

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Combination combines tensors element by element, by ONNX's name of it.
type Combination string

// The ways to combine. Sum, Mean, Max and Min take one input or more, from the
// left; the others two.
const (
	Add  Combination = "Add"
	Sub  Combination = "Sub"
	Mul  Combination = "Mul"
	Div  Combination = "Div"
	Pow  Combination = "Pow"
	Sum  Combination = "Sum"
	Mean Combination = "Mean"
	Max  Combination = "Max"
	Min  Combination = "Min"
)

// Combine combines its inputs element by element with NumPy's broadcasting.
// Integers wrap round; their quotients are cut off towards zero. The exponents of Pow
// may have another type; the result has that of the base.
type Combine struct{ How Combination }

// variadic reports whether there may be any number of inputs.
func (c Combine) variadic() bool { return slices.Contains([]Combination{Sum, Mean, Max, Min}, c.How) }

// Infer implements Op.
func (c Combine) Infer(in []Type) ([]Type, error) {
	least, most := 2, 2
	if c.variadic() {
		least, most = max(1, len(in)), len(in)
	} else if !slices.Contains([]Combination{Add, Sub, Mul, Div, Pow}, c.How) {
		return nil, fmt.Errorf("combination %q; allowed: Add, Sub, Mul, Div, Pow, Sum, Mean, Max, Min", c.How)
	}
	if err := arity(in, least, most); err != nil {
		return nil, err
	}
	allowed := slices.Concat(floats, bytes8, []tensor.DType{tensor.Int16, tensor.Int32, tensor.Int64})
	if c.How == Mean {
		allowed = floats
	}
	shape, errs := in[0].Shape, []error{wantType(in, 0, allowed...)}
	for i := 1; i < len(in); i++ {
		common, err := Broadcast(shape, in[i].Shape)
		if err == nil {
			shape = common
		}
		errs = append(errs, err)
		if c.How == Pow {
			errs = append(errs, wantType(in, i, allowed...))
		} else {
			errs = append(errs, same(in, i))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return sized(in[0].DType, shape)
}

// Reference implements Op.
func (c Combine) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	out, err := c.Infer(types(in))
	if err != nil {
		return nil, err
	}
	full := make([]*tensor.Tensor, len(in))
	for i, x := range in {
		if full[i], err = expand(x, out[0].Shape); err != nil {
			return nil, err
		}
	}
	if c.How == Pow {
		return power(out[0], full[0], full[1])
	}
	if c.How == Div && !out[0].DType.IsFloat() {
		for i := range full[1].Len() {
			if full[1].Int(i) == 0 {
				return nil, fmt.Errorf("division by 0 at %v", full[1].Coordinates(i))
			}
		}
	}
	data := likeOp{combined[int8](c.How, full), combined[uint8](c.How, full), combined[int16](c.How, full),
		combined[int32](c.How, full), combined[int64](c.How, full), combined[float32](c.How, full),
		combined[float64](c.How, full)}.data(full[0])
	return single(tensor.From(out[0].DType, data, out[0].Shape...))
}

// power computes powers in float64, rounded once, or cut off towards zero.
func power(out Type, base, exponent *tensor.Tensor) ([]*tensor.Tensor, error) {
	of := func(i int) float64 { return math.Pow(base.Float(i), exponent.Float(i)) }
	if out.DType.IsFloat() {
		return single(reals(out.DType, out.Shape, of))
	}
	return single(ints(out.DType, out.Shape, func(i int) int64 { return cutOff(of(i)) }))
}

// combined combines tensors of one shape, from the left.
func combined[T number](how Combination, in []*tensor.Tensor) func([]T) []T {
	return func(first []T) []T {
		out := slices.Clone(first)
		for _, x := range in[1:] {
			for i, v := range x.Data.([]T) {
				out[i] = combine(how, out[i], v)
			}
		}
		if how == Mean {
			for i := range out {
				out[i] /= T(len(in))
			}
		}
		return out
	}
}

// combine is one operation of T, rounded or wrapped by itself.
func combine[T number](how Combination, a, b T) T {
	switch how {
	case Add, Sum, Mean:
		return a + b
	case Sub:
		return a - b
	case Mul:
		return a * b
	case Div:
		return a / b
	case Max:
		return max(a, b)
	case Min:
		return min(a, b)
	}
	panic("network: no combination " + string(how))
}

// PRelu is x where x >= 0, slope*x elsewhere: inputs x, slope, which is broadcast to
// x.
type PRelu struct{}

// Infer implements Op.
func (PRelu) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	err := errors.Join(wantFloat(in, 0), same(in, 1), broadcastsTo(in[1].Shape, in[0].Shape))
	if err != nil {
		return nil, err
	}
	return in[:1], nil
}

// Reference implements Op.
func (PRelu) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	slope, err := expand(in[1], in[0].Shape())
	if err != nil {
		return nil, err
	}
	product, err := Combine{Mul}.Reference([]*tensor.Tensor{in[0], slope})
	if err != nil {
		return nil, err
	}
	return single(reals(in[0].DType(), in[0].Shape(), func(i int) float64 {
		if x := in[0].Float(i); !(x < 0) {
			return x
		}
		return product[0].Float(i)
	}))
}

// Identity is its input.
type Identity struct{}

// Infer implements Op.
func (Identity) Infer(in []Type) ([]Type, error) { return in, one(in, 0) }

// Reference implements Op.
func (Identity) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) { return in, nil }
