package mapping

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// maxPairs is how many products a frame may have of two streams: each is a place in the
// memories that repeat the factors.
const maxPairs = 1 << 26

// pairs adds the stages of a product of matrices that are streams both, or of a stack of
// constant ones: memories of a frame show each factor as often as it is needed, a
// multiplier takes a pair a cycle, an accumulator adds up.
func (n *net) pairs(node network.Node) ([]feed, string) {
	t := n.Types[node.Outputs[0]]
	s, why := n.pairing(node, t)
	if why != "" {
		return nil, why
	}
	how := scalar.Combination(scalar.Integer{Name: "Mul"})
	if s.all.DType == tensor.Float32 {
		how = scalar.Float{Name: "Mul"}
	}
	var x [2]feed
	for i := range x {
		if n.constant(node, i) == nil {
			x[i] = n.factor(node, i, s)
		}
	}
	var f feed
	switch {
	case n.constant(node, 0) != nil:
		f = n.times(x[1], how, s.constant(n.constant(node, 0), 0), s.all)
	case n.constant(node, 1) != nil:
		f = n.times(x[0], how, s.constant(n.constant(node, 1), 1), s.all)
	default:
		f, why = n.joined(x[0], x[1], how, s.all)
	}
	if why != "" || len(n.errs) > 0 {
		return nil, why
	}
	sums := network.Type{DType: s.all.DType, Shape: t.Shape}
	f = n.totalled(f, int64(s.k), sums)
	if s.requantise != nil {
		f = n.mapped(f, s.requantise, t)
	}
	return []feed{f}, ""
}

// pairing is a product of two stacks of matrices, element by element.
type pairing struct {
	k          int // products of a sum
	all        network.Type
	at         [2][]int32 // of every product, where its factors lie in their frames
	zero       [2]float64
	requantise scalar.Function // nil: sums leave as they are
}

// pairing works out which elements meet.
func (n *net) pairing(node network.Node, t network.Type) (*pairing, string) {
	s := &pairing{all: network.Type{DType: tensor.Int32}}
	if why := s.operator(node.Op); why != "" {
		return nil, why
	}
	shapes := [2][]int{n.Types[node.Inputs[0]].Shape, n.Types[node.Inputs[1]].Shape}
	rank := len(t.Shape)
	for i, shape := range shapes {
		if len(shape) > rank || len(shape) < 2 || n.constant(node, i) == nil && len(shape) != rank {
			return nil, fmt.Sprintf("a product of %v and %v; allowed: stacks of matrices with as many axes as the result", shapes[0], shapes[1])
		}
	}
	s.k = shapes[0][len(shapes[0])-1]
	s.all.Shape = append(slices.Clone(t.Shape), s.k)
	count := 1
	for _, d := range s.all.Shape[1:] {
		if count *= d; count > maxPairs {
			return nil, fmt.Sprintf("%v products of a frame; allowed: at most %d", s.all.Shape[1:], maxPairs)
		}
	}
	// The axes of all products: those of the stack, then row, column, place in the sum.
	left, right := rank-2, rank-1
	for i, own := range shapes {
		axes := make([]int, len(own))
		for a := range axes {
			axes[a] = rank - len(own) + a
		}
		if axes[len(own)-1] = rank; i == 1 {
			axes[len(own)-2], axes[len(own)-1] = rank, right
		} else {
			axes[len(own)-2] = left
		}
		s.at[i] = shownAt(s.all.Shape, own, axes)
	}
	return s, ""
}

// operator reads zero points and requantisation.
func (s *pairing) operator(op network.Op) string {
	switch op := op.(type) {
	case network.MatMul:
		s.all.DType = tensor.Float32
	case network.MatMulInteger:
		for i, zeros := range [][]int32{op.AZero, op.BZero} {
			if len(zeros) > 1 {
				return "a zero point for every row or column of a stream; allowed: one for all"
			}
			if len(zeros) == 1 {
				s.zero[i] = float64(zeros[0])
			}
		}
	case network.QLinearMatMul:
		if len(op.A.Scale) > 1 || len(op.A.Zero) > 1 || len(op.B.Zero) > 1 {
			return "a scale for every row, or a zero point for every row or column of a stream; allowed: one for all"
		}
		s.zero = [2]float64{float64(op.A.Zero[0]), float64(op.B.Zero[0])}
		y := scale(op.Y)
		r := scalar.Rescale{Zero: y.Zero[0], Lo: y.Lo, Hi: y.Hi}
		for _, b := range op.B.Scale {
			r.Factor = append(r.Factor, float64(float32(op.A.Scale[0]*b)/op.Y.Scale[0]))
		}
		s.requantise = r
	default:
		return "it is no product of two streams"
	}
	return ""
}

// shownAt lists, for every element of a shape, where in a smaller tensor of a frame the
// element lies that it shows: axis a of that one is axis axes[a] of the shape, and an axis
// of one element is repeated. The first axis of the shape are the frames.
func shownAt(shape, own, axes []int) []int32 {
	steps := make([]int32, len(shape))
	step := int32(1)
	for a := len(own) - 1; a >= 0; a-- {
		if own[a] > 1 {
			steps[axes[a]] = step
		}
		step *= int32(own[a])
	}
	at := []int32{0}
	for axis := 1; axis < len(shape); axis++ {
		next := make([]int32, 0, len(at)*shape[axis])
		for _, base := range at {
			for i := range shape[axis] {
				next = append(next, base+int32(i)*steps[axis])
			}
		}
		at = next
	}
	return at
}

// factor is a stream without its zero point, shown for every product.
func (n *net) factor(node network.Node, i int, s *pairing) feed {
	f, ok := n.take(node.Inputs[i])
	if !ok {
		return f
	}
	f = n.natural(f)
	if s.zero[i] != 0 {
		f = n.mapped(f, scalar.With{Combine: scalar.Integer{Name: "Sub"}, Constant: []float64{s.zero[i]}},
			network.Type{DType: tensor.Int32, Shape: f.typ.Shape})
	}
	t := network.Type{DType: f.typ.DType, Shape: s.all.Shape}
	return n.gathered(f, scalar.Gather{From: s.at[i]}, t, naturalAxes(len(t.Shape)))
}

// constant is a constant factor of every product.
func (s *pairing) constant(c *tensor.Tensor, i int) []float64 {
	list := make([]float64, len(s.at[i]))
	for k, at := range s.at[i] {
		list[k] = number(c, int(at)) - s.zero[i]
	}
	return list
}

// times combines every element of a frame with a constant of its own.
func (n *net) times(f feed, how scalar.Combination, by []float64, t network.Type) feed {
	return n.batched(f, scalar.Each{Combine: how, Constant: by}, t, naturalAxes(len(t.Shape)))
}

// totalled adds up runs of so many elements.
func (n *net) totalled(f feed, run int64, t network.Type) feed {
	runs := func(in, _ sched.Stream) int64 { return in.Frame() / run }
	return n.inBatches(f, 1, runs, scalar.Accumulate{Float: t.DType == tensor.Float32}, t, naturalAxes(len(t.Shape)))
}
