package sim

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// mixing lists operators that go along the first axis, so that a run of them is one
// frame.
func mixing(r *rand.Rand) []operator {
	f32, i8, u8, i32 := tensor.Float32, tensor.Int8, tensor.UInt8, tensor.Int32
	in := func(shapes ...[]int) [][]int { return shapes }
	w := func(d tensor.DType, shape ...int) *tensor.Tensor { return testTensor(r, d, shape...) }
	one := conv.Pair{H: 1, W: 1}
	q := func(d tensor.DType, zero int32, scale ...float32) network.Quant {
		return network.Quant{DType: d, Scale: scale, Zero: []int32{zero}}
	}
	x, y := q(u8, 100, 0.02), q(u8, 7, 0.06)
	columns := network.Quant{DType: i8, Scale: []float32{0.01, 0.02, 0.003, 0.02, 0.01}, Zero: []int32{0}}
	many := func(c network.Op, d tensor.DType, constants ...*tensor.Tensor) operator {
		return operator{"images of a run, " + c.Kind(), c, d, in([]int{3, 4, 6, 5}), constants}
	}
	return []operator{
		{"reshape", network.Reshape{Shape: []int{4, 2, -1}}, f32, in([]int{2, 3, 4}), nil},
		{"reshape to a number", network.Reshape{Shape: []int{}}, f32, in([]int{1, 1}), nil},
		{"transpose", network.Transpose{Perm: []int{2, 0, 1}}, f32, in([]int{2, 3, 4}), nil},
		{"transpose of one frame", network.Transpose{Perm: []int{2, 3, 0, 1}}, f32, in([]int{1, 3, 4, 5}), nil},
		{"concat", network.Concat{Axis: -3}, f32, in([]int{2, 3, 4}, []int{1, 3, 4}), nil},
		{"concat with a constant", network.Concat{}, f32, in([]int{2, 3}), []*tensor.Tensor{w(f32, 3, 3)}},
		{"split", network.Split{Axis: 0, Sizes: []int{1, 3}}, f32, in([]int{4, 3}), nil},
		{"slice", network.Slice{Starts: []int{3}, Ends: []int{-9}, Axes: []int{0}, Steps: []int{-2}}, f32, in([]int{4, 3}), nil},
		{"pad", network.Pad{Begin: []int{1, 0}, End: []int{0, 2}, Value: 3}, f32, in([]int{4, 3}), nil},
		{"softmax", network.Softmax{Axis: 0}, f32, in([]int{4, 3}), nil},
		{"softmax of all", network.Softmax{Axis: 0, Flatten: true}, f32, in([]int{4, 3}), nil},
		{"mean of all", network.Reduce{How: network.ReduceMean, Axes: []int{0, 1}}, f32, in([]int{4, 3}), nil},
		{"arg max", network.ArgMax{Axis: 0}, f32, in([]int{4, 3}), nil},
		{"resize", network.Resize{Scales: []float32{2, 1, 2}, Coordinate: network.Asymmetric, NearestMode: network.RoundFloor}, f32, in([]int{2, 3, 4}), nil},
		{"quantize by frames", network.QuantizeLinear{Axis: 0, Y: network.Quant{DType: i8, Scale: []float32{0.1, 0.2}, Zero: []int32{1, 2}}}, f32, in([]int{2, 3}), nil},
		{"dynamic quantisation", network.DynamicQuantizeLinear{}, f32, in([]int{3, 4}), nil},
		{"add of other axes", network.Combine{How: network.Add}, f32, in([]int{2, 3, 4}, []int{4}), nil},
		{"sub of a number", network.Combine{How: network.Sub}, f32, in([]int{}, []int{2, 3}), nil},
		{"mul by frames", network.Combine{How: network.Mul}, f32, in([]int{2, 3}), []*tensor.Tensor{w(f32, 2, 1)}},
		{"gemm of streams", network.Gemm{Alpha: 0.5, Beta: 0.25, TransA: true, TransB: true}, f32, in([]int{4, 3}, []int{5, 4}), []*tensor.Tensor{w(f32, 1, 5)}},
		{"gemm of streams, a stream added", network.Gemm{Alpha: 1, Beta: 2}, f32, in([]int{3, 4}, []int{4, 5}, []int{3, 1}), nil},
		{"gemm, transposed, constant weights", network.Gemm{Alpha: 1, Beta: 1, TransA: true}, f32, in([]int{4, 3}), []*tensor.Tensor{w(f32, 4, 5), w(f32, 3, 5)}},
		{"matmul of streams", network.MatMul{}, f32, in([]int{3, 4}, []int{4, 5}), nil},
		{"matmul of stacks", network.MatMul{}, f32, in([]int{2, 1, 3, 4}, []int{3, 4, 2}), nil},
		{"matmul of vectors", network.MatMul{}, f32, in([]int{4}, []int{4}), nil},
		{"matmul with a constant vector", network.MatMul{}, f32, in([]int{3, 4}), []*tensor.Tensor{w(f32, 4)}},
		{"matmul with constant stacks", network.MatMul{}, f32, in([]int{3, 4}), []*tensor.Tensor{w(f32, 2, 4, 3)}},
		{"matmul integer of streams", network.MatMulInteger{AZero: []int32{3}, BZero: []int32{-2}}, i8, in([]int{3, 4}, []int{4, 5}), nil},
		{"qlinear matmul of streams", network.QLinearMatMul{A: x, B: x, Y: y}, u8, in([]int{3, 4}, []int{4, 5}), nil},
		{"qgemm, rows of a run", network.QGemm{Alpha: 1, TransB: true, A: x, B: columns, Y: y, Clamp: &network.Clamp{Lo: 7, Hi: 200}}, u8,
			in([]int{3, 8}, []int{1}), []*tensor.Tensor{w(i8, 5, 8), w(i32, 5)}},
		many(network.Conv{Stride: conv.Pair{H: 2, W: 1}, Dilation: one, Groups: 2}, f32, w(f32, 6, 2, 3, 2), w(f32, 6)),
		many(network.ConvInteger{Conv: network.Conv{Stride: one, Dilation: one, Groups: 1}, XZero: 100, WZero: []int32{3, 1, 2}}, u8, w(i8, 3, 4, 3, 3)),
		many(network.QLinearConv{Conv: network.Conv{Stride: one, Dilation: one, Groups: 1}, X: x, Y: y,
			W: network.Quant{DType: i8, Scale: []float32{0.01, 0.02, 0.003}, Zero: []int32{0, 1, -2}}}, u8, w(i8, 3, 4, 3, 3), w(i32, 3)),
		many(network.ConvTranspose{Stride: conv.Pair{H: 2, W: 3}, Dilation: one, Groups: 2}, f32, w(f32, 4, 3, 3, 2), w(f32, 6)),
		many(network.MaxPool{Pool: network.Pool{Kernel: conv.Pair{H: 2, W: 2}, Stride: one, Dilation: one}}, f32),
		many(network.GlobalAveragePool{}, f32),
	}
}

