package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

func testTensor(r *rand.Rand, dtype tensor.DType, shape ...int) *tensor.Tensor {
	t, err := tensor.New(dtype, shape...)
	if err != nil {
		panic(err)
	}
	for i := range t.Len() {
		switch x := t.Data.(type) {
		case []int8:
			x[i] = int8(r.IntN(256) - 128)
		case []uint8:
			x[i] = uint8(r.IntN(256))
		case []int32:
			x[i] = int32(r.IntN(2000) - 1000)
		case []float32:
			x[i] = float32(r.NormFloat64())
		}
	}
	return t
}

// residual is a small network with a shortcut, a concat, pools and a classifier.
func residual(r *rand.Rand) (*network.Graph, map[string]*tensor.Tensor) {
	one := conv.Pair{H: 1, W: 1}
	conv3 := network.Conv{Stride: one, Dilation: one, Groups: 1, Padding: conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}}
	q := func(d tensor.DType, s float32, z int32) network.Quant {
		return network.Quant{DType: d, Scale: []float32{s}, Zero: []int32{z}}
	}
	x, y := q(tensor.UInt8, 0.02, 12), q(tensor.UInt8, 0.05, 3)
	w := q(tensor.Int8, 0.01, 0)
	g := &network.Graph{Name: "residual",
		Inputs:  []network.Input{{Name: "x", Type: network.Type{DType: tensor.UInt8, Shape: []int{2, 4, 6, 5}}}},
		Outputs: []string{"z"},
		Constants: map[string]*tensor.Tensor{
			"w1": testTensor(r, tensor.Int8, 8, 4, 3, 3), "b1": testTensor(r, tensor.Int32, 8),
			"w2": testTensor(r, tensor.Int8, 4, 8, 3, 3), "b2": testTensor(r, tensor.Int32, 4),
			"w3": testTensor(r, tensor.Int8, 10, 8), "c3": testTensor(r, tensor.Int32, 10),
		},
		Nodes: []network.Node{
			{Name: "conv1", Op: network.QLinearConv{Conv: conv3, X: x, W: w, Y: x}, Inputs: []string{"x", "w1", "b1"}, Outputs: []string{"a"}},
			{Name: "conv2", Op: network.QLinearConv{Conv: conv3, X: x, W: w, Y: x}, Inputs: []string{"a", "w2", "b2"}, Outputs: []string{"b"}},
			{Name: "add", Op: network.QLinearAdd{A: x, B: x, C: y}, Inputs: []string{"b", "x"}, Outputs: []string{"c"}},
			{Name: "concat", Op: network.Concat{Axis: 1}, Inputs: []string{"c", "b"}, Outputs: []string{"d"}},
			{Name: "pool", Op: network.MaxPool{Pool: network.Pool{Kernel: conv.Pair{H: 2, W: 2}, Stride: conv.Pair{H: 2, W: 2}, Dilation: one}},
				Inputs: []string{"d"}, Outputs: []string{"e"}},
			{Name: "average", Op: network.QLinearGlobalAveragePool{X: y, Y: y}, Inputs: []string{"e"}, Outputs: []string{"f"}},
			{Name: "flatten", Op: network.Reshape{Shape: []int{2, 8}}, Inputs: []string{"f"}, Outputs: []string{"g"}},
			{Name: "fc", Op: network.QGemm{Alpha: 1, TransB: true, A: y, B: w, Y: x}, Inputs: []string{"g", "w3", "c3"}, Outputs: []string{"h"}},
			{Name: "dequantize", Op: network.DequantizeLinear{X: x}, Inputs: []string{"h"}, Outputs: []string{"i"}},
			{Name: "softmax", Op: network.Softmax{Axis: 1}, Inputs: []string{"i"}, Outputs: []string{"z"}},
		}}
	return g, map[string]*tensor.Tensor{"x": testTensor(r, tensor.UInt8, 2, 4, 6, 5)}
}

func TestNetworkEqualsItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	g, inputs := residual(r)
	if err := g.Check(); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		`{name: a}`, `{name: b, array: {pe: 4, simd: 4}}`, `{name: c, array: {pe: 8, simd: 2}, window: {style: parallel}, fifo: {depth: 64}}`,
	} {
		hw, _ := parse(t, text, stopLayer)
		hw.FIFO.Depth = 256
		out := streams(t, hw, g, inputs)
		if out.Checked != len(g.Nodes) {
			t.Errorf("%d nodes were checked, want %d", out.Checked, len(g.Nodes))
		}
	}
}
