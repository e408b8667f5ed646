package network

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/convsim/convsim/tensor"
)

// Function is a function of one number without attributes, by ONNX's name of it.
type Function string

// The functions an Unary may apply.
const (
	Abs        Function = "Abs"
	Sin        Function = "Sin"
	Cos        Function = "Cos"
	Tan        Function = "Tan"
	Asin       Function = "Asin"
	Acos       Function = "Acos"
	Atan       Function = "Atan"
	Sinh       Function = "Sinh"
	Cosh       Function = "Cosh"
	Asinh      Function = "Asinh"
	Acosh      Function = "Acosh"
	Atanh      Function = "Atanh"
	Ceil       Function = "Ceil"
	Erf        Function = "Erf"
	Exp        Function = "Exp"
	Floor      Function = "Floor"
	HardSwish  Function = "HardSwish"
	Log        Function = "Log"
	Mish       Function = "Mish"
	Neg        Function = "Neg"
	Reciprocal Function = "Reciprocal"
	Relu       Function = "Relu"
	Round      Function = "Round" // half to even
	Sigmoid    Function = "Sigmoid"
	Sign       Function = "Sign"
	Softplus   Function = "Softplus"
	Softsign   Function = "Softsign"
	Sqrt       Function = "Sqrt"
	Tanh       Function = "Tanh"
)

// Unary applies a function to every element.
type Unary struct{ Function Function }

// Infer implements Op. Of integers, there are only functions that stay whole.
func (u Unary) Infer(in []Type) ([]Type, error) {
	f, ok := functions[u.Function]
	if !ok {
		return nil, fmt.Errorf("function %q; allowed: %s", u.Function, names(functions))
	}
	allowed := floats
	if f.int64 != nil {
		allowed = slices.Concat(floats, integers)
	}
	return unchanged(in, allowed...)
}

// unchanged is the type of a function of one tensor of certain types.
func unchanged(in []Type, allowed ...tensor.DType) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, allowed...); err != nil {
		return nil, err
	}
	return []Type{in[0]}, nil
}

// Reference implements Op.
func (u Unary) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	f := functions[u.Function]
	if !in[0].DType().IsFloat() {
		return single(ints(in[0].DType(), in[0].Shape(), func(i int) int64 {
			return f.int64(in[0].Int(i))
		}))
	}
	return mapFloats(in[0], f.float32, f.float64)
}

// mapFloats applies a function to floats. Without one of its own for float32
// the result of the other is rounded.
func mapFloats(x *tensor.Tensor, f32 func(float32) float32, f64 func(float64) float64) ([]*tensor.Tensor, error) {
	data, ok := x.Data.([]float32)
	if !ok || f32 == nil {
		return single(reals(x.DType(), x.Shape(), func(i int) float64 { return f64(x.Float(i)) }))
	}
	return single(tensor.From(tensor.Float32, fill(int64(len(data)), func(i int) float32 { return f32(data[i]) }), x.Shape()...))
}

// LeakyRelu is x where x >= 0, Alpha*x elsewhere.
type LeakyRelu struct{ Alpha float32 }

// Infer implements Op.
func (LeakyRelu) Infer(in []Type) ([]Type, error) { return unchanged(in, floats...) }

// Reference implements Op.
func (l LeakyRelu) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return mapFloats(in[0], l.apply, func(x float64) float64 {
		if x < 0 {
			return float64(l.Alpha) * x
		}
		return x
	})
}

func (l LeakyRelu) apply(x float32) float32 {
	if x < 0 {
		return l.Alpha * x
	}
	return x
}

// Elu is x where x >= 0, Alpha*(exp(x)-1) elsewhere.
type Elu struct{ Alpha float32 }

// Infer implements Op.
func (Elu) Infer(in []Type) ([]Type, error) { return unchanged(in, floats...) }

// Reference implements Op.
func (e Elu) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return mapFloats(in[0], nil, func(x float64) float64 { return elu(float64(e.Alpha), x) })
}

// HardSigmoid is Alpha*x + Beta, limited to 0..1.
type HardSigmoid struct{ Alpha, Beta float32 }

// Infer implements Op.
func (HardSigmoid) Infer(in []Type) ([]Type, error) { return unchanged(in, floats...) }

// Reference implements Op.
func (h HardSigmoid) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return mapFloats(in[0], h.apply, func(x float64) float64 {
		return max(0, min(1, float64(float64(h.Alpha)*x)+float64(h.Beta)))
	})
}

// apply rounds the product before it adds.
func (h HardSigmoid) apply(x float32) float32 {
	return max(0, min(1, float32(h.Alpha*x)+h.Beta))
}

// Gelu is x times the normal distribution's probability of less than x.
type Gelu struct{ Tanh bool } // Tanh: the approximation by that function

// Infer implements Op.
func (Gelu) Infer(in []Type) ([]Type, error) { return unchanged(in, floats...) }

// Reference implements Op.
func (g Gelu) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	if g.Tanh {
		return mapFloats(in[0], nil, geluTanh)
	}
	return mapFloats(in[0], nil, gelu)
}

// Clip limits elements to Lo..Hi; nil is no limit. Limits of integers are whole.
// Where Lo is above Hi the result is Hi.
type Clip struct{ Lo, Hi *float64 }

// Infer implements Op.
func (c Clip) Infer(in []Type) ([]Type, error) {
	return unchanged(in, slices.Concat(floats, integers)...)
}

// Reference implements Op.
func (c Clip) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	x := in[0]
	if x.DType().IsFloat() {
		return mapFloats(x, nil, c.apply)
	}
	return single(ints(x.DType(), x.Shape(), func(i int) int64 { return int64(c.apply(x.Float(i))) }))
}

// apply limits one number; nan stays nan.
func (c Clip) apply(x float64) float64 {
	if c.Lo != nil {
		x = max(x, *c.Lo)
	}
	if c.Hi != nil {
		x = min(x, *c.Hi)
	}
	return x
}

// names lists the keys of a table for messages.
func names[K ~string, V any](table map[K]V) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(table)) {
		out = append(out, string(k))
	}
	return strings.Join(out, ", ")
}
