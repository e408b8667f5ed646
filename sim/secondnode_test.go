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

// TestRequantisedNodesBySecond: what the definition makes of a node is found right, by every
// rule and with limits, and no element of it is found right that is another.
func TestRequantisedNodesBySecond(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 11))
	seen := 0
	for i := range 60 {
		op, in := requantised(r, i)
		want, err := op.Reference(in)
		if err != nil {
			t.Fatal(err)
		}
		node := network.Node{Op: op, Inputs: []string{"x", "w"}, Outputs: []string{"y"}}
		is := func() bool {
			ok, err := (&Network{}).rightBySecond(context.Background(), node, in, map[string]*tensor.Tensor{"y": want[0]})
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !is() {
			continue // this processor has no second implementation
		}
		seen++
		for range 20 {
			at, by := r.IntN(want[0].Len()), 1-2*r.IntN(2)
			shifted(want[0], at, by)
			if is() {
				t.Fatalf("%+v: element %d is off by %d, and found right", op, at, by)
			}
			shifted(want[0], at, -by)
		}
	}
	t.Logf("%d nodes", seen)
	if seen > 0 && seen < 60 {
		t.Errorf("of 60 nodes %d were found right", seen)
	}
}

// requantised is some convolution of integers, and its inputs.
func requantised(r *rand.Rand, i int) (network.QLinearConv, []*tensor.Tensor) {
	types := []tensor.DType{tensor.Int8, tensor.UInt8}
	x, y, channels := types[r.IntN(2)], types[r.IntN(2)], 8+r.IntN(9)
	one := conv.Pair{H: 1, W: 1}
	op := network.QLinearConv{Conv: network.Conv{Stride: one, Dilation: one, Groups: 1},
		X: network.Quant{DType: x, Scale: []float32{0.02}, Zero: []int32{int32(r.IntN(100))}},
		W: network.Quant{DType: tensor.Int8, Scale: []float32{0.01}, Zero: []int32{0}},
		Y: network.Quant{DType: y, Scale: []float32{0.5 + r.Float32()}, Zero: []int32{int32(r.IntN(100))}}}
	if r.IntN(2) > 0 {
		op.Clamp = &network.Clamp{Lo: int32(r.IntN(30)), Hi: int32(80 + r.IntN(200))}
	}
	switch i % 3 {
	case 1:
		op.Rounding.Rule = network.TFLite
	case 2:
		op.Rounding = network.Rounding{Rule: network.Shift, Shift: []int{7 + r.IntN(3)}}
	}
	return op, []*tensor.Tensor{testTensor(r, x, 1, 16, 20, 20), testTensor(r, tensor.Int8, channels, 16, 3, 3)}
}

// shifted adds to an element; beyond its type it comes round to the other end.
func shifted(y *tensor.Tensor, at, by int) {
	switch data := y.Data.(type) {
	case []int8:
		data[at] += int8(by)
	case []uint8:
		data[at] += uint8(by)
	}
}
