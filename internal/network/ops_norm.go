package network

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// BatchNormalization is (x - mean) / sqrt(variance + Epsilon) * scale + bias for each
// channel, in float64, rounded once: inputs x, scale, bias, mean, variance.
type BatchNormalization struct{ Epsilon float32 }

// Infer implements Op.
func (BatchNormalization) Infer(in []Type) ([]Type, error) {
	if err := errors.Join(arity(in, 5, 5), wantRank(in, 2), wantFloat(in, 0)); err != nil {
		return nil, err
	}
	var errs []error
	for i := 1; i < 5; i++ {
		errs = append(errs, wantFloat(in, i), wantShape(in, i, in[0].Shape[1]))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return in[:1], nil
}

// Reference implements Op.
func (b BatchNormalization) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	x, shape := in[0], in[0].Shape()
	step := steps(shape)[1]
	return single(reals(x.DType(), shape, func(i int) float64 {
		c := i / step % shape[1]
		deviation := math.Sqrt(in[4].Float(c) + float64(b.Epsilon))
		return float64((x.Float(i)-in[3].Float(c))/deviation*in[1].Float(c)) + in[2].Float(c)
	}))
}

// LRN divides by (Bias + Alpha/Size * sum of squares over Size channels) to the power
// of Beta, in float64, rounded once.
type LRN struct {
	Size              int
	Alpha, Beta, Bias float32
}

// Infer implements Op.
func (l LRN) Infer(in []Type) ([]Type, error) {
	if l.Size < 1 {
		return nil, fmt.Errorf("size %d; allowed: 1 or more", l.Size)
	}
	if err := errors.Join(one(in, 2), wantFloat(in, 0)); err != nil {
		return nil, err
	}
	return in, nil
}

// Reference implements Op.
func (l LRN) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	x, shape := in[0], in[0].Shape()
	step := steps(shape)[1]
	return single(reals(x.DType(), shape, func(i int) float64 {
		c, squares := i/step%shape[1], 0.0
		for k := max(0, c-(l.Size-1)/2); k <= min(shape[1]-1, c+l.Size/2); k++ {
			v := x.Float(i + (k-c)*step)
			squares += float64(v * v)
		}
		base := float64(l.Bias) + float64(float64(l.Alpha)/float64(l.Size)*squares)
		return x.Float(i) / math.Pow(base, float64(l.Beta))
	}))
}

// Softmax is exp(x) over its sum along an axis (negative: from the end), in float64,
// rounded once.
type Softmax struct {
	Axis    int
	Flatten bool // as before opset 13: along all axes from Axis on
	Log     bool // LogSoftmax
}

// Infer implements Op.
func (s Softmax) Infer(in []Type) ([]Type, error) {
	if err := errors.Join(one(in, 1), wantFloat(in, 0)); err != nil {
		return nil, err
	}
	if s.Flatten && s.Axis == len(in[0].Shape) { // rows of one element
		return in, nil
	}
	if _, err := axisOf(s.Axis, len(in[0].Shape)); err != nil {
		return nil, err
	}
	return in, nil
}

// Reference implements Op.
func (s Softmax) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	shape := in[0].Shape()
	axis := s.Axis
	if axis < 0 {
		axis += len(shape)
	}
	perm := count(len(shape), 1)
	run := int(count64(shape[axis:]))
	if !s.Flatten {
		perm = append(slices.Delete(perm, axis, axis+1), axis)
		run = shape[axis]
	}
	moved, err := Transpose{perm}.Reference(in)
	if err != nil || run == 0 {
		return in, err
	}
	y := make([]float64, moved[0].Len())
	for i := range y {
		y[i] = moved[0].Float(i)
	}
	for row := range slices.Chunk(y, run) {
		s.normalize(row)
	}
	out, err := reals(in[0].DType(), moved[0].Shape(), func(i int) float64 { return y[i] })
	if err != nil {
		return nil, err
	}
	return Transpose{inverse(perm)}.Reference([]*tensor.Tensor{out})
}

// normalize computes the softmax of a row in place.
func (s Softmax) normalize(row []float64) {
	top, total := slices.Max(row), 0.0
	for i := range row {
		row[i] -= top
		total += math.Exp(row[i])
	}
	for i, x := range row {
		if s.Log {
			row[i] = x - math.Log(total)
		} else {
			row[i] = math.Exp(x) / total
		}
	}
}

// inverse returns the permutation that undoes one.
func inverse(perm []int) []int {
	out := make([]int, len(perm))
	for i, axis := range perm {
		out[axis] = i
	}
	return out
}

// QLinearSoftmax is com.microsoft's Softmax of integers.
type QLinearSoftmax struct {
	Softmax Softmax
	X, Y    Quant // one scale each
}

// Infer implements Op.
func (q QLinearSoftmax) Infer(in []Type) ([]Type, error) {
	return inferThrough(q.Softmax, in, q.X, q.Y)
}

// Reference implements Op.
func (q QLinearSoftmax) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return throughFloats(q.Softmax, in, []Quant{q.X}, q.Y)
}
