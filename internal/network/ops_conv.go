package network

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// Conv is a convolution of floats: inputs x, weights [out, in/groups, kernel...]
// and, optionally, bias. With one spatial axis the heights of the pairs are 1 and
// those of the padding 0.
type Conv struct {
	Stride, Dilation conv.Pair
	Padding          conv.Padding
	PaddingMode      conv.PaddingMode // ONNX knows Zeros only
	Groups           int
}

// Infer implements Op.
func (c Conv) Infer(in []Type) ([]Type, error) {
	s, err := c.shape(in, 3)
	if err == nil {
		err = errors.Join(wantType(in, 0, tensor.Float32), wantType(in, 1, tensor.Float32), wantType(in, 2, tensor.Float32))
	}
	if err != nil {
		return nil, err
	}
	return outputOf(s, in, tensor.Float32)
}

// shape resolves the convolution of inputs x, weights, bias, of which there are
// at most so many.
func (c Conv) shape(in []Type, most int) (conv.Shape, error) {
	if err := arity(in, 2, most); err != nil {
		return conv.Shape{}, err
	}
	x, w, err := xAndWeights(in)
	if err != nil {
		return conv.Shape{}, err
	}
	layer := conv.Conv2d{
		InChannels: w.channels * c.Groups, OutChannels: w.batch, Kernel: conv.Pair{H: w.height, W: w.width},
		Stride: c.Stride, Dilation: c.Dilation, Padding: c.Padding, PaddingMode: c.PaddingMode,
		Groups: c.Groups, Bias: !left(in, 2),
	}
	s, err := layer.Resolve(x.batch, x.height, x.width)
	if err == nil && x.channels != layer.InChannels {
		err = fmt.Errorf("input 0 is %s; allowed: %d channels, for weights %v in %d groups", in[0], layer.InChannels, in[1].Shape, c.Groups)
	}
	return s, errors.Join(err, wantShape(in, 2, w.batch))
}

// xAndWeights sees activations and weights as images.
func xAndWeights(in []Type) (x, w image, err error) {
	x, errX := imageOf(in[0])
	w, errW := imageOf(in[1])
	if errX == nil && errW == nil && len(in[0].Shape) != len(in[1].Shape) {
		errW = fmt.Errorf("input 0 is %s, input 1 %s; allowed: as many axes", in[0], in[1])
	}
	return x, w, errors.Join(errX, errW)
}

// outputOf returns the type of the output, with as many axes as input 0.
func outputOf(s conv.Shape, in []Type, dtype tensor.DType) ([]Type, error) {
	m := image{s.Batch, s.OutChannels, s.OutHeight, s.OutWidth}
	return sized(dtype, m.shape(len(in[0].Shape)))
}

// Reference implements Op: kernel rows, columns, then channels, added in turn.
func (c Conv) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	s, err := c.shape(types(in), 3)
	if err != nil {
		return nil, err
	}
	x, w := in[0].Data.([]float32), in[1].Data.([]float32)
	var bias []float32
	if s.Bias {
		bias = in[2].Data.([]float32)
	}
	return asOutput(conv.ReferenceFloat(s, conv.NaturalOrder(s), x, w, bias), s, in, tensor.Float32)
}

// asOutput makes the elements of an output a tensor.
func asOutput(data any, s conv.Shape, in []*tensor.Tensor, dtype tensor.DType) ([]*tensor.Tensor, error) {
	out, err := outputOf(s, types(in), dtype)
	if err != nil {
		return nil, err
	}
	return single(tensor.From(dtype, data, out[0].Shape...))
}

// ConvInteger is a convolution of integers into int32: inputs x, weights.
type ConvInteger struct {
	Conv  Conv
	XZero int32
	WZero []int32 // one, or one an output channel
}

// Infer implements Op.
func (c ConvInteger) Infer(in []Type) ([]Type, error) {
	s, err := c.Conv.shape(in, 2)
	if err == nil {
		err = errors.Join(wantType(in, 0, narrow...), wantType(in, 1, narrow...),
			checkZeros("x", []int32{c.XZero}, in[0].DType, 1), checkZeros("weights", c.WZero, in[1].DType, s.OutChannels))
	}
	if err != nil {
		return nil, err
	}
	return outputOf(s, in, tensor.Int32)
}

