package network

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"github.com/convsim/convsim/tensor"
)

// QLinearAdd is com.microsoft's Add of integers: inputs a, b. What ONNX Runtime's
// kernel computes is its definition: bytes as they are, times sa/sc and sb/sc, added
// with fused operations, the zero points in one constant within the rounding.
type QLinearAdd struct{ A, B, C Quant } // one scale each

// Infer implements Op.
func (q QLinearAdd) Infer(in []Type) ([]Type, error) { return inferPair(in, q.A, q.B, q.C) }

// inferPair infers an operator that combines two integer tensors into one.
func inferPair(in []Type, a, b, c Quant) ([]Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	shape, err := Broadcast(in[0].Shape, in[1].Shape)
	err = errors.Join(err, a.check("input 0", in[0].DType, 1), b.check("input 1", in[1].DType, 1), c.checkScales("the output", 1))
	if err != nil {
		return nil, err
	}
	return sized(c.DType, shape)
}

// Reference implements Op.
func (q QLinearAdd) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	ra, rb := q.A.scale(0)/q.C.scale(0), q.B.scale(0)/q.C.scale(0)
	zeros := float32(ra*float32(q.A.zero(0))) + float32(rb*float32(q.B.zero(0)))
	k := float32(q.C.zero(0)) - zeros
	return q.C.pairs(in, func(a, b int64) int64 {
		sum := fused(a, ra, k)
		return saturate(q.C.DType, math.RoundToEven(float64(fused(b, rb, sum))), 0)
	})
}

// fused returns v*r + c, rounded once. In float64 the product is exact; the sum
// may be rounded, which only matters if that makes it a tie of two float32s.
func fused(v int64, r, c float32) float32 {
	product := float64(v) * float64(r)
	sum := product + float64(c)
	const below = 1<<29 - 1 // bits that float32 does not have
	if math.Float64bits(sum)&below != 1<<28 {
		return float32(sum)
	}
	exact := new(big.Float).SetPrec(24).Add(big.NewFloat(product), big.NewFloat(float64(c)))
	rounded, _ := exact.Float32()
	return rounded
}

// pairs makes a tensor of q's type of two that are broadcast.
func (q Quant) pairs(in []*tensor.Tensor, f func(a, b int64) int64) ([]*tensor.Tensor, error) {
	shape, err := Broadcast(in[0].Shape(), in[1].Shape())
	if err != nil {
		return nil, err
	}
	a, err := expand(in[0], shape)
	if err != nil {
		return nil, err
	}
	b, err := expand(in[1], shape)
	if err != nil {
		return nil, err
	}
	if a.DType().Size() == 1 && b.DType().Size() == 1 && q.DType.Bits() <= 32 {
		f = ofBytes(f)
	}
	return single(ints(q.DType, shape, func(i int) int64 { return f(a.Int(i), b.Int(i)) }))
}

// ofBytes is f of two bytes, computed once for each two that come. Those of a are of one
// type, those of b, too, and f fits int32.
func ofBytes(f func(a, b int64) int64) func(a, b int64) int64 {
	var known [1 << 16]struct {
		is    bool
		value int32
	}
	return func(a, b int64) int64 {
		k := &known[uint16(uint8(a))<<8|uint16(uint8(b))]
		if !k.is {
			k.is, k.value = true, int32(f(a, b))
		}
		return int64(k.value)
	}
}

// QLinearMul is com.microsoft's Mul of integers: inputs a, b.
type QLinearMul struct{ A, B, C Quant } // one scale each

// Infer implements Op.
func (q QLinearMul) Infer(in []Type) ([]Type, error) { return inferPair(in, q.A, q.B, q.C) }

// Reference implements Op.
func (q QLinearMul) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	m := multiplier(q.A, q.B, q.C, 0)
	return q.C.pairs(in, func(a, b int64) int64 {
		product := (a - int64(q.A.zero(0))) * (b - int64(q.B.zero(0)))
		return q.C.requantize(int32(product), m, nil)
	})
}

// QLinearConcat is com.microsoft's Concat of integers, X[i] of input i.
type QLinearConcat struct {
	Axis int
	X    []Quant // one scale each
	Y    Quant   // one scale
}

// Infer implements Op.
func (q QLinearConcat) Infer(in []Type) ([]Type, error) {
	if len(in) != len(q.X) {
		return nil, fmt.Errorf("%d inputs with %d scales; allowed: one each", len(in), len(q.X))
	}
	real, errs := make([]Type, len(in)), []error{q.Y.checkScales("the output", 1)}
	for i, t := range in {
		if t.DType != 0 {
			real[i] = Type{tensor.Float32, t.Shape}
			errs = append(errs, q.X[i].check(fmt.Sprint("input ", i), t.DType, 1))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return q.Y.typed(Concat{q.Axis}.Infer(real))
}

// typed gives the results of a float operator the type of q.
func (q Quant) typed(out []Type, err error) ([]Type, error) {
	if err != nil {
		return nil, err
	}
	return sized(q.DType, out[0].Shape)
}

// Reference implements Op.
func (q QLinearConcat) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return throughFloats(Concat{q.Axis}, in, q.X, q.Y)
}

// throughFloats computes Quantize(op(Dequantize(in))).
func throughFloats(op Op, in []*tensor.Tensor, x []Quant, y Quant) ([]*tensor.Tensor, error) {
	real := make([]*tensor.Tensor, len(in))
	for i := range in {
		out, err := DequantizeLinear{X: x[i]}.Reference(in[i : i+1])
		if err != nil {
			return nil, err
		}
		real[i] = out[0]
	}
	out, err := op.Reference(real)
	if err != nil {
		return nil, err
	}
	return QuantizeLinear{Y: y}.Reference(out)
}

// inferThrough infers Quantize(op(Dequantize(in))) of one input.
func inferThrough(op Op, in []Type, x, y Quant) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	if err := errors.Join(x.check("input 0", in[0].DType, 1), y.checkScales("the output", 1)); err != nil {
		return nil, err
	}
	return y.typed(op.Infer([]Type{{tensor.Float32, in[0].Shape}}))
}

// QLinearSigmoid is com.microsoft's Sigmoid of integers.
type QLinearSigmoid struct{ X, Y Quant } // one scale each

// Infer implements Op.
func (q QLinearSigmoid) Infer(in []Type) ([]Type, error) {
	return inferThrough(Unary{Sigmoid}, in, q.X, q.Y)
}

// Reference implements Op.
func (q QLinearSigmoid) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return throughFloats(Unary{Sigmoid}, in, []Quant{q.X}, q.Y)
}

// QLinearLeakyRelu is com.microsoft's LeakyRelu of integers.
type QLinearLeakyRelu struct {
	Alpha float32
	X, Y  Quant // one scale each
}

// Infer implements Op.
func (q QLinearLeakyRelu) Infer(in []Type) ([]Type, error) {
	return inferThrough(LeakyRelu{q.Alpha}, in, q.X, q.Y)
}

// Reference implements Op.
func (q QLinearLeakyRelu) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return throughFloats(LeakyRelu{q.Alpha}, in, []Quant{q.X}, q.Y)
}
