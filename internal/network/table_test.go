package network_test

import (
	"math"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// f32 makes a float32 tensor; without a shape it is a vector.
func f32(values []float32, shape ...int) *tensor.Tensor {
	return made(tensor.From(tensor.Float32, values, vector(shape, len(values))...))
}

// i8, u8, i32 and i64 make tensors of integers.
func i8(values []int8, shape ...int) *tensor.Tensor {
	return made(tensor.From(tensor.Int8, values, vector(shape, len(values))...))
}

func u8(values []uint8, shape ...int) *tensor.Tensor {
	return made(tensor.From(tensor.UInt8, values, vector(shape, len(values))...))
}

func i32(values []int32, shape ...int) *tensor.Tensor {
	return made(tensor.From(tensor.Int32, values, vector(shape, len(values))...))
}

func i64(values []int64, shape ...int) *tensor.Tensor {
	return made(tensor.From(tensor.Int64, values, vector(shape, len(values))...))
}

func vector(shape []int, n int) []int {
	if shape == nil {
		return []int{n}
	}
	return shape
}

func made(t *tensor.Tensor, err error) *tensor.Tensor {
	if err != nil {
		panic(err)
	}
	return t
}

// q is the scale of a whole tensor.
func q(dtype tensor.DType, scale float32, zero int32) network.Quant {
	return network.Quant{DType: dtype, Scale: []float32{scale}, Zero: []int32{zero}}
}

var (
	nan = float32(math.NaN())
	inf = float32(math.Inf(1))
)

// values is a list of float32.
type values = []float32

// Expected values are worked out by hand.
var table = map[string]struct {
	op   network.Op
	in   []*tensor.Tensor
	want *tensor.Tensor
}{
	"relu":               {network.Unary{Function: network.Relu}, list(f32(values{-1, 2, nan, -inf})), f32(values{0, 2, nan, 0})},
	"relu int8":          {network.Unary{Function: network.Relu}, list(i8([]int8{-128, 127, 0})), i8([]int8{0, 127, 0})},
	"neg int8 wraps":     {network.Unary{Function: network.Neg}, list(i8([]int8{-128, 5})), i8([]int8{-128, -5})},
	"abs":                {network.Unary{Function: network.Abs}, list(i32([]int32{-7, 7, 0})), i32([]int32{7, 7, 0})},
	"sign":               {network.Unary{Function: network.Sign}, list(f32(values{-3, 0, 9})), f32(values{-1, 0, 1})},
	"round":              {network.Unary{Function: network.Round}, list(f32(values{0.5, 1.5, -0.5, 2.6})), f32(values{0, 2, float32(math.Copysign(0, -1)), 3})},
	"sigmoid":            {network.Unary{Function: network.Sigmoid}, list(f32(values{0, inf, -inf, 200})), f32(values{0.5, 1, 0, 1})},
	"sqrt":               {network.Unary{Function: network.Sqrt}, list(f32(values{4, 2})), f32(values{2, 1.4142135})},
	"exp":                {network.Unary{Function: network.Exp}, list(f32(values{0, 1})), f32(values{1, 2.7182817})},
	"erf":                {network.Unary{Function: network.Erf}, list(f32(values{0, inf, 1})), f32(values{0, 1, 0.8427008})},
	"tanh":               {network.Unary{Function: network.Tanh}, list(f32(values{0, 1})), f32(values{0, 0.7615942})},
	"softplus":           {network.Unary{Function: network.Softplus}, list(f32(values{0, 1e30, -inf})), f32(values{0.6931472, 1e30, 0})},
	"mish":               {network.Unary{Function: network.Mish}, list(f32(values{0, 100})), f32(values{0, 100})},
	"hardswish":          {network.Unary{Function: network.HardSwish}, list(f32(values{-4, 0, 1, 5})), f32(values{float32(math.Copysign(0, -1)), 0, 0.6666667, 5})},
	"reciprocal":         {network.Unary{Function: network.Reciprocal}, list(f32(values{4, 0})), f32(values{0.25, inf})},
	"leaky":              {network.LeakyRelu{Alpha: 0.25}, list(f32(values{-4, 4})), f32(values{-1, 4})},
	"elu":                {network.Elu{Alpha: 2}, list(f32(values{-inf, 4})), f32(values{-2, 4})},
	"hardsigmoid":        {network.HardSigmoid{Alpha: 0.25, Beta: 0.5}, list(f32(values{-4, -1, 1, 4})), f32(values{0, 0.25, 0.75, 1})},
	"gelu":               {network.Gelu{}, list(f32(values{0, 0.5})), f32(values{0, 0.34573123063700656})},
	"gelu tanh":          {network.Gelu{Tanh: true}, list(f32(values{0, 1})), f32(values{0, 0.841192})},
	"clip":               {network.Clip{Lo: number(-1), Hi: number(6)}, list(f32(values{-9, 9, 3, nan})), f32(values{-1, 6, 3, nan})},
	"clip int8":          {network.Clip{Lo: number(-1)}, list(i8([]int8{-9, 9})), i8([]int8{-1, 9})},
	"clip crossed":       {network.Clip{Lo: number(6), Hi: number(2)}, list(f32(values{0, 4, 8})), f32(values{2, 2, 2})},
	"prelu":              {network.PRelu{}, list(f32(values{-1, -2, 3, -4}, 1, 2, 2), f32(values{10, 100}, 2, 1)), f32(values{-10, -20, 3, -400}, 1, 2, 2)},
	"add broadcast":      {network.Combine{How: network.Add}, list(f32(values{1, 2}, 2, 1), f32(values{10, 20, 30})), f32(values{11, 21, 31, 12, 22, 32}, 2, 3)},
	"add uint8 wraps":    {network.Combine{How: network.Add}, list(u8([]uint8{200}), u8([]uint8{100})), u8([]uint8{44})},
	"sub":                {network.Combine{How: network.Sub}, list(i32([]int32{3}), i32([]int32{5})), i32([]int32{-2})},
	"mul scalar":         {network.Combine{How: network.Mul}, list(f32(values{3}, []int{}...), f32(values{5, 7})), f32(values{15, 21})},
	"div cuts off":       {network.Combine{How: network.Div}, list(i32([]int32{-7, 7}), i32([]int32{2, -2})), i32([]int32{-3, -3})},
	"pow":                {network.Combine{How: network.Pow}, list(f32(values{3, 2}), f32(values{2, -1})), f32(values{9, 0.5})},
	"pow of mixed types": {network.Combine{How: network.Pow}, list(i32([]int32{3, 2}), f32(values{2, -1})), i32([]int32{9, 0})},
	"sum of three":       {network.Combine{How: network.Sum}, list(f32(values{1}), f32(values{2}), f32(values{4, 5})), f32(values{7, 8})},
	"mean":               {network.Combine{How: network.Mean}, list(f32(values{1}), f32(values{4})), f32(values{2.5})},
	"max of one":         {network.Combine{How: network.Max}, list(f32(values{1, 2})), f32(values{1, 2})},
	"min nan":            {network.Combine{How: network.Min}, list(f32(values{1, 2}), f32(values{nan, 1})), f32(values{nan, 1})},
	"cast":               {network.Cast{To: tensor.Int8}, list(f32(values{-1.9, 1.9, 300, nan})), i8([]int8{-1, 1, 44, 0})},
	"cast to int4":       {network.Cast{To: tensor.Int4}, list(i32([]int32{7, 8, -9})), made(tensor.From(tensor.Int4, []int8{7, -8, 7}, 3))},
	"cast int64":         {network.Cast{To: tensor.Float32}, list(i64([]int64{1<<60 + 1<<36 + 1})), f32(values{1<<60 + 1<<37})},
	"identity":           {network.Identity{}, list(i8([]int8{1})), i8([]int8{1})},
	"batch norm": {network.BatchNormalization{Epsilon: 3}, list(f32(values{5, 6, 7, 8}, 1, 2, 2), f32(values{1, 2}), f32(values{10, 0}),
		f32(values{3, 7}), f32(values{1, 13})), f32(values{11, 11.5, 0, 0.5}, 1, 2, 2)},
	"lrn": {network.LRN{Size: 3, Alpha: 3, Beta: 0.5, Bias: 4}, list(f32(values{0, 3, 4}, 1, 3, 1, 1)),
		f32(values{0, 3 / 5.3851648, 4 / 5.3851648}, 1, 3, 1, 1)},
	"lrn even size looks ahead": {network.LRN{Size: 2, Alpha: 2, Beta: 1, Bias: 1}, list(f32(values{1, 3}, 1, 2, 1)), f32(values{1.0 / 11, 0.3}, 1, 2, 1)},
	"softmax":                   {network.Softmax{Axis: -1}, list(f32(values{1000, 1000, 0, 0}, 2, 2)), f32(values{0.5, 0.5, 0.5, 0.5}, 2, 2)},
	"softmax axis 0":            {network.Softmax{Axis: 0}, list(f32(values{0, 1000, 0, 0}, 2, 2)), f32(values{0.5, 1, 0.5, 0}, 2, 2)},
	"softmax flattens":          {network.Softmax{Axis: 1, Flatten: true}, list(f32(values{5, 5, 5, 5}, 1, 2, 2)), f32(values{0.25, 0.25, 0.25, 0.25}, 1, 2, 2)},
	"log softmax":               {network.Softmax{Log: true}, list(f32(values{7, 7})), f32(values{-0.6931472, -0.6931472})},
	"reduce mean":               {network.Reduce{How: network.ReduceMean, Axes: []int{0, -1}}, list(f32(values{1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2)), f32(values{3.5, 5.5})},
	"reduce sum keeps":          {network.Reduce{How: network.ReduceSum, Axes: []int{1}, KeepDims: true}, list(i64([]int64{1, 2, 3, 4}, 2, 2)), i64([]int64{3, 7}, 2, 1)},
	"reduce nothing":            {network.Reduce{How: network.ReduceMax}, list(f32(values{1, 2})), f32(values{1, 2})},
	"reduce min":                {network.Reduce{How: network.ReduceMin, Axes: []int{0}}, list(i8([]int8{5, -3, 2})), i8([]int8{-3}, []int{}...)},
	"reduce prod":               {network.Reduce{How: network.ReduceProd, Axes: []int{0}}, list(i64([]int64{5, -3, 2})), i64([]int64{-30}, []int{}...)},
	"reduce none":               {network.Reduce{How: network.ReduceMax, Axes: []int{1}}, list(f32(values{}, 2, 0)), f32(values{-inf, -inf})},
	"reduce l2":                 {network.Reduce{How: network.ReduceL2, Axes: []int{0}}, list(f32(values{3, 4})), f32(values{5}, []int{}...)},
	"argmax first":              {network.ArgMax{Axis: 1}, list(f32(values{1, 3, 3, 9, nan, 2}, 2, 3)), i64([]int64{1, 0})},
	"argmax last":               {network.ArgMax{Axis: -1, Last: true, KeepDims: true}, list(f32(values{1, 3, 3, 9, 1, 2}, 2, 3)), i64([]int64{2, 0}, 2, 1)},
	"argmin":                    {network.ArgMax{Axis: 0, Min: true}, list(f32(values{3, 1, 2})), i64([]int64{1}, []int{}...)},
}

func list(in ...*tensor.Tensor) []*tensor.Tensor { return in }

func TestByHand(t *testing.T) {
	for _, cases := range []map[string]struct {
		op   network.Op
		in   []*tensor.Tensor
		want *tensor.Tensor
	}{table, layouts, quantised} {
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				got := run(t, c.op, c.in...)
				if !got.Equal(c.want) {
					t.Errorf("%s: got %s %v; want %s %v", c.op.Kind(), got, got.Data, c.want, c.want.Data)
				}
			})
		}
	}
}

