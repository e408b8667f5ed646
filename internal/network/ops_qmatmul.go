package network

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/tensor"
)

// MatMulInteger is a matmul of integers into int32: inputs a, b. Zero points
// are one, or one a row of a and one a column of b.
type MatMulInteger struct{ AZero, BZero []int32 }

// Infer implements Op.
func (q MatMulInteger) Infer(in []Type) ([]Type, error) {
	out, err := inferMatMul(in, tensor.Int32, narrow...)
	if err != nil {
		return nil, err
	}
	m, err := stackOf(in[0].Shape, in[1].Shape)
	err = errors.Join(err, checkZeros("a", q.AZero, in[0].DType, m.m), checkZeros("b", q.BZero, in[1].DType, m.n))
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Reference implements Op.
func (q MatMulInteger) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	m, err := stackOf(in[0].Shape(), in[1].Shape())
	if err != nil {
		return nil, err
	}
	acc, err := q.accumulate(m, in)
	if err != nil {
		return nil, err
	}
	return q.Finish(in, acc)
}

// Finish implements Finishing: the sums are the results.
func (q MatMulInteger) Finish(in []*tensor.Tensor, acc []int32) ([]*tensor.Tensor, error) {
	return sumsAre(q, in, acc)
}

// accumulate returns the sums of products.
func (q MatMulInteger) accumulate(m stack, in []*tensor.Tensor) ([]int32, error) {
	return multiply(m, in, func(a, b *tensor.Tensor) ([]int32, []int32) {
		return less(a, q.AZero, max(1, m.k)), less(b, q.BZero, 1)
	})
}

// QLinearMatMul is a matmul of integers with requantised results: inputs a, b.
// A has one scale or one a row, B one or one a column.
type QLinearMatMul struct{ A, B, Y Quant }

// Infer implements Op.
func (q QLinearMatMul) Infer(in []Type) ([]Type, error) {
	out, err := inferMatMul(in, q.Y.DType, narrow...)
	if err != nil {
		return nil, err
	}
	m, err := stackOf(in[0].Shape, in[1].Shape)
	err = errors.Join(err, q.A.check("a", in[0].DType, m.m), q.B.check("b", in[1].DType, m.n), q.Y.checkScales("the output", 1))
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Reference implements Op.
func (q QLinearMatMul) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	m, err := stackOf(in[0].Shape(), in[1].Shape())
	if err != nil {
		return nil, err
	}
	acc, err := MatMulInteger{q.A.Zero, q.B.Zero}.accumulate(m, in)
	if err != nil {
		return nil, err
	}
	return q.Finish(in, acc)
}

// Finish implements Finishing.
func (q QLinearMatMul) Finish(in []*tensor.Tensor, acc []int32) ([]*tensor.Tensor, error) {
	m, err := stackOf(in[0].Shape(), in[1].Shape())
	if err != nil {
		return nil, err
	}
	return single(ints(q.Y.DType, m.shape, func(i int) int64 {
		row, column := i/m.n%m.m, i%m.n
		scale := float32(q.A.scale(row)*q.B.scale(column)) / q.Y.scale(0)
		return q.Y.requantize(acc[i], scale, nil)
	}))
}

// QGemm is com.microsoft's Gemm of integers: inputs a, b and optionally an int32 c
// with the scale Alpha times those of A and B. B has one scale or one a column of
// the product. Y has one scale; without any the results are float32.
type QGemm struct {
	Alpha          float32
	TransA, TransB bool
	A, B, Y        Quant
	Clamp          *Clamp
	Rounding       Rounding // of integers
}

// Infer implements Op.
func (q QGemm) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 2, 3); err != nil {
		return nil, err
	}
	out, err := inferGemm(in, q.TransA, q.TransB, tensor.Float32)
	if err != nil {
		return nil, err
	}
	err = errors.Join(wantType(in, 0, narrow...), wantType(in, 1, narrow...), wantType(in, 2, tensor.Int32),
		q.A.check("a", in[0].DType, 1), q.B.check("b", in[1].DType, out[0].Shape[1]))
	if !q.toFloat() {
		err = errors.Join(err, q.Y.checkScales("the output", 1), q.Rounding.check(out[0].Shape[1]))
		out[0].DType = q.Y.DType
	} else if q.Clamp != nil {
		err = errors.Join(err, fmt.Errorf("a clamp %v of floats; allowed: with scales of the output", *q.Clamp))
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// toFloat reports whether results stay float32.
func (q QGemm) toFloat() bool { return len(q.Y.Scale) == 0 }

// Reference implements Op.
func (q QGemm) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	acc, _, err := q.accumulate(in)
	if err != nil {
		return nil, err
	}
	return q.Finish(in, acc)
}

// Finish implements Finishing.
func (q QGemm) Finish(in []*tensor.Tensor, acc []int32) ([]*tensor.Tensor, error) {
	out, err := q.Infer(types(in))
	if err != nil {
		return nil, err
	}
	shape := out[0].Shape
	scale := func(i int) float32 { return float32(q.Alpha*q.A.scale(0)) * q.B.scale(i%shape[1]) }
	if q.toFloat() {
		data := fill(int64(len(acc)), func(i int) float32 { return float32(acc[i]) * scale(i) })
		return single(tensor.From(tensor.Float32, data, shape...))
	}
	if q.Rounding.Rule != "" {
		return q.Rounding.requantized(q.A, q.B, q.Y, shape, acc, 1, q.Clamp)
	}
	return single(ints(q.Y.DType, shape, func(i int) int64 {
		return q.Y.requantize(acc[i], scale(i)/q.Y.scale(0), q.Clamp)
	}))
}

// accumulate returns the sums of products and c, and their shape.
func (q QGemm) accumulate(in []*tensor.Tensor) ([]int32, []int, error) {
	a, err := turn(in[0], q.TransA)
	if err != nil {
		return nil, nil, err
	}
	b, err := turn(in[1], q.TransB)
	if err != nil {
		return nil, nil, err
	}
	k, n := a.Shape()[1], b.Shape()[1]
	shape := []int{a.Shape()[0], n}
	acc := product(less(a, q.A.Zero, 1), less(b, q.B.Zero, 1), shape[0], k, n)
	if len(in) > 2 && in[2] != nil {
		c, err := expand(in[2], shape)
		if err != nil {
			return nil, nil, err
		}
		for i := range acc {
			acc[i] += int32(c.Int(i))
		}
	}
	return acc, shape, nil
}
