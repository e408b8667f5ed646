package network

import (
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// Finishing is an operator whose results follow from sums of integers.
type Finishing interface {
	Op
	// Finish makes the results of all sums, in the order of the output's elements.
	Finish(in []*tensor.Tensor, acc []int32) ([]*tensor.Tensor, error)
}

// Accumulating is an operator whose results follow from the sums of a convolution of
// integers: Reference is Finish of the definition's sums, and somebody else may compute
// them otherwise.
type Accumulating interface {
	Finishing
	// Accumulation says which sums: of input 0, weights and, where Shape has a bias, a
	// bias.
	Accumulation(in []*tensor.Tensor) (Accumulation, error)
}

// Accumulation is a convolution of integers whose zero points are taken off first.
type Accumulation struct {
	Shape conv.Shape
	XZero int32
	WZero []int32 // one, or one an output channel
}

// sums are those of the definition.
func (a Accumulation) sums(in []*tensor.Tensor) []int32 {
	return accumulate(a.Shape, in, a.XZero, a.WZero)
}

// reference is Reference of such an operator.
func reference(op Accumulating, in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	a, err := op.Accumulation(in)
	if err != nil {
		return nil, err
	}
	return op.Finish(in, a.sums(in))
}
