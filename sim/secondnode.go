package sim

import (
	"context"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/second"
	"github.com/convsim/convsim/tensor"
)

// bySecond computes what a node should make of its inputs from sums of package second, nil
// where it is small, no convolution, or second declines.
func (n *Network) bySecond(ctx context.Context, i int, node network.Node, in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	if op, ok := node.Op.(network.Accumulating); ok {
		return integersBySecond(ctx, op, in)
	}
	f, ok := n.floatProduct(i, node, in)
	if !ok || f.shape.MACs() < secondWork {
		return nil, nil
	}
	s := f.shape
	y := make([]float32, s.OutputElements())
	l := second.FloatLayer{Shape: s, Order: f.beats, Weights: f.weight, Bias: f.bias}
	put := func(image, channel, row int, sums []float32) {
		copy(y[((image*s.OutChannels+channel)*s.OutHeight+row)*s.OutWidth:], sums)
	}
	if !second.FloatSums(ctx, l, f.x, put) || ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return f.result(y)
}

// integersBySecond is bySecond of sums of integers.
func integersBySecond(ctx context.Context, op network.Accumulating, in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	a, err := op.Accumulation(in)
	if err != nil || a.Shape.MACs() < secondWork {
		return nil, err
	}
	acc := make([]int32, a.Shape.OutputElements())
	ok := false
	switch w := in[1].Data.(type) {
	case []int8:
		ok = sumsOf(ctx, a, w, in, acc)
	case []uint8:
		ok = sumsOf(ctx, a, w, in, acc)
	case []int16:
		ok = sumsOf(ctx, a, w, in, acc)
	}
	if !ok || ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return op.Finish(in, acc)
}

// sumsOf puts the sums with weights of a type into acc.
func sumsOf[W second.Integer](ctx context.Context, a network.Accumulation, w []W, in []*tensor.Tensor, acc []int32) bool {
	s := a.Shape
	l := second.Layer[W]{Shape: s, XZero: a.XZero, Weights: w, WZero: a.WZero}
	if s.Bias {
		l.Bias = in[2].Int32s(nil, 0, in[2].Len())
	}
	put := func(image, channel, y int, sums []int32) {
		copy(acc[((image*s.OutChannels+channel)*s.OutHeight+y)*s.OutWidth:], sums)
	}
	switch x := in[0].Data.(type) {
	case []int8:
		return second.Sums(ctx, l, x, put)
	case []uint8:
		return second.Sums(ctx, l, x, put)
	case []int16:
		return second.Sums(ctx, l, x, put)
	}
	return false
}
