package network_test

import (
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// quantised are operators of integers, worked out by hand.
var quantised = map[string]struct {
	op   network.Op
	in   []*tensor.Tensor
	want *tensor.Tensor
}{
	"quantize ties to even, then zero": {network.QuantizeLinear{Y: q(tensor.Int8, 2, 1)}, list(f32(values{1, 3, -1, -3, 1000, -inf, nan})),
		i8([]int8{1, 3, 1, -1, 127, -128, 1})},
	"quantize along an axis": {network.QuantizeLinear{Axis: -1, Y: network.Quant{DType: tensor.UInt8, Scale: []float32{1, 2}, Zero: []int32{0, 10}}},
		list(f32(values{4, 4, 300, -30}, 2, 2)), u8([]uint8{4, 12, 255, 0}, 2, 2)},
	// 0.3 / 0.1 in float32 is 3; times the reciprocal it would be 3.0000002.
	"quantize divides":        {network.QuantizeLinear{Y: q(tensor.Int8, 0.2, 0)}, list(f32(values{0.1, 0.3, 0.5})), i8([]int8{0, 2, 2})},
	"quantize int32":          {network.QuantizeLinear{Y: q(tensor.Int8, 4, 0)}, list(i32([]int32{9, -10})), i8([]int8{2, -2})},
	"dequantize":              {network.DequantizeLinear{X: q(tensor.UInt8, 0.5, 128)}, list(u8([]uint8{0, 255})), f32(values{-64, 63.5})},
	"dequantize int32":        {network.DequantizeLinear{X: q(tensor.Int32, 2, 0)}, list(i32([]int32{1<<24 + 1})), f32(values{1 << 25})},
	"dynamic":                 {network.DynamicQuantizeLinear{}, list(f32(values{-1, 0, 4.1})), u8([]uint8{0, 50, 255})},
	"dynamic of nothing":      {network.DynamicQuantizeLinear{}, list(f32(values{0, 0})), u8([]uint8{0, 0})},
	"add, zero point rounded": {network.QLinearAdd{A: q(tensor.Int8, 0.5, 0), B: q(tensor.Int8, 1, 0), C: q(tensor.Int8, 1, 1)}, list(i8([]int8{1, 3}), i8([]int8{0, 0})), i8([]int8{2, 2})},
	"add, saturated":          {network.QLinearAdd{A: q(tensor.UInt8, 1, 0), B: q(tensor.UInt8, 1, 0), C: q(tensor.UInt8, 1, 0)}, list(u8([]uint8{200}), u8([]uint8{100})), u8([]uint8{255})},
	// 205 * 5237765 * 2^-55 + 0.5 is 2^-55 above a tie of two float32s: rounded once it
	// is more than a half. The 2^-55 are lost if it is rounded to float64 first.
	"add, rounded once": {network.QLinearAdd{A: q(tensor.UInt8, 5237765.0/(1<<55), 0), B: q(tensor.UInt8, 0.5, 1), C: q(tensor.UInt8, 1, 1)},
		list(u8([]uint8{205}), u8([]uint8{0})), u8([]uint8{1})},
	"mul, rounded before": {network.QLinearMul{A: q(tensor.Int8, 0.5, 0), B: q(tensor.Int8, 1, 1), C: q(tensor.Int8, 1, 1)}, list(i8([]int8{1, 3}), i8([]int8{2})), i8([]int8{1, 3})},
	"concat of scales": {network.QLinearConcat{X: []network.Quant{q(tensor.Int8, 1, 0), q(tensor.Int8, 2, 1)}, Y: q(tensor.Int8, 1, 5)},
		list(i8([]int8{1}), i8([]int8{3})), i8([]int8{6, 9})},
	"sigmoid table": {network.QLinearSigmoid{X: q(tensor.Int8, 1, 0), Y: q(tensor.UInt8, 1.0/256, 0)}, list(i8([]int8{0, 127, -128})), u8([]uint8{128, 255, 0})},
	"leaky table":   {network.QLinearLeakyRelu{Alpha: 0.25, X: q(tensor.Int8, 1, 0), Y: q(tensor.Int8, 1, 0)}, list(i8([]int8{-8, 8, -10})), i8([]int8{-2, 8, -2})},
	"global average, channels last": {network.QLinearGlobalAveragePool{X: q(tensor.UInt8, 1, 10), Y: q(tensor.UInt8, 1, 0), ChannelsLast: true},
		list(u8([]uint8{10, 20, 13, 40}, 1, 1, 2, 2)), u8([]uint8{2, 20}, 1, 1, 1, 2)},
	"average pool": {network.QLinearAveragePool{Pool: network.AveragePool{Pool: pool1(2, 2, false)}, X: q(tensor.Int8, 1, 0), Y: q(tensor.Int8, 0.5, 0)},
		list(i8([]int8{1, 2, 5, 8}, 1, 1, 4)), i8([]int8{3, 13}, 1, 1, 2)},
	"softmax": {network.QLinearSoftmax{Softmax: network.Softmax{Axis: 1}, X: q(tensor.Int8, 1, 0), Y: q(tensor.UInt8, 1.0/256, 0)},
		list(i8([]int8{3, 3}, 1, 2)), u8([]uint8{128, 128}, 1, 2)},
	"matmul": {network.QLinearMatMul{
		A: network.Quant{DType: tensor.Int8, Scale: []float32{1, 2}, Zero: []int32{0, 1}},
		B: network.Quant{DType: tensor.Int8, Scale: []float32{1, 4}, Zero: []int32{0}}, Y: q(tensor.Int8, 1, 0)},
		list(i8([]int8{1, 2, 3, 4}, 2, 2), i8([]int8{1, 0, 0, 1}, 2, 2)), i8([]int8{1, 8, 4, 24}, 2, 2)},
	"gemm to floats": {network.QGemm{Alpha: 1, A: q(tensor.Int8, 0.5, 1), B: q(tensor.Int8, 2, 0)},
		list(i8([]int8{3, 4}, 1, 2), i8([]int8{1, 1}, 2, 1), i32([]int32{10}, 1)), f32(values{15}, 1, 1)},
	"gemm, clamped": {network.QGemm{Alpha: 1, A: q(tensor.Int8, 0.5, 1), B: q(tensor.Int8, 2, 0), Y: q(tensor.Int8, 1, 0), Clamp: &network.Clamp{Lo: 0, Hi: 6}},
		list(i8([]int8{3, 4}, 1, 2), i8([]int8{1, 1}, 2, 1), i32([]int32{10}, 1)), i8([]int8{6}, 1, 1)},
	"conv, weights with zero points": {network.QLinearConv{
		Conv: network.Conv{Stride: one, Dilation: one, Groups: 1}, X: q(tensor.UInt8, 0.5, 2), Y: q(tensor.UInt8, 1, 1),
		W: network.Quant{DType: tensor.UInt8, Scale: []float32{1, 2}, Zero: []int32{1, 2}}},
		list(u8([]uint8{5}, 1, 1, 1), u8([]uint8{2, 4}, 2, 1, 1)), u8([]uint8{3, 7}, 1, 2, 1)},
	"transposed conv": {network.QLinearConvTranspose{
		Conv: network.ConvTranspose{Stride: one, Dilation: one, Groups: 1}, X: q(tensor.Int8, 1, 0), Y: q(tensor.Int8, 1, 0),
		W: network.Quant{DType: tensor.Int8, Scale: []float32{1, 0.5}, Zero: []int32{0, 1}}},
		list(i8([]int8{2, 3}, 1, 1, 2), i8([]int8{1, 2, 1, 3}, 1, 2, 2), i32([]int32{0, 4})),
		i8([]int8{2, 7, 6, 2, 4, 5}, 1, 2, 3)},
	"table": {network.Table{In: tensor.Int8, Out: tensor.UInt8, Entries: entries()}, list(i8([]int8{0, 1, -1})), u8([]uint8{0, 1, 255})},
}

// entries is the table that keeps the byte.
func entries() (out [256]int16) {
	for i := range out {
		out[i] = int16(i)
	}
	return out
}
