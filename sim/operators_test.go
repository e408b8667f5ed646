package sim

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// operator is a node to be streamed by itself: its streams, then its constants.
type operator struct {
	name      string
	op        network.Op
	dtype     tensor.DType
	inputs    [][]int
	constants []*tensor.Tensor
}

// operators lists operators with attributes of all kinds.
func operators(r *rand.Rand) []operator {
	f32, i8, u8, i32 := tensor.Float32, tensor.Int8, tensor.UInt8, tensor.Int32
	pair := func(h, w int) conv.Pair { return conv.Pair{H: h, W: w} }
	one := pair(1, 1)
	sides := func(t, b, l, r int) conv.Padding {
		return conv.Padding{Sides: conv.Sides{Top: t, Bottom: b, Left: l, Right: r}}
	}
	q := func(d tensor.DType, zero int32, scale ...float32) network.Quant {
		return network.Quant{DType: d, Scale: scale, Zero: []int32{zero}}
	}
	x, y := q(u8, 100, 0.02), q(u8, 7, 0.06)
	w := func(d tensor.DType, shape ...int) *tensor.Tensor { return testTensor(r, d, shape...) }
	positive := func(shape ...int) *tensor.Tensor {
		t := w(f32, shape...)
		for i, v := range t.Data.([]float32) {
			t.Data.([]float32)[i] = v*v + 0.1
		}
		return t
	}
	in := func(shapes ...[]int) [][]int { return shapes }
	image := []int{2, 4, 6, 5}
	pool := network.Pool{Kernel: pair(3, 2), Stride: pair(2, 1), Dilation: one, Padding: sides(1, 1, 1, 0)}
	ceil := network.Pool{Kernel: pair(2, 2), Stride: pair(2, 2), Dilation: one, Ceil: true}
	three := 3.0
	list := []operator{
		{"conv", network.Conv{Stride: pair(2, 1), Dilation: pair(1, 2), Groups: 2, Padding: sides(1, 0, 2, 1)}, f32, in(image),
			[]*tensor.Tensor{w(f32, 6, 2, 3, 2), w(f32, 6)}},
		{"conv, one axis", network.Conv{Stride: one, Dilation: one, Groups: 1, Padding: sides(0, 0, 1, 1)}, f32, in([]int{2, 4, 9}),
			[]*tensor.Tensor{w(f32, 3, 4, 3)}},
		{"conv, depthwise", network.Conv{Stride: one, Dilation: one, Groups: 4}, f32, in(image), []*tensor.Tensor{w(f32, 8, 1, 3, 3)}},
		{"conv integer", network.ConvInteger{Conv: network.Conv{Stride: one, Dilation: one, Groups: 1, Padding: sides(1, 1, 1, 1)}, XZero: 100, WZero: []int32{3}},
			u8, in(image), []*tensor.Tensor{w(i8, 3, 4, 3, 3)}},
		{"qlinear conv", network.QLinearConv{Conv: network.Conv{Stride: one, Dilation: one, Groups: 1, Padding: sides(1, 1, 1, 1)}, X: x, Y: y,
			W: network.Quant{DType: i8, Scale: []float32{0.01, 0.02, 0.003}, Zero: []int32{0, 1, -2}}, Clamp: &network.Clamp{Lo: 7, Hi: 200}},
			u8, in(image), []*tensor.Tensor{w(i8, 3, 4, 3, 3), w(i32, 3)}},
		{"transposed", network.ConvTranspose{Stride: pair(2, 3), Dilation: pair(1, 2), Groups: 2, Padding: sides(1, 0, 2, 1), OutputPadding: pair(1, 0)}, f32,
			in(image), []*tensor.Tensor{w(f32, 4, 3, 3, 2), w(f32, 6)}},
		{"transposed, cropped", network.ConvTranspose{Stride: pair(2, 2), Dilation: one, Groups: 1, Padding: sides(2, 2, 1, 2)}, f32,
			in(image), []*tensor.Tensor{w(f32, 4, 3, 2, 2)}},
		{"qlinear transposed", network.QLinearConvTranspose{Conv: network.ConvTranspose{Stride: pair(2, 2), Dilation: one, Groups: 1}, X: x, Y: y,
			W: q(i8, 0, 0.01)}, u8, in(image), []*tensor.Tensor{w(i8, 4, 3, 2, 2), w(i32, 3)}},
		{"gemm", network.Gemm{Alpha: 1, Beta: 1, TransB: true}, f32, in([]int{3, 8}), []*tensor.Tensor{w(f32, 5, 8), w(f32, 5)}},
		{"matmul", network.MatMul{}, f32, in([]int{3, 8}), []*tensor.Tensor{w(f32, 8, 5)}},
		{"matmul integer", network.MatMulInteger{AZero: []int32{100}, BZero: []int32{1, 2, 3, 4, 5}}, u8, in([]int{3, 8}), []*tensor.Tensor{w(i8, 8, 5)}},
		{"qlinear matmul", network.QLinearMatMul{A: x, B: q(i8, 0, 0.01), Y: y}, u8, in([]int{3, 8}), []*tensor.Tensor{w(i8, 8, 5)}},
		{"qgemm", network.QGemm{Alpha: 1, TransB: true, A: x, B: q(i8, 0, 0.01), Y: y}, u8, in([]int{3, 8}), []*tensor.Tensor{w(i8, 5, 8), w(i32, 5)}},
		{"max pool", network.MaxPool{Pool: pool}, f32, in(image), nil},
		{"max pool, int8, ceil", network.MaxPool{Pool: ceil}, i8, in([]int{2, 4, 7, 5}), nil},
		{"average pool", network.AveragePool{Pool: pool}, f32, in(image), nil},
		{"average pool, padding counted, ceil", network.AveragePool{Pool: network.Pool{Kernel: pair(3, 3), Stride: pair(2, 2), Dilation: one,
			Padding: sides(1, 1, 1, 1), Ceil: true}, CountIncludePad: true}, f32, in(image), nil},
		{"average pool, divisor", network.AveragePool{Pool: pool, Divisor: 5}, f32, in(image), nil},
		{"global average", network.GlobalAveragePool{}, f32, in(image), nil},
		{"global max", network.GlobalMaxPool{}, f32, in(image), nil},
		{"qlinear average", network.QLinearAveragePool{Pool: network.AveragePool{Pool: pool}, X: x, Y: y}, u8, in(image), nil},
		{"qlinear global average", network.QLinearGlobalAveragePool{X: x, Y: y}, u8, in(image), nil},
		{"average of the image", network.AveragePool{Pool: network.Pool{Kernel: pair(6, 5), Stride: pair(2, 1), Dilation: one}}, f32, in(image), nil},
		{"average of the image, divisor", network.AveragePool{Pool: network.Pool{Kernel: pair(6, 5), Stride: one, Dilation: one}, Divisor: 7}, f32, in(image), nil},
		{"max of the image, int8", network.MaxPool{Pool: network.Pool{Kernel: pair(6, 5), Stride: one, Dilation: one}}, i8, in(image), nil},
		{"global average of lines", network.GlobalAveragePool{}, f32, in([]int{2, 4, 5}), nil},
		{"leaky relu", network.LeakyRelu{Alpha: 0.1}, f32, in(image), nil},
		{"elu", network.Elu{Alpha: 1.5}, f32, in(image), nil},
		{"hard sigmoid", network.HardSigmoid{Alpha: 0.2, Beta: 0.5}, f32, in(image), nil},
		{"gelu", network.Gelu{}, f32, in(image), nil},
		{"gelu by tanh", network.Gelu{Tanh: true}, f32, in(image), nil},
		{"clip", network.Clip{Hi: &three}, f32, in(image), nil},
		{"prelu", network.PRelu{}, f32, in(image), []*tensor.Tensor{w(f32, 4, 1, 1)}},
		{"cast", network.Cast{To: tensor.Float32}, u8, in(image), nil},
		{"cast to integers", network.Cast{To: tensor.Int8}, f32, in(image), nil},
		{"add", network.Combine{How: network.Add}, f32, in(image, image), nil},
		{"sub, per channel", network.Combine{How: network.Sub}, f32, in(image), []*tensor.Tensor{w(f32, 1, 4, 1, 1)}},
		{"mul, squeezed", network.Combine{How: network.Mul}, f32, in(image, []int{2, 4, 1, 1}), nil},
		{"div, everywhere", network.Combine{How: network.Div}, f32, in(image), []*tensor.Tensor{positive(1, 4, 6, 5)}},
		{"max of three", network.Combine{How: network.Max}, f32, in(image, image, image), nil},
		{"mean of two", network.Combine{How: network.Mean}, f32, in(image, image), nil},
		{"add int32", network.Combine{How: network.Add}, i32, in(image, image), nil},
		{"qlinear add", network.QLinearAdd{A: x, B: y, C: x}, u8, in(image, image), nil},
		{"qlinear mul", network.QLinearMul{A: x, B: x, C: y}, u8, in(image, image), nil},
		{"qlinear sigmoid", network.QLinearSigmoid{X: x, Y: q(u8, 0, 1.0/256)}, u8, in(image), nil},
		{"qlinear leaky relu", network.QLinearLeakyRelu{Alpha: 0.1, X: x, Y: y}, u8, in(image), nil},
		{"qlinear softmax", network.QLinearSoftmax{Softmax: network.Softmax{Axis: 1}, X: x, Y: q(u8, 0, 1.0/256)}, u8, in([]int{2, 9}), nil},
		{"qlinear concat", network.QLinearConcat{Axis: 1, X: []network.Quant{x, x}, Y: y}, u8, in(image, image), nil},
		{"quantize", network.QuantizeLinear{Y: y}, f32, in(image), nil},
		{"quantize, per channel", network.QuantizeLinear{Axis: 1, Y: network.Quant{DType: i8, Scale: []float32{0.1, 0.2, 0.3, 0.4}, Zero: []int32{1, 2, 3, 4}}}, f32, in(image), nil},
		{"dequantize", network.DequantizeLinear{X: x}, u8, in(image), nil},
		{"batch normalisation", network.BatchNormalization{Epsilon: 1e-5}, f32, in(image), []*tensor.Tensor{w(f32, 4), w(f32, 4), w(f32, 4), positive(4)}},
		{"lrn", network.LRN{Size: 3, Alpha: 0.01, Beta: 0.75, Bias: 1}, f32, in(image), nil},
		{"softmax", network.Softmax{Axis: 1}, f32, in(image), nil},
		{"softmax, last axis", network.Softmax{Axis: -1}, f32, in(image), nil},
		{"softmax, flattened", network.Softmax{Axis: 1, Flatten: true}, f32, in(image), nil},
		{"log softmax", network.Softmax{Axis: 1, Log: true}, f32, in([]int{2, 9}), nil},
		{"reduce mean over space", network.Reduce{How: network.ReduceMean, Axes: []int{2, 3}}, f32, in(image), nil},
		{"reduce max over space, kept", network.Reduce{How: network.ReduceMax, Axes: []int{-1, 2}, KeepDims: true}, f32, in(image), nil},
		{"reduce mean over lines", network.Reduce{How: network.ReduceMean, Axes: []int{-1}}, f32, in([]int{2, 4, 5}), nil},
		{"reduce sum, kept", network.Reduce{How: network.ReduceSum, Axes: []int{1}, KeepDims: true}, f32, in(image), nil},
		{"arg max", network.ArgMax{Axis: 1}, f32, in([]int{2, 9}), nil},
		{"arg max over channels", network.ArgMax{Axis: 1, KeepDims: true}, f32, in(image), nil},
		{"reshape", network.Reshape{Shape: []int{2, -1}}, f32, in(image), nil},
		{"reshape, an axis parted", network.Reshape{Shape: []int{2, 2, 2, 6, 5}}, f32, in(image), nil},
		{"transpose", network.Transpose{Perm: []int{0, 2, 3, 1}}, f32, in(image), nil},
		{"transpose of three", network.Transpose{Perm: []int{0, 2, 1}}, f32, in([]int{2, 4, 5}), nil},
		{"concat of channels", network.Concat{Axis: 1}, f32, in(image, []int{2, 6, 6, 5}), nil},
		{"concat of rows", network.Concat{Axis: 2}, f32, in(image, []int{2, 4, 3, 5}), nil},
		{"split", network.Split{Axis: 1, Sizes: []int{2, 6, 4}}, f32, in([]int{2, 12, 3, 2}), nil},
		{"slice", network.Slice{Starts: []int{1, -1}, Ends: []int{5, -100}, Axes: []int{2, 3}, Steps: []int{2, -1}}, f32, in(image), nil},
		{"pad, constant", network.Pad{Begin: []int{0, 1, 2, 0}, End: []int{0, 0, 1, 3}, Value: 0.5}, f32, in(image), nil},
		{"pad, reflect", network.Pad{Mode: network.PadReflect, Begin: []int{0, 0, 2, 1}, End: []int{0, 0, 1, 3}}, f32, in(image), nil},
		{"pad, edge, cropped", network.Pad{Mode: network.PadEdge, Begin: []int{0, 0, 2, -1}, End: []int{0, 0, -1, 3}}, f32, in(image), nil},
		{"depth to space", network.DepthToSpace{Block: 2}, f32, in(image), nil},
		{"depth to space, crd", network.DepthToSpace{Block: 2, CRD: true}, f32, in([]int{2, 8, 3, 2}), nil},
		{"space to depth", network.SpaceToDepth{Block: 2}, f32, in([]int{2, 3, 6, 4}), nil},
		{"resize, nearest", network.Resize{Scales: []float32{1, 1, 2, 3}, Coordinate: network.Asymmetric, NearestMode: network.RoundFloor}, f32, in(image), nil},
		{"resize, nearest, half pixel", network.Resize{Sizes: []int{2, 4, 9, 7}, Coordinate: network.HalfPixel, NearestMode: network.RoundPreferFloor}, f32, in(image), nil},
		{"resize, linear", network.Resize{Mode: network.Linear, Scales: []float32{1, 1, 2, 2}, Coordinate: network.HalfPixel}, f32, in(image), nil},
		{"resize, linear, of integers", network.Resize{Mode: network.Linear, Scales: []float32{1, 1, 2, 3}, Coordinate: network.HalfPixel}, u8, in(image), nil},
		{"resize, linear, uneven", network.Resize{Mode: network.Linear, Scales: []float32{1, 1, 1.7, 3.3}, Coordinate: network.HalfPixel}, f32, in(image), nil},
		{"resize, linear, uneven, asymmetric", network.Resize{Mode: network.Linear, Scales: []float32{1, 1, 0.7, 2.3}, Coordinate: network.Asymmetric}, f32, in(image), nil},
		{"resize, linear, symmetric", network.Resize{Mode: network.Linear, Scales: []float32{1, 1, 1.7, 2.3}, Coordinate: network.HalfPixelSymmetric}, f32, in(image), nil},
		{"resize, nearest, uneven", network.Resize{Scales: []float32{1, 1, 1.3, 2.7}, Coordinate: network.HalfPixel, NearestMode: network.RoundPreferFloor}, f32, in(image), nil},
		{"resize, nearest, a part", network.Resize{Sizes: []int{2, 4, 9, 7}, Coordinate: network.TFCropAndResize, NearestMode: network.RoundFloor, Extrapolation: 7,
			ROI: []float32{0, 0, 0.2, -0.2, 1, 1, 1.3, 0.8}}, f32, in(image), nil},
		{"resize, linear, a part", network.Resize{Mode: network.Linear, Sizes: []int{2, 4, 9, 7}, Coordinate: network.TFCropAndResize, Extrapolation: 7,
			ROI: []float32{0, 0, 0.2, -0.2, 1, 1, 1.3, 0.8}}, f32, in(image), nil},
		{"tile", network.Tile{Times: []int{1, 2, 1, 3}}, f32, in(image), nil},
		{"gather", network.Gather{Axis: 1, At: []int{3, 0, 0, 2, 1}}, f32, in(image), nil},
		{"selu", network.Selu{Alpha: 1.7, Gamma: 1.05}, f32, in(image), nil},
		{"celu", network.Celu{Alpha: 0.5}, f32, in(image), nil},
		{"thresholded relu", network.ThresholdedRelu{Alpha: 0.5}, f32, in(image), nil},
		{"instance normalisation", network.GroupNormalization{Groups: 4, Epsilon: 1e-5}, f32, in(image), []*tensor.Tensor{w(f32, 4), w(f32, 4)}},
		{"group normalisation", network.GroupNormalization{Groups: 2, Epsilon: 1e-5}, f32, in(image), []*tensor.Tensor{w(f32, 4), w(f32, 4)}},
		{"layer normalisation", network.LayerNormalization{Axis: -1, Epsilon: 1e-5}, f32, in(image), []*tensor.Tensor{w(f32, 5), w(f32, 1)}},
		{"layer normalisation of all, no bias", network.LayerNormalization{Axis: 1, Epsilon: 1e-5}, f32, in(image), []*tensor.Tensor{w(f32, 4, 1, 5)}},
		{"matmul of rows of pixels", network.MatMul{}, f32, in([]int{2, 3, 4, 8}), []*tensor.Tensor{w(f32, 8, 5)}},
		{"qlinear matmul of rows of pixels", network.QLinearMatMul{A: x, B: q(i8, 0, 0.01), Y: y}, u8, in([]int{2, 3, 8}), []*tensor.Tensor{w(i8, 8, 5)}},
		{"matmul of streams", network.MatMul{}, f32, in([]int{2, 3, 4}, []int{2, 4, 5}), nil},
		{"concat with constants", network.Concat{Axis: 1}, f32, in([]int{1, 3, 4}), []*tensor.Tensor{w(f32, 1, 2, 4)}},
		{"concat of streams with a constant", network.Concat{Axis: 2}, f32, in([]int{1, 3, 4}, []int{1, 3, 2}), []*tensor.Tensor{w(f32, 1, 3, 3)}},
		{"where, all constants of its choice", network.Where{}, u8, in(image), []*tensor.Tensor{w(f32, 1), w(f32, 4, 6, 5)}},
		{"qlinear conv by tflite's rule", network.QLinearConv{Conv: network.Conv{Stride: one, Dilation: one, Groups: 1}, X: x, Y: y, Rounding: network.Rounding{Rule: network.TFLite},
			W: network.Quant{DType: i8, Scale: []float32{0.01, 0.02, 0.003}, Zero: []int32{0}}}, u8, in(image), []*tensor.Tensor{w(i8, 3, 4, 3, 3), w(i32, 3)}},
		{"qgemm by shifts", network.QGemm{Alpha: 1, TransB: true, A: q(u8, 100, 1), B: q(i8, 0, 1), Y: q(u8, 7, 1), Rounding: network.Rounding{Rule: network.Shift, Shift: []int{5, 6, 7, 8, 9}}},
			u8, in([]int{3, 8}), []*tensor.Tensor{w(i8, 5, 8), w(i32, 5)}},
		{"transposed by shifts", network.QLinearConvTranspose{Conv: network.ConvTranspose{Stride: pair(2, 2), Dilation: one, Groups: 1}, X: q(u8, 100, 1), Y: q(u8, 7, 1),
			W: q(i8, 0, 1), Rounding: network.Rounding{Rule: network.Shift, Shift: []int{8}}}, u8, in(image), []*tensor.Tensor{w(i8, 4, 3, 2, 2), w(i32, 3)}},
		{"resize, linear, corners", network.Resize{Mode: network.Linear, Sizes: []int{2, 4, 9, 7}, Coordinate: network.AlignCorners}, f32, in(image), nil},
	}
	some := []tensor.DType{f32, i32, u8}
	for _, how := range network.Comparisons() {
		list = append(list, operator{string(how), network.Compare{How: how}, some[len(list)%3], in(image, image), nil})
	}
	for _, how := range network.Reductions() {
		list = append(list, operator{"reduce by " + string(how), network.Reduce{How: how, Axes: []int{1, 3}}, f32, in(image), nil})
	}
	for _, how := range []network.Reduction{network.ReduceSum, network.ReduceProd, network.ReduceMax, network.ReduceL1, network.ReduceSumSquare} {
		list = append(list, operator{"reduce integers by " + string(how), network.Reduce{How: how, Axes: []int{1, 3}}, i32, in(image), nil})
	}
	for _, name := range []network.Function{network.Sin, network.Cos, network.Tan, network.Atan, network.Sinh, network.Asinh, network.Abs, network.Ceil, network.Erf, network.Exp, network.Floor, network.HardSwish, network.Mish,
		network.Neg, network.Relu, network.Round, network.Sigmoid, network.Sign, network.Softplus, network.Softsign, network.Tanh} {
		list = append(list, operator{"function " + string(name), network.Unary{Function: name}, f32, in(image), nil})
	}
	return list
}

