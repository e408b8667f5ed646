package network

import (
	"errors"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// ConvTransposeInteger is a transposed convolution of integers into int32: inputs x,
// weights and, optionally, an int32 bias. ONNX has none.
type ConvTransposeInteger struct {
	Conv  ConvTranspose
	XZero int32
	WZero []int32 // one, or one an output channel
}

// Infer implements Op.
func (c ConvTransposeInteger) Infer(in []Type) ([]Type, error) {
	s, err := c.Conv.shape(in)
	if err == nil {
		err = errors.Join(wantType(in, 0, narrow...), wantType(in, 1, narrow...), wantType(in, 2, tensor.Int32),
			checkZeros("x", []int32{c.XZero}, in[0].DType, 1), checkZeros("weights", c.WZero, in[1].DType, s.OutChannels))
	}
	if err != nil {
		return nil, err
	}
	return transposed(s, len(in[0].Shape), tensor.Int32)
}

// Reference implements Op.
func (c ConvTransposeInteger) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	s, err := c.Conv.shape(types(in))
	if err != nil {
		return nil, err
	}
	return c.Finish(in, transposedSums(s, in, []int32{c.XZero}, c.WZero))
}

// Finish implements Finishing: the sums are the results.
func (c ConvTransposeInteger) Finish(in []*tensor.Tensor, acc []int32) ([]*tensor.Tensor, error) {
	return sumsAre(c, in, acc)
}

// sumsAre makes sums the results of an operator.
func sumsAre(op Op, in []*tensor.Tensor, acc []int32) ([]*tensor.Tensor, error) {
	out, err := op.Infer(types(in))
	if err != nil {
		return nil, err
	}
	return single(tensor.From(tensor.Int32, acc, out[0].Shape...))
}

// transposedSums returns the sums of a transposed convolution of integers, and its
// bias.
func transposedSums(s conv.TransposeShape, in []*tensor.Tensor, xZero, wZero []int32) []int32 {
	var bias []int32
	if s.Bias {
		bias = less(in[2], []int32{0}, 1)
	}
	return conv.TransposeInt(s, less(in[0], xZero, 1), transposedWeights(s, in[1], wZero), bias)
}

// transposedWeights subtracts the zero points, which belong to output channels: the
// second axis of the weights, within a group.
func transposedWeights(s conv.TransposeShape, w *tensor.Tensor, zero []int32) []int32 {
	out, kernel := less(w, []int32{0}, 1), s.Kernel.H*s.Kernel.W
	for i := range out {
		in, within := i/kernel/s.GroupOutChannels(), i/kernel%s.GroupOutChannels()
		out[i] -= zero[(in/s.GroupInChannels()*s.GroupOutChannels()+within)%len(zero)]
	}
	return out
}
