package network_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// TestWholeIsTheSame: a run as one frame computes what the network does, whatever nodes
// along the first axis follow each other.
func TestWholeIsTheSame(t *testing.T) {
	changed := 0
	rapid.Check(t, func(r *rapid.T) {
		g := mixed(r)
		parted, err := g.Parted()
		if err != nil {
			r.Fatal(err)
		}
		whole, err := parted.Whole()
		if err != nil {
			r.Fatal(err)
		}
		if whole != parted {
			changed++
		}
		x := f32(integers(r, product(g.Inputs[0].Type.Shape)), g.Inputs[0].Type.Shape...)
		want, err := network.Execute(g, map[string]*tensor.Tensor{"x": x}, nil)
		if err != nil {
			r.Fatal(err)
		}
		framed, err := x.Reshape(whole.Inputs[0].Type.Shape...)
		if err != nil {
			r.Fatal(err)
		}
		got, err := network.Execute(whole, map[string]*tensor.Tensor{"x": framed}, nil)
		if err != nil {
			r.Fatal(err)
		}
		for name, y := range want {
			z, err := got[name].Reshape(y.Shape()...)
			if err != nil || !z.Equal(y) {
				r.Fatalf("%s of %v: %v, want %v", name, whole.Nodes, got[name], y)
			}
		}
	})
	if changed == 0 {
		t.Error("no network mixed its frames")
	}
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func integers(r *rapid.T, n int) values {
	x := make(values, n)
	for i := range x {
		x[i] = float32(rapid.IntRange(-4, 4).Draw(r, "x"))
	}
	return x
}

// mixed draws a chain of nodes that go along any axis.
func mixed(r *rapid.T) *network.Graph {
	shape := rapid.SliceOfN(rapid.IntRange(1, 3), 1, 4).Draw(r, "shape")
	g := &network.Graph{Inputs: []network.Input{{Name: "x", Type: network.Type{DType: tensor.Float32, Shape: shape}}}, Constants: map[string]*tensor.Tensor{}, Outputs: []string{"x"}}
	at := "x"
	for i := range rapid.IntRange(1, 5).Draw(r, "nodes") {
		types, err := g.Types()
		if err != nil {
			r.Fatal(err)
		}
		op, others := drawn(r, types[at].Shape, i)
		n := network.Node{Name: string(rune('a' + i)), Op: op, Inputs: []string{at}, Outputs: []string{string(rune('A' + i))}}
		for k, c := range others {
			if c == nil {
				n.Inputs = append(n.Inputs, at)
				continue
			}
			name := string(rune('a'+i)) + string(rune('0'+k))
			g.Constants[name] = c
			n.Inputs = append(n.Inputs, name)
		}
		next := *g
		next.Nodes = append(next.Nodes, n)
		if next.Check() == nil {
			g.Nodes, at = next.Nodes, n.Outputs[0]
		}
	}
	if len(g.Nodes) == 0 {
		g.Nodes = []network.Node{{Name: "a", Op: network.Unary{Function: network.Neg}, Inputs: []string{"x"}, Outputs: []string{"A"}}}
		at = "A"
	}
	g.Outputs = []string{at}
	return g
}

// drawn draws an operator for a shape, and its other inputs: nil is the tensor again.
func drawn(r *rapid.T, shape []int, i int) (network.Op, []*tensor.Tensor) {
	rank := len(shape)
	axis := func() int { return rapid.IntRange(-rank, max(0, rank-1)).Draw(r, "axis") }
	c := func(shape ...int) *tensor.Tensor { return f32(integers(r, product(shape)), shape...) }
	last := 1
	if rank > 0 {
		last = shape[rank-1]
	}
	switch rapid.IntRange(0, 15).Draw(r, "operator") {
	case 0:
		perm := rapid.Permutation(counted(rank)).Draw(r, "perm")
		return network.Transpose{Perm: perm}, nil
	case 1:
		return network.Reshape{Shape: []int{-1, last}}, nil
	case 2:
		return network.Reshape{Shape: append([]int{1}, shape...)}, nil
	case 3:
		return network.Concat{Axis: axis()}, []*tensor.Tensor{nil}
	case 4:
		return network.Concat{Axis: axis()}, []*tensor.Tensor{c(shape...), nil}
	case 5:
		return network.Slice{Starts: []int{-1}, Ends: []int{-9}, Axes: []int{axis()}, Steps: []int{-1}}, nil
	case 6:
		return network.Reduce{How: network.ReduceSum, Axes: []int{axis()}, KeepDims: rapid.Bool().Draw(r, "keep")}, nil
	case 7:
		return network.Combine{How: network.Add}, []*tensor.Tensor{c(last)}
	case 8:
		return network.Combine{How: network.Sub}, []*tensor.Tensor{c(shape...)}
	case 9:
		return network.MatMul{}, []*tensor.Tensor{c(last, 2)}
	case 10:
		return network.MatMul{}, []*tensor.Tensor{c(last)}
	case 11:
		return network.MatMul{}, []*tensor.Tensor{nil}
	case 12:
		return network.Gemm{Alpha: 2, Beta: 3, TransA: rapid.Bool().Draw(r, "turned"), TransB: rapid.Bool().Draw(r, "turned")}, []*tensor.Tensor{nil}
	case 13:
		return network.Gemm{Alpha: 1, Beta: 1}, []*tensor.Tensor{c(last, 2), c(2)}
	case 14:
		channels := 1
		if rank > 1 {
			channels = shape[1]
		}
		return network.Conv{Stride: one, Dilation: one, Groups: 1}, []*tensor.Tensor{c(2, channels, 1, 1)}
	}
	pads := make([]int, rank)
	if rank > 0 {
		pads[0] = 1
	}
	return network.Pad{Begin: pads, End: make([]int, rank), Value: float64(i)}, nil
}

func counted(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
