package network

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// ConvTranspose is a transposed convolution of floats: inputs x, weights
// [in, out/groups, kernel...] and, optionally, bias. The fields are those of
// conv.ConvTranspose2d; with one spatial axis the heights of the pairs are 1,
// those of padding and output padding 0.
type ConvTranspose struct {
	Stride, Dilation conv.Pair
	Padding          conv.Padding // crops the output
	OutputPadding    conv.Pair
	OutputSize       conv.Pair // zero: it follows from the padding
	Groups           int
}

// Infer implements Op.
func (c ConvTranspose) Infer(in []Type) ([]Type, error) {
	s, err := c.shape(in)
	if err == nil {
		err = errors.Join(wantType(in, 0, tensor.Float32), wantType(in, 1, tensor.Float32), wantType(in, 2, tensor.Float32))
	}
	if err != nil {
		return nil, err
	}
	return transposed(s, len(in[0].Shape), tensor.Float32)
}

// shape resolves the convolution of inputs x, weights, bias.
func (c ConvTranspose) shape(in []Type) (conv.TransposeShape, error) {
	if err := arity(in, 2, 3); err != nil {
		return conv.TransposeShape{}, err
	}
	x, w, err := xAndWeights(in)
	if err != nil {
		return conv.TransposeShape{}, err
	}
	layer := conv.ConvTranspose2d{
		InChannels: w.batch, OutChannels: w.channels * c.Groups, Kernel: conv.Pair{H: w.height, W: w.width},
		Stride: c.Stride, Dilation: c.Dilation, Padding: c.Padding, OutputPadding: c.OutputPadding,
		OutputSize: c.OutputSize, Groups: c.Groups, Bias: !left(in, 2),
	}
	s, err := layer.Resolve(x.batch, x.height, x.width)
	if err == nil && x.channels != layer.InChannels {
		err = fmt.Errorf("input 0 is %s; allowed: %d channels, for weights %v", in[0], layer.InChannels, in[1].Shape)
	}
	return s, errors.Join(err, wantShape(in, 2, layer.OutChannels))
}

// transposed returns the type of the output, with that many axes.
func transposed(s conv.TransposeShape, rank int, dtype tensor.DType) ([]Type, error) {
	m := image{s.Batch, s.OutChannels, s.OutHeight, s.OutWidth}
	return sized(dtype, m.shape(rank))
}

// Reference implements Op, in the order of conv.TransposeFloat.
func (c ConvTranspose) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	s, err := c.shape(types(in))
	if err != nil {
		return nil, err
	}
	out, err := transposed(s, len(in[0].Shape()), tensor.Float32)
	if err != nil {
		return nil, err
	}
	var bias []float32
	if s.Bias {
		bias = in[2].Data.([]float32)
	}
	y := conv.TransposeFloat(s, in[0].Data.([]float32), in[1].Data.([]float32), bias)
	return single(tensor.From(tensor.Float32, y, out[0].Shape...))
}

// QLinearConvTranspose is a transposed convolution of integers with requantised
// results, inputs as for QLinearConv. ONNX has none: it comes from a
// ConvTranspose between DequantizeLinear and QuantizeLinear.
type QLinearConvTranspose struct {
	Conv  ConvTranspose
	X, Y  Quant // one scale each
	W     Quant // one scale, or one an output channel
	Clamp *Clamp

	Rounding Rounding
}

// Infer implements Op.
func (q QLinearConvTranspose) Infer(in []Type) ([]Type, error) {
	s, err := q.Conv.shape(in)
	if err == nil {
		err = errors.Join(checkOperands(in, q.X, q.W, q.Y, s.OutChannels), q.Rounding.check(s.OutChannels))
	}
	if err != nil {
		return nil, err
	}
	return transposed(s, len(in[0].Shape), q.Y.DType)
}

// Reference implements Op.
func (q QLinearConvTranspose) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	s, err := q.Conv.shape(types(in))
	if err != nil {
		return nil, err
	}
	return q.Finish(in, transposedSums(s, in, q.X.Zero, q.W.Zero))
}

// Finish implements Finishing.
func (q QLinearConvTranspose) Finish(in []*tensor.Tensor, acc []int32) ([]*tensor.Tensor, error) {
	s, err := q.Conv.shape(types(in))
	if err != nil {
		return nil, err
	}
	out, err := transposed(s, len(in[0].Shape()), q.Y.DType)
	if err != nil {
		return nil, err
	}
	return q.Rounding.requantized(q.X, q.W, q.Y, out[0].Shape, acc, s.OutHeight*s.OutWidth, q.Clamp)
}