var line = f32(values{1, 2, 3, 4, 5, 6}, 1, 1, 6)

// layouts are operators that move elements.
var layouts = map[string]struct {
	op   network.Op
	in   []*tensor.Tensor
	want *tensor.Tensor
}{
	"reshape":           {network.Reshape{Shape: []int{-1, 2}}, list(line), f32(values{1, 2, 3, 4, 5, 6}, 3, 2)},
	"transpose":         {network.Transpose{Perm: []int{1, 0}}, list(i8([]int8{1, 2, 3, 4, 5, 6}, 2, 3)), i8([]int8{1, 4, 2, 5, 3, 6}, 3, 2)},
	"concat":            {network.Concat{Axis: -1}, list(i8([]int8{1, 2}, 2, 1), i8([]int8{3, 4, 5, 6}, 2, 2)), i8([]int8{1, 3, 4, 2, 5, 6}, 2, 3)},
	"split":             {network.Split{Axis: 1, Sizes: []int{2, 1}}, list(i8([]int8{1, 2, 3, 4, 5, 6}, 2, 3)), i8([]int8{1, 2, 4, 5}, 2, 2)},
	"slice":             {network.Slice{Starts: []int{-5}, Ends: []int{math.MaxInt64}, Axes: []int{2}, Steps: []int{2}}, list(line), f32(values{2, 4, 6}, 1, 1, 3)},
	"slice back":        {network.Slice{Starts: []int{-1}, Ends: []int{math.MinInt64}, Axes: []int{-1}, Steps: []int{-2}}, list(line), f32(values{6, 4, 2}, 1, 1, 3)},
	"slice from before": {network.Slice{Starts: []int{-8}, Ends: []int{-9}, Axes: []int{2}, Steps: []int{-1}}, list(line), f32(values{1}, 1, 1, 1)},
	"slice nothing":     {network.Slice{Starts: []int{4}, Ends: []int{2}, Axes: []int{2}}, list(line), f32(values{}, 1, 1, 0)},
	"slice first":       {network.Slice{Starts: []int{1}, Ends: []int{2}}, list(i8([]int8{1, 2, 3, 4}, 2, 2)), i8([]int8{3, 4}, 1, 2)},
	"depth to space": {network.DepthToSpace{Block: 2}, list(i8([]int8{0, 1, 2, 3, 4, 5, 6, 7}, 1, 8, 1, 1)),
		i8([]int8{0, 2, 4, 6, 1, 3, 5, 7}, 1, 2, 2, 2)},
	"depth to space crd": {network.DepthToSpace{Block: 2, CRD: true}, list(i8([]int8{0, 1, 2, 3, 4, 5, 6, 7}, 1, 8, 1, 1)),
		i8([]int8{0, 1, 2, 3, 4, 5, 6, 7}, 1, 2, 2, 2)},
	"space to depth": {network.SpaceToDepth{Block: 2}, list(i8([]int8{0, 2, 4, 6, 1, 3, 5, 7}, 1, 2, 2, 2)),
		i8([]int8{0, 1, 2, 3, 4, 5, 6, 7}, 1, 8, 1, 1)},
	"pad constant":  {network.Pad{Begin: []int{0, 0, 1}, End: []int{0, 0, -3}, Value: -1}, list(line), f32(values{-1, 1, 2, 3}, 1, 1, 4)},
	"pad reflect":   {network.Pad{Mode: network.PadReflect, Begin: []int{2}, End: []int{7}}, list(i8([]int8{1, 2, 3})), i8([]int8{3, 2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2})},
	"pad edge":      {network.Pad{Mode: network.PadEdge, Begin: []int{2}, End: []int{1}}, list(i8([]int8{1, 2})), i8([]int8{1, 1, 1, 2, 2})},
	"pad wrap":      {network.Pad{Mode: network.PadWrap, Begin: []int{1}, End: []int{4}}, list(i8([]int8{1, 2, 3})), i8([]int8{3, 1, 2, 3, 1, 2, 3, 1})},
	"nearest half":  {resize(network.Nearest, network.HalfPixel, 3), list(line), f32(values{1, 3, 5}, 1, 1, 3)},
	"nearest tf":    {resize(network.Nearest, network.TFHalfPixelForNN, 3), list(line), f32(values{2, 4, 6}, 1, 1, 3)},
	"nearest asym":  {resize(network.Nearest, network.Asymmetric, 4), list(line), f32(values{1, 2, 4, 5}, 1, 1, 4)},
	"nearest align": {resize(network.Nearest, network.AlignCorners, 11), list(line), f32(values{1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6}, 1, 1, 11)},
	"linear half":   {resize(network.Linear, network.HalfPixel, 12), list(line), f32(values{1, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75, 4.25, 4.75, 5.25, 5.75, 6}, 1, 1, 12)},
	"linear align":  {resize(network.Linear, network.AlignCorners, 3), list(line), f32(values{1, 3.5, 6}, 1, 1, 3)},
	// Pixels are 3/1.4 apart: the size before it is cut off to 2 is 2.4.
	"linear align, scale": {network.Resize{Mode: network.Linear, Coordinate: network.AlignCorners, Scales: values{0.6}}, list(f32(values{0, 14, 28, 42})),
		f32(values{0, 30 - 2e-6})},
	"linear one": {resize(network.Linear, network.PytorchHalfPixel, 1), list(line), f32(values{1}, 1, 1, 1)},
	"linear symmetric": {network.Resize{Mode: network.Linear, Coordinate: network.HalfPixelSymmetric, Scales: []float32{1, 1, 0.4}}, list(line),
		f32(values{2.25, 4.75}, 1, 1, 2), // 0.4*6 = 2.4 is cut off to 2: the middle stays in its place
	},
	"crop": {network.Resize{Mode: network.Linear, Coordinate: network.TFCropAndResize, Sizes: []int{1, 1, 3}, Extrapolation: -7,
		ROI: []float32{0, 0, 0.5, 1, 1, 1.5}}, list(line), f32(values{3.5, 6, -7}, 1, 1, 3)},
	"max pool 1-d": {network.MaxPool{Pool: pool1(2, 2, true)}, list(f32(values{1, 5, 3, 2, 4}, 1, 1, 5)), f32(values{5, 3, 4}, 1, 1, 3)},
	// A third window would start in the padding at the end.
	"max pool drops a window": {network.MaxPool{Pool: network.Pool{Kernel: conv.Pair{H: 1, W: 2}, Stride: conv.Pair{H: 1, W: 3}, Dilation: one, Ceil: true,
		Padding: conv.Padding{Sides: conv.Sides{Left: 1, Right: 1}}}}, list(f32(values{1, 2, 3, 4}, 1, 1, 4)), f32(values{1, 4}, 1, 1, 2)},
	"average pool same upper": {network.AveragePool{Pool: network.Pool{Kernel: conv.Pair{H: 1, W: 3}, Stride: one, Dilation: one,
		Padding: conv.Padding{Kind: conv.SameUpper}}}, list(f32(values{1, 2, 6}, 1, 1, 3)), f32(values{1.5, 3, 4}, 1, 1, 3)},
	"global max": {network.GlobalMaxPool{}, list(line), f32(values{6}, 1, 1, 1)},
	"conv 1-d": {network.Conv{Stride: one, Dilation: one, Groups: 1, Padding: conv.Padding{Sides: conv.Sides{Left: 1}}},
		list(line, f32(values{1, 10}, 1, 1, 2), f32(values{100})), f32(values{110, 121, 132, 143, 154, 165}, 1, 1, 6)},
	"gemm": {network.Gemm{Alpha: 2, Beta: 3, TransA: true}, list(f32(values{1, 2}, 2, 1), f32(values{3, 4}, 2, 1), f32(values{5}, []int{}...)),
		f32(values{37}, 1, 1)},
	"matmul vectors": {network.MatMul{}, list(f32(values{1, 2}), f32(values{3, 4})), f32(values{11}, []int{}...)},
	"matmul stacks": {network.MatMul{}, list(f32(values{1, 2, 3, 4}, 2, 1, 2), f32(values{1, 0, 0, 10}, 2, 2)),
		f32(values{1, 20, 3, 40}, 2, 1, 2)},
	"matmul of nothing": {network.MatMul{}, list(f32(values{}, 2, 0), f32(values{}, 0, 1)), f32(values{0, 0}, 2, 1)},
}

var one = conv.Pair{H: 1, W: 1}

func pool1(kernel, stride int, ceil bool) network.Pool {
	return network.Pool{Kernel: conv.Pair{H: 1, W: kernel}, Stride: conv.Pair{H: 1, W: stride}, Dilation: one, Ceil: ceil}
}

// resize resizes the last axis of line.
func resize(mode network.ResizeMode, c network.Coordinate, n int) network.Resize {
	return network.Resize{Mode: mode, Coordinate: c, NearestMode: network.RoundPreferFloor, Sizes: []int{1, 1, n}}
}
