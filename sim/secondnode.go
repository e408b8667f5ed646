package sim

import (
	"context"
	"sync/atomic"

	"github.com/convsim/convsim/configs"
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

// rightBySecond reports whether every element of a big requantised convolution is what its
// definition makes of a sum of package second: one that is not, or one that nobody knows, is
// for others to look at.
func (n *Network) rightBySecond(ctx context.Context, node network.Node, in []*tensor.Tensor, tensors map[string]*tensor.Tensor) (bool, error) {
	op, ok := node.Op.(network.QLinearConv)
	got := tensors[node.Outputs[0]]
	if !ok || got == nil || got.DType() != op.Y.DType {
		return false, nil
	}
	a, err := op.Accumulation(in)
	if err != nil || a.Shape.MACs() < secondWork || int64(got.Len()) != a.Shape.OutputElements() {
		return false, err
	}
	switch y := got.Data.(type) {
	case []int8:
		return right(ctx, op, a, in, y), ctx.Err()
	case []uint8:
		return right(ctx, op, a, in, y), ctx.Err()
	}
	return false, nil
}

// right is rightBySecond of elements of a type.
func right[T second.Integer](ctx context.Context, op network.QLinearConv, a network.Accumulation, in []*tensor.Tensor, got []T) bool {
	certain, element := certainOfNode[T](op), op.Element()
	if certain == nil {
		return false
	}
	s := a.Shape
	var wrong atomic.Bool
	ok := sumsBySecond(ctx, a, in, func(image, channel, y int, sums []int32) {
		row := got[((image*s.OutChannels+channel)*s.OutHeight+y)*s.OutWidth:][:len(sums)]
		for i := 0; i < len(sums) && !wrong.Load(); i++ {
			if i += certain(channel, sums[i:], row[i:]); i < len(sums) && element(channel, sums[i]) != int64(row[i]) {
				wrong.Store(true)
			}
		}
	})
	return ok && !wrong.Load() && ctx.Err() == nil
}

// certainOfNode is certainOf a requantised convolution, nil where its limits are none of its
// type.
func certainOfNode[T second.Integer](op network.QLinearConv) func(channel int, sums []int32, got []T) int {
	r := &configs.Requantize{Rule: configs.ONNX, InputScale: op.X.Scale[0], WeightScale: op.W.Scale, OutputScale: op.Y.Scale[0],
		Shift: op.Rounding.Shift, OutputZeroPoint: int64(op.Y.Zero[0]), DType: op.Y.DType}
	switch op.Rounding.Rule {
	case network.TFLite:
		r.Rule = configs.TFLite
	case network.Shift:
		r.Rule = configs.Shift
	}
	least, most := r.DType.Range()
	if c := op.Clamp; c != nil {
		least, most = max(least, int64(c.Lo)), min(most, int64(c.Hi))
	}
	if least > most {
		return nil
	}
	return certainWithin[T](r, int32(least), int32(most))
}

// integersBySecond is bySecond of sums of integers.
func integersBySecond(ctx context.Context, op network.Accumulating, in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	a, err := op.Accumulation(in)
	if err != nil || a.Shape.MACs() < secondWork {
		return nil, err
	}
	s := a.Shape
	acc := make([]int32, s.OutputElements())
	ok := sumsBySecond(ctx, a, in, func(image, channel, y int, sums []int32) {
		copy(acc[((image*s.OutChannels+channel)*s.OutHeight+y)*s.OutWidth:], sums)
	})
	if !ok || ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return op.Finish(in, acc)
}

// visitor sees rows of sums, as those of second.Sums do.
type visitor func(image, channel, y int, sums []int32)

// sumsBySecond has rows of sums of package second visited, false where that declines.
func sumsBySecond(ctx context.Context, a network.Accumulation, in []*tensor.Tensor, visit visitor) bool {
	switch w := in[1].Data.(type) {
	case []int8:
		return sumsOf(ctx, a, w, in, visit)
	case []uint8:
		return sumsOf(ctx, a, w, in, visit)
	case []int16:
		return sumsOf(ctx, a, w, in, visit)
	}
	return false
}

// sumsOf is sumsBySecond with weights of a type.
func sumsOf[W second.Integer](ctx context.Context, a network.Accumulation, w []W, in []*tensor.Tensor, visit visitor) bool {
	l := second.Layer[W]{Shape: a.Shape, XZero: a.XZero, Weights: w, WZero: a.WZero}
	if a.Shape.Bias {
		l.Bias = in[2].Int32s(nil, 0, in[2].Len())
	}
	return sums(ctx, l, in[0], visit)
}
