package network

import (
	"fmt"
	"math"

	"github.com/convsim/convsim/tensor"
)

// PadMode says which values padding is made of.
type PadMode uint8

// The modes of Pad.
const (
	PadConstant PadMode = iota
	PadReflect          // the edge is not repeated
	PadEdge
	PadWrap
)

// Pad adds Begin and End elements before and after every axis; negative ones crop.
type Pad struct {
	Mode       PadMode
	Begin, End []int
	Value      float64 // of PadConstant; whole for integers
}

// Infer implements Op.
func (p Pad) Infer(in []Type) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	rank := len(in[0].Shape)
	if len(p.Begin) != rank || len(p.End) != rank || p.Mode > PadWrap {
		return nil, fmt.Errorf("mode %d, pads %v and %v for %s; allowed: a known mode, an entry for each axis",
			p.Mode, p.Begin, p.End, in[0])
	}
	if !in[0].DType.IsFloat() {
		lo, hi := in[0].DType.Range()
		if p.Value != math.Trunc(p.Value) || p.Value < float64(lo) || p.Value > float64(hi) {
			return nil, fmt.Errorf("padding with %v; allowed for %s: whole numbers %d..%d", p.Value, in[0].DType, lo, hi)
		}
	}
	shape := make([]int, rank)
	for axis, n := range in[0].Shape {
		shape[axis] = p.Begin[axis] + n + p.End[axis]
		if max(p.Begin[axis], p.End[axis]) > math.MaxInt32 || shape[axis] < 0 {
			return nil, fmt.Errorf("pads %d and %d of axis %d of %s; allowed: at most %d, and not more cropped than is there",
				p.Begin[axis], p.End[axis], axis, in[0], math.MaxInt32)
		}
		if n == 0 && shape[axis] > 0 && p.Mode != PadConstant {
			return nil, fmt.Errorf("axis %d of %s is empty; allowed: a constant as padding", axis, in[0])
		}
	}
	return sized(in[0].DType, shape)
}

// Reference implements Op.
func (p Pad) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	x := in[0]
	shape := x.Shape()
	from, outside := make([][]int, len(shape)), make([][]int, len(shape))
	for axis, step := range steps(shape) {
		n := shape[axis]
		for i := -p.Begin[axis]; i < n+p.End[axis]; i++ {
			src := p.source(i, n)
			from[axis] = append(from[axis], src*step) // negative where src is -1
			outside[axis] = append(outside[axis], min(src, 0))
		}
	}
	out, err := pick(x, from)
	if err != nil || p.Mode != PadConstant || p.Value == 0 {
		return single(out, err)
	}
	return filled(out, outside, p.Value)
}

// source returns which of n elements position i shows, -1 for the constant.
// Padding wider than the image goes to and fro, or round and round.
func (p Pad) source(i, n int) int {
	if i >= 0 && i < n {
		return i
	}
	switch p.Mode {
	case PadReflect:
		period := max(1, 2*(n-1))
		i = modulo(i, period)
		return min(i, period-i)
	case PadEdge:
		return max(0, min(i, n-1))
	case PadWrap:
		return modulo(i, n)
	}
	return -1
}

// modulo is the remainder that is never negative.
func modulo(i, n int) int { return ((i % n) + n) % n }