// TestRunsThatMixFrames: operators along the first axis stream a run as one frame, with
// outputs as the model has them; of several runs, one behind the other.
func TestRunsThatMixFrames(t *testing.T) {
	hw, _ := parse(t, `{name: a, array: {pe: 2, simd: 4}}`, stopLayer)
	for i, o := range mixing(rand.New(rand.NewPCG(3, 4))) {
		t.Run(o.name, func(t *testing.T) {
			g, inputs := o.graph(rand.New(rand.NewPCG(7, uint64(i))))
			alone(g, inputs)
			if err := g.Check(); err != nil {
				t.Fatal(err)
			}
			first := streams(t, hw, g, inputs)
			n, err := NewNetwork(hw, g)
			if err != nil {
				t.Fatal(err)
			}
			three, err := n.Run(context.Background(), inputs, Options{Frames: 3})
			if err != nil {
				t.Fatal(err)
			}
			if three.Wrong != nil {
				t.Error(three.Wrong)
			}
			for _, name := range g.Outputs {
				if y := three.Outputs[name]; !bytesRepeat(y.Bytes(), first.Outputs[name].Bytes(), 3) {
					t.Errorf("%s of three runs is %s, of one %s", name, y, first.Outputs[name])
				}
			}
		})
	}
}

// alone makes sure that nodes mix frames: an input beside, of a size of its own, makes a
// run of what would be frames. One of the operator's own that is of another size does.
func alone(g *network.Graph, inputs map[string]*tensor.Tensor) {
	n := &g.Nodes[0]
	if kind := n.Op.Kind(); kind == "com.microsoft.QGemm" {
		n.Inputs = slices.Delete(n.Inputs, 1, 2)
	} else if types, err := g.Types(); err != nil || !g.ByFrames(types) {
		return
	} else {
		x, _ := tensor.From(tensor.Float32, []float32{1, 2}, 2)
		inputs["beside"] = x
		g.Inputs = append(g.Inputs, network.Input{Name: "beside", Type: network.TypeOf(x)})
	}
	g.Nodes = append(g.Nodes, network.Node{Name: "beside", Op: network.Unary{Function: network.Relu}, Inputs: []string{g.Inputs[len(g.Inputs)-1].Name}, Outputs: []string{"aside"}})
	g.Outputs = append(slices.Clone(g.Outputs), "aside")
}

func bytesRepeat(all, one []byte, times int) bool {
	return slices.Equal(all, slices.Repeat(one, times))
}
