package network

import (
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Comparison is a condition on two numbers, by ONNX's name of it.
type Comparison string

// The comparisons. Of And and Or a number is true if it is not 0; NotEqual is none of
// ONNX's.
const (
	Equal          Comparison = "Equal"
	NotEqual       Comparison = "NotEqual"
	Less           Comparison = "Less"
	LessOrEqual    Comparison = "LessOrEqual"
	Greater        Comparison = "Greater"
	GreaterOrEqual Comparison = "GreaterOrEqual"
	And            Comparison = "And"
	Or             Comparison = "Or"
)

var comparisons = map[Comparison]func(a, b float64) bool{
	Equal:          func(a, b float64) bool { return a == b },
	NotEqual:       func(a, b float64) bool { return a != b },
	Less:           func(a, b float64) bool { return a < b },
	LessOrEqual:    func(a, b float64) bool { return a <= b },
	Greater:        func(a, b float64) bool { return a > b },
	GreaterOrEqual: func(a, b float64) bool { return a >= b },
	And:            func(a, b float64) bool { return a != 0 && b != 0 },
	Or:             func(a, b float64) bool { return a != 0 || b != 0 },
}

// Comparisons are all of them, sorted.
func Comparisons() []Comparison {
	list := []Comparison{And, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual, Or}
	return list
}

// Compare compares two tensors element by element, with NumPy's broadcasting: uint8, 1
// where the condition holds.
type Compare struct{ How Comparison }

// Infer implements Op.
func (c Compare) Infer(in []Type) ([]Type, error) {
	if comparisons[c.How] == nil {
		return nil, fmt.Errorf("comparison %q; allowed: %s", c.How, names(comparisons))
	}
	if err := arity(in, 2, 2); err != nil {
		return nil, err
	}
	allowed := slices.Concat(floats, bytes8, []tensor.DType{tensor.Int16, tensor.Int32, tensor.Int64})
	shape, err := Broadcast(in[0].Shape, in[1].Shape)
	if err := errors.Join(err, wantType(in, 0, allowed...), same(in, 1)); err != nil {
		return nil, err
	}
	return sized(tensor.UInt8, shape)
}

// Reference implements Op.
func (c Compare) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	full, err := broadcast(in)
	if err != nil {
		return nil, err
	}
	return single(ints(tensor.UInt8, full[0].Shape(), func(i int) int64 {
		if comparisons[c.How](real(full[0], i), real(full[1], i)) {
			return 1
		}
		return 0
	}))
}

// real is an element as a number; int64 beyond 2^53 loses digits.
func real(x *tensor.Tensor, i int) float64 {
	if x.DType().IsFloat() {
		return x.Float(i)
	}
	return float64(x.Int(i))
}

// broadcast repeats tensors to the shape that they have together.
func broadcast(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	var shape []int
	var err error
	for _, x := range in {
		if shape, err = Broadcast(shape, x.Shape()); err != nil {
			return nil, err
		}
	}
	out := make([]*tensor.Tensor, len(in))
	for i, x := range in {
		if out[i], err = expand(x, shape); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Where takes elements of input 1 where input 0 is not 0, of input 2 elsewhere, with
// NumPy's broadcasting.
type Where struct{}

// Infer implements Op.
func (Where) Infer(in []Type) ([]Type, error) {
	if err := arity(in, 3, 3); err != nil {
		return nil, err
	}
	shape, err := Broadcast(in[0].Shape, in[1].Shape)
	if err == nil {
		shape, err = Broadcast(shape, in[2].Shape)
	}
	if err := errors.Join(err, wantType(in, 0, tensor.UInt8), same(in[1:], 1)); err != nil {
		return nil, err
	}
	return sized(in[1].DType, shape)
}

// Reference implements Op.
func (Where) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	full, err := broadcast(in)
	if err != nil {
		return nil, err
	}
	which := func(i int) *tensor.Tensor {
		if full[0].Int(i) != 0 {
			return full[1]
		}
		return full[2]
	}
	if in[1].DType().IsFloat() {
		return single(reals(in[1].DType(), full[0].Shape(), func(i int) float64 { return which(i).Float(i) }))
	}
	return single(ints(in[1].DType(), full[0].Shape(), func(i int) int64 { return which(i).Int(i) }))
}
