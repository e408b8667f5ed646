package sim

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// TestProductsOfFloatsBySecond are those of the definition, of nodes of every kind.
func TestProductsOfFloatsBySecond(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	pair := func(h, w int) conv.Pair { return conv.Pair{H: h, W: w} }
	w := func(shape ...int) *tensor.Tensor { return testTensor(r, tensor.Float32, shape...) }
	one, image := pair(1, 1), [][]int{{2, 16, 20, 18}}
	around := conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}
	for _, o := range []operator{
		{"conv", network.Conv{Stride: pair(2, 1), Dilation: pair(1, 2), Groups: 2, Padding: around}, tensor.Float32, image, []*tensor.Tensor{w(24, 8, 3, 3), w(24)}},
		{"depthwise", network.Conv{Stride: one, Dilation: one, Groups: 16}, tensor.Float32, image, []*tensor.Tensor{w(32, 1, 3, 3)}},
		{"transposed", network.ConvTranspose{Stride: pair(2, 2), Dilation: one, Groups: 1}, tensor.Float32, image, []*tensor.Tensor{w(16, 6, 3, 2), w(6)}},
		{"gemm", network.Gemm{Alpha: 1, Beta: 1, TransB: true}, tensor.Float32, [][]int{{3, 500}}, []*tensor.Tensor{w(100, 500), w(100)}},
		{"matmul", network.MatMul{}, tensor.Float32, [][]int{{2, 12, 100}}, []*tensor.Tensor{w(100, 70)}},
	} {
		g, inputs := o.graph(r)
		hw, _ := parse(t, `{name: a, array: {pe: 2, simd: 3}}`, stopLayer)
		n, err := NewNetwork(hw, g)
		if err != nil {
			t.Fatal(o.name, err)
		}
		in := []*tensor.Tensor{inputs["x0"]}
		in = append(in, o.constants...)
		want, err := n.definition(0, g.Nodes[0], in)
		if err != nil {
			t.Fatal(o.name, err)
		}
		got, err := n.bySecond(context.Background(), 0, g.Nodes[0], in)
		if err != nil {
			t.Fatal(o.name, err)
		}
		if got == nil {
			t.Skip("this processor has no second implementation")
		}
		if d := differs(want[0], got[0]); d != nil {
			t.Errorf("%s: %v", o.name, d)
		}
		out, err := n.Run(context.Background(), inputs, Options{})
		if err != nil || out.Wrong != nil || out.Second != 1 {
			t.Errorf("%s: %v, %v, %d nodes by second", o.name, err, out.Wrong, out.Second)
		}
	}
}