// Reference implements Op.
func (c ConvInteger) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return reference(c, in)
}

// Accumulation implements Accumulating.
func (c ConvInteger) Accumulation(in []*tensor.Tensor) (Accumulation, error) {
	s, err := c.Conv.shape(types(in), 2)
	return Accumulation{s, c.XZero, c.WZero}, err
}

// Finish implements Accumulating: the sums are the results.
func (c ConvInteger) Finish(in []*tensor.Tensor, acc []int32) ([]*tensor.Tensor, error) {
	s, err := c.Conv.shape(types(in), 2)
	if err != nil {
		return nil, err
	}
	return asOutput(acc, s, in, tensor.Int32)
}

// accumulate returns the sums of a convolution of integers, and its bias.
func accumulate(s conv.Shape, in []*tensor.Tensor, xZero int32, wZero []int32) []int32 {
	x, w := less(in[0], []int32{xZero}, 1), less(in[1], wZero, s.Taps())
	var bias []int32
	if s.Bias {
		bias = less(in[2], []int32{0}, 1)
	}
	return conv.ReferenceInt(s, conv.NaturalOrder(s), conv.Accumulator{Bits: 32}, x, w, bias).Held
}

// less returns integers minus their zero point, of which there is one for every
// run of elements, from the first again after the last.
func less(x *tensor.Tensor, zero []int32, run int) []int32 {
	out := x.Int32s(make([]int32, 0, x.Len()), 0, x.Len())
	for i := range out {
		out[i] -= zero[i/run%len(zero)]
	}
	return out
}

// QLinearConv is a convolution of integers with requantised results: inputs x,
// weights and, optionally, an int32 bias with the scale of x times that of w.
type QLinearConv struct {
	Conv  Conv
	X, Y  Quant // one scale each
	W     Quant // one scale, or one an output channel
	Clamp *Clamp

	Rounding Rounding
}

// Infer implements Op.
func (q QLinearConv) Infer(in []Type) ([]Type, error) {
	s, err := q.Conv.shape(in, 3)
	if err == nil {
		err = errors.Join(checkOperands(in, q.X, q.W, q.Y, s.OutChannels), q.Rounding.check(s.OutChannels))
	}
	if err != nil {
		return nil, err
	}
	return outputOf(s, in, q.Y.DType)
}

// checkOperands finds what is wrong with scales and types of integer x, weights
// of that many channels, and bias.
func checkOperands(in []Type, x, w, y Quant, channels int) error {
	return errors.Join(wantType(in, 0, narrow...), wantType(in, 1, narrow...), wantType(in, 2, tensor.Int32),
		x.check("x", in[0].DType, 1), w.check("weights", in[1].DType, channels), y.checkScales("the output", 1))
}

// Reference implements Op.
func (q QLinearConv) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return reference(q, in)
}

// Accumulation implements Accumulating.
func (q QLinearConv) Accumulation(in []*tensor.Tensor) (Accumulation, error) {
	s, err := q.Conv.shape(types(in), 3)
	return Accumulation{s, q.X.zero(0), q.W.Zero}, err
}

// Finish implements Accumulating.
func (q QLinearConv) Finish(in []*tensor.Tensor, acc []int32) ([]*tensor.Tensor, error) {
	s, err := q.Conv.shape(types(in), 3)
	if err != nil {
		return nil, err
	}
	out, err := outputOf(s, types(in), q.Y.DType)
	if err != nil {
		return nil, err
	}
	return q.Rounding.requantized(q.X, q.W, q.Y, out[0].Shape, acc, s.OutHeight*s.OutWidth, q.Clamp)
}

// Element returns what Finish makes of each sum of an output channel.
func (q QLinearConv) Element() func(channel int, sum int32) int64 {
	return q.Rounding.element(q.X, q.W, q.Y, q.Clamp)
}

// multipliers returns the multiplier of each scale of the weights.
func multipliers(x, w, y Quant) []float32 {
	out := make([]float32, len(w.Scale))
	for i := range out {
		out[i] = multiplier(x, w, y, i)
	}
	return out
}
