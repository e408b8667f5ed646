package network

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Reduction is a way to reduce an axis to one element, by ONNX's name of it.
type Reduction string

// The reductions.
const (
	ReduceMean      Reduction = "ReduceMean"
	ReduceSum       Reduction = "ReduceSum"
	ReduceMax       Reduction = "ReduceMax"
	ReduceMin       Reduction = "ReduceMin"
	ReduceProd      Reduction = "ReduceProd"
	ReduceL2        Reduction = "ReduceL2"
	ReduceL1        Reduction = "ReduceL1"
	ReduceSumSquare Reduction = "ReduceSumSquare"
	ReduceLogSum    Reduction = "ReduceLogSum"
	ReduceLogSumExp Reduction = "ReduceLogSumExp"
)

// reduction is what a Reduction computes of elements: of floats in float64, rounded
// once.
type reduction struct {
	float64 func(x []float64) float64
	int64   func(x []int64) int64 // nil: none of whole numbers
	some    bool                  // whole numbers must not be none
}

var reductions = map[Reduction]reduction{
	ReduceMean: {float64: func(x []float64) float64 { return sum(x) / float64(len(x)) }},
	ReduceSum:  {float64: sum[float64], int64: sum[int64]},
	ReduceMax:  {float64: largest, int64: slices.Max[[]int64], some: true},
	ReduceMin:  {float64: smallest, int64: slices.Min[[]int64], some: true},
	ReduceProd: {float64: multiplied[float64], int64: multiplied[int64]},
	ReduceL2:   {float64: func(x []float64) float64 { return math.Sqrt(sum(each(x, square))) }},
	ReduceL1: {float64: func(x []float64) float64 { return sum(each(x, math.Abs)) }, int64: func(x []int64) int64 {
		return sum(each(x, func(v int64) int64 { return max(v, -v) }))
	}},
	ReduceSumSquare: {float64: func(x []float64) float64 { return sum(each(x, square)) }, int64: func(x []int64) int64 {
		return sum(each(x, func(v int64) int64 { return v * v }))
	}},
	ReduceLogSum: {float64: func(x []float64) float64 { return math.Log(sum(x)) }},
	ReduceLogSumExp: {float64: func(x []float64) float64 {
		top := largest(x)
		if math.IsInf(top, 0) {
			return top
		}
		return top + math.Log(sum(each(x, func(v float64) float64 { return math.Exp(v - top) })))
	}},
}

func square(x float64) float64 { return float64(x * x) }

// each is a function of every element.
func each[T number](x []T, f func(T) T) []T {
	y := make([]T, len(x))
	for i, v := range x {
		y[i] = f(v)
	}
	return y
}

func largest(x []float64) float64 {
	top := math.Inf(-1)
	for _, v := range x {
		top = max(top, v)
	}
	return top
}

func smallest(x []float64) float64 {
	bottom := math.Inf(1)
	for _, v := range x {
		bottom = min(bottom, v)
	}
	return bottom
}

func sum[T number](x []T) T {
	var total T
	for _, v := range x {
		total += v
	}
	return total
}

func multiplied[T number](x []T) T {
	product := T(1)
	for _, v := range x {
		product *= v
	}
	return product
}

// Reduce reduces axes (negative: from the end) to one element each. No axes are no
// change; all axes have to be listed.
type Reduce struct {
	How      Reduction
	Axes     []int
	KeepDims bool
}

// Infer implements Op.
func (r Reduce) Infer(in []Type) ([]Type, error) {
	f, ok := reductions[r.How]
	if !ok {
		return nil, fmt.Errorf("reduction %q; allowed: %s", r.How, names(reductions))
	}
	allowed := floats
	if f.int64 != nil {
		allowed = slices.Concat(floats, integers)
	}
	out, err := unchanged(in, allowed...)
	if err != nil {
		return nil, err
	}
	perm, shape, err := reduced(in[0].Shape, r.Axes, r.KeepDims)
	if err != nil {
		return nil, err
	}
	for _, axis := range perm[len(perm)-len(r.Axes):] {
		if f.some && in[0].Shape[axis] == 0 && !in[0].DType.IsFloat() {
			return nil, fmt.Errorf("axis %d of %s is empty; allowed: an element or more", axis, in[0])
		}
	}
	return sized(out[0].DType, shape)
}

// reduced returns the order of axes with the reduced ones last, and the shape
// that is left.
func reduced(shape, axes []int, keep bool) (perm, left []int, err error) {
	var last []int
	for _, axis := range axes {
		at, err := axisOf(axis, len(shape))
		if err != nil {
			return nil, nil, err
		}
		if slices.Contains(last, at) {
			return nil, nil, fmt.Errorf("axes %v of shape %v; allowed: each axis once", axes, shape)
		}
		last = append(last, at)
	}
	for axis, n := range shape {
		if !slices.Contains(last, axis) {
			perm, left = append(perm, axis), append(left, n)
		} else if keep {
			left = append(left, 1)
		}
	}
	slices.Sort(last)
	return append(perm, last...), left, nil
}

// Reference implements Op.
func (r Reduce) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	perm, shape, err := reduced(in[0].Shape(), r.Axes, r.KeepDims)
	if err != nil {
		return nil, err
	}
	moved, err := Transpose{perm}.Reference(in)
	if err != nil {
		return nil, err
	}
	f, x := reductions[r.How], moved[0]
	run := x.Len() / max(1, int(count64(shape)))
	if x.DType().IsFloat() {
		return single(reals(x.DType(), shape, func(i int) float64 {
			return f.float64(fill(int64(run), func(k int) float64 { return x.Float(i*run + k) }))
		}))
	}
	return single(ints(x.DType(), shape, func(i int) int64 {
		return f.int64(fill(int64(run), func(k int) int64 { return x.Int(i*run + k) }))
	}))
}

// ArgMax is the int64 index of the largest element along an axis.
type ArgMax struct {
	Axis     int
	KeepDims bool
	Last     bool // the last of equal ones
	Min      bool // ArgMin: of the smallest element
}

// Infer implements Op.
func (a ArgMax) Infer(in []Type) ([]Type, error) {
	if err := one(in, 1); err != nil {
		return nil, err
	}
	perm, shape, err := reduced(in[0].Shape, []int{a.Axis}, a.KeepDims)
	if err != nil {
		return nil, err
	}
	if axis := perm[len(perm)-1]; in[0].Shape[axis] == 0 {
		return nil, fmt.Errorf("axis %d of %s is empty; allowed: an element or more", axis, in[0])
	}
	return sized(tensor.Int64, shape)
}

// Reference implements Op. nan is never the largest or smallest.
func (a ArgMax) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	perm, shape, err := reduced(in[0].Shape(), []int{a.Axis}, a.KeepDims)
	if err != nil {
		return nil, err
	}
	moved, err := Transpose{perm}.Reference(in)
	if err != nil {
		return nil, err
	}
	x := moved[0]
	run := x.Len() / max(1, int(count64(shape)))
	return single(ints(tensor.Int64, shape, func(i int) int64 {
		best := 0
		for k := 1; k < run; k++ {
			if a.better(x.Float(i*run+k), x.Float(i*run+best)) {
				best = k
			}
		}
		return int64(best)
	}))
}

// better reports whether a later element takes the place of the best one.
func (a ArgMax) better(x, best float64) bool {
	if a.Min {
		x, best = -x, -best
	}
	return x > best || a.Last && x == best || best != best
}

// Reductions returns all ways to reduce, sorted.
func Reductions() []Reduction { return slices.Sorted(maps.Keys(reductions)) }
