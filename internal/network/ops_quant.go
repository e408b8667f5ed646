package network

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// QuantizeLinear makes integers of floats. Scales are one, or one for each index
// of Axis (negative: from the end).
type QuantizeLinear struct {
	Y    Quant
	Axis int
}

// Infer implements Op.
func (q QuantizeLinear) Infer(in []Type) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	err := errors.Join(wantType(in, 0, tensor.Float32, tensor.Int32),
		wantType([]Type{{DType: q.Y.DType}}, 0, narrow...), q.Y.checkAlong(in[0].Shape, q.Axis))
	if err != nil {
		return nil, err
	}
	return sized(q.Y.DType, in[0].Shape)
}

// Reference implements Op.
func (q QuantizeLinear) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	x, at := in[0], q.Y.indexAlong(in[0].Shape(), q.Axis)
	return single(ints(q.Y.DType, x.Shape(), func(i int) int64 {
		return q.Y.quantize(at(i), float32(x.Float(i)))
	}))
}

// DequantizeLinear makes floats of integers, scales as for QuantizeLinear.
type DequantizeLinear struct {
	X    Quant
	Axis int
}

// Infer implements Op.
func (d DequantizeLinear) Infer(in []Type) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	allowed := append(slices.Clone(narrow), tensor.Int32)
	err := errors.Join(wantType(in, 0, allowed...), wantType(in, 0, d.X.DType), d.X.checkAlong(in[0].Shape, d.Axis))
	if err != nil {
		return nil, err
	}
	return sized(tensor.Float32, in[0].Shape)
}

// Reference implements Op.
func (d DequantizeLinear) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	x, at := in[0], d.X.indexAlong(in[0].Shape(), d.Axis)
	data := fill(int64(x.Len()), func(i int) float32 { return d.X.dequantize(at(i), x.Int(i)) })
	return single(tensor.From(tensor.Float32, data, x.Shape()...))
}

// checkAlong finds what is wrong with scales along an axis of a shape.
func (q Quant) checkAlong(shape []int, axis int) error {
	n := 1
	if !q.single() {
		at, err := axisOf(axis, len(shape))
		if err != nil {
			return err
		}
		n = shape[at]
	}
	return q.checkScales("tensor", n)
}

// single reports whether one scale and zero point hold for the whole tensor.
func (q Quant) single() bool { return len(q.Scale) == 1 && len(q.Zero) == 1 }

// indexAlong returns the function from elements to their index along the axis.
func (q Quant) indexAlong(shape []int, axis int) func(i int) int {
	if q.single() {
		return func(int) int { return 0 }
	}
	at := modulo(axis, len(shape))
	n, step := shape[at], steps(shape)[at]
	return func(i int) int { return i / step % n }
}

// DynamicQuantizeLinear makes uint8 of floats: outputs y, scale, zero point, which
// follow from the range of the input.
type DynamicQuantizeLinear struct {
	Framed bool // a range, a scale and a zero point for every index of the first axis
}

// Infer implements Op.
func (d DynamicQuantizeLinear) Infer(in []Type) ([]Type, error) {
	if err := errors.Join(one(in, 0), wantType(in, 0, tensor.Float32)); err != nil {
		return nil, err
	}
	var one []int
	if d.Framed {
		if err := wantRank(in, 1); err != nil {
			return nil, err
		}
		one = in[0].Shape[:1]
	}
	return []Type{{tensor.UInt8, in[0].Shape}, {tensor.Float32, one}, {tensor.UInt8, one}}, nil
}

// Reference implements Op.
func (d DynamicQuantizeLinear) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	if d.Framed {
		return framed(in, DynamicQuantizeLinear{}.whole)
	}
	return d.whole(in)
}

// whole computes one range. A range of nothing but 0 has scale 1.
func (DynamicQuantizeLinear) whole(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	lo, hi := float32(0), float32(0)
	for i := range in[0].Len() {
		x := float32(in[0].Float(i))
		lo, hi = min(lo, x), max(hi, x)
	}
	q := Quant{DType: tensor.UInt8, Scale: []float32{(hi - lo) / 255}, Zero: []int32{0}}
	if q.Scale[0] == 0 {
		q.Scale[0] = 1
	}
	q.Zero[0] = int32(saturate(tensor.UInt8, math.RoundToEven(float64(-lo/q.Scale[0])), 0))
	if err := q.checkScales("tensor", 1); err != nil {
		return nil, fmt.Errorf("the input reaches from %v to %v: %w", lo, hi, err)
	}
	y, err := QuantizeLinear{Y: q}.Reference(in)
	if err != nil {
		return nil, err
	}
	scale, err := reals(tensor.Float32, nil, func(int) float64 { return float64(q.Scale[0]) })
	if err != nil {
		return nil, err
	}
	zero, err := ints(tensor.UInt8, nil, func(int) int64 { return int64(q.Zero[0]) })
	return append(y, scale, zero), err
}