// graph is the operator as a network.
func (o operator) graph(r *rand.Rand) (*network.Graph, map[string]*tensor.Tensor) {
	g := &network.Graph{Name: o.name, Constants: map[string]*tensor.Tensor{}}
	node := network.Node{Name: "node", Op: o.op}
	inputs := map[string]*tensor.Tensor{}
	for i, shape := range o.inputs {
		name := fmt.Sprint("x", i)
		inputs[name] = testTensor(r, o.dtype, shape...)
		g.Inputs = append(g.Inputs, network.Input{Name: name, Type: network.TypeOf(inputs[name])})
		node.Inputs = append(node.Inputs, name)
	}
	for i, c := range o.constants {
		name := fmt.Sprint("c", i)
		g.Constants[name] = c
		node.Inputs = append(node.Inputs, name)
	}
	outputs := 1
	if s, ok := o.op.(network.Split); ok {
		outputs = len(s.Sizes)
	}
	for i := range outputs {
		node.Outputs = append(node.Outputs, fmt.Sprint("y", i))
	}
	g.Outputs, g.Nodes = node.Outputs, []network.Node{node}
	return g, inputs
}

// TestEveryOperatorStreams runs every operator alone through its stages, on several
// arrays, and compares it with its definition.
func TestEveryOperatorStreams(t *testing.T) {
	for i, o := range operators(rand.New(rand.NewPCG(5, 6))) {
		t.Run(o.name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, uint64(i)))
			g, inputs := o.graph(r)
			if err := g.Check(); err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{`{name: a}`, `{name: b, array: {pe: 2, simd: 4, group_parallel: 2}, window: {style: parallel}, fifo: {depth: 3}}`} {
				hw, _ := parse(t, text, stopLayer)
				streams(t, hw, g, inputs)
			}
		})
	}
}

// streams runs a network and compares every node with its definition, and every
// output with that of the network executed by itself: bit for bit, or, behind sums of
// floats, which arrays add in an order of their own, nearly.
func streams(t *testing.T, hw *configs.Hardware, g *network.Graph, inputs map[string]*tensor.Tensor) *NetworkOutcome {
	t.Helper()
	n, err := NewNetwork(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	out, err := n.Run(context.Background(), inputs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if out.Wrong != nil {
		t.Error(out.Wrong)
	}
	all, err := network.Execute(g, inputs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range g.Outputs {
		want, got := all[name], out.Outputs[name]
		if len(n.Arrays) > 0 && want.DType() == tensor.Float32 {
			near(t, name, want.Data.([]float32), got.Data.([]float32))
		} else if w := differs(want, got); w != nil {
			t.Errorf("%s: %v", name, w)
		}
	}
	return out
}

// near compares floats that a few hundred products were added to.
func near(t *testing.T, name string, want, got []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d elements, want %d", name, len(got), len(want))
	}
	for i, w := range want {
		if math.Abs(float64(got[i]-w)) > 1e-4*(1+math.Abs(float64(w))) {
			t.Fatalf("%s[%d]: %v, want about %v", name, i, got[i], w)
		}
	}
}
