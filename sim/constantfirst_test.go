package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// TestConstantFirst: products whose first factor is the constant one.
func TestConstantFirst(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name     string
		op       network.Op
		constant *tensor.Tensor
		stream   network.Type
	}{
		{"matmul", network.MatMul{}, testTensor(r, tensor.Float32, 5, 8), network.Type{DType: tensor.Float32, Shape: []int{2, 3, 8, 4}}},
		{"matmul of stacks", network.MatMul{}, testTensor(r, tensor.Float32, 3, 5, 8), network.Type{DType: tensor.Float32, Shape: []int{2, 3, 8, 4}}},
		{"matmul of a matrix", network.MatMul{}, testTensor(r, tensor.Float32, 5, 8), network.Type{DType: tensor.Float32, Shape: []int{8, 4}}},
		{"matmul integer", network.MatMulInteger{AZero: []int32{1, 2, 3, 4, 5}, BZero: []int32{100}}, testTensor(r, tensor.UInt8, 5, 8),
			network.Type{DType: tensor.UInt8, Shape: []int{2, 8, 4}}},
		{"qlinear matmul", network.QLinearMatMul{A: network.Quant{DType: tensor.Int8, Scale: []float32{0.1, 0.2, 0.1, 0.2, 0.3}, Zero: []int32{1, 2, 3, 4, 5}},
			B: network.Quant{DType: tensor.UInt8, Scale: []float32{0.1}, Zero: []int32{100}}, Y: network.Quant{DType: tensor.UInt8, Scale: []float32{2}, Zero: []int32{3}}},
			testTensor(r, tensor.Int8, 5, 8), network.Type{DType: tensor.UInt8, Shape: []int{2, 8, 4}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := testTensor(r, c.stream.DType, c.stream.Shape...)
			g := &network.Graph{Name: c.name, Inputs: []network.Input{{Name: "x", Type: c.stream}}, Outputs: []string{"y"},
				Constants: map[string]*tensor.Tensor{"a": c.constant},
				Nodes:     []network.Node{{Name: "node", Op: c.op, Inputs: []string{"a", "x"}, Outputs: []string{"y"}}}}
			for _, text := range []string{`{name: a}`, `{name: b, array: {pe: 2, simd: 4}}`} {
				hw, _ := parse(t, text, stopLayer)
				streams(t, hw, g, map[string]*tensor.Tensor{"x": x})
			}
		})
	}
}
