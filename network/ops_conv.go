package network

import "github.com/convsim/convsim/conv"

// Conv is a convolution of floats: inputs x, weights [out, in/groups, kernel...]
// and, optionally, bias. With one spatial axis the heights of the pairs are 1 and
// those of the padding 0.
type Conv struct {
	Stride, Dilation conv.Pair
	Padding          conv.Padding
	PaddingMode      conv.PaddingMode // ONNX knows Zeros only
	Groups           int
}

// ConvInteger is a convolution of integers into int32: inputs x, weights.
type ConvInteger struct {
	Conv  Conv
	XZero int32
	WZero []int32 // one, or one an output channel
}

// QLinearConv is a convolution of integers with requantised results: inputs x,
// weights and, optionally, an int32 bias with the scale of x times that of w.
type QLinearConv struct {
	Conv  Conv
	X, Y  Quant // one scale each
	W     Quant // one scale, or one an output channel
	Clamp *Clamp
}

// ConvTranspose is a transposed convolution of floats: inputs x, weights
// [in, out/groups, kernel...] and, optionally, bias.
type ConvTranspose struct {
	Stride, Dilation conv.Pair
	// Padding crops the output. SameUpper and SameLower make the output stride
	// times the input.
	Padding       conv.Padding
	OutputPadding conv.Pair // rows and columns added at the bottom and right
	// OutputSize is the size wanted, for which the padding is then worked out, the
	// larger half first unless Padding.Kind is SameUpper. Zero: it follows from
	// the padding.
	OutputSize conv.Pair
	Groups     int
}

// QLinearConvTranspose is a transposed convolution of integers with requantised
// results, inputs as for QLinearConv. ONNX has none: it comes from a
// ConvTranspose between DequantizeLinear and QuantizeLinear.
type QLinearConvTranspose struct {
	Conv  ConvTranspose
	X, Y  Quant // one scale each
	W     Quant // one scale, or one an output channel
	Clamp *Clamp
}
