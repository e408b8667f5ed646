package proof_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// TestMoves holds memories that put beats of several lanes, and elements, in another
// order and among a constant, batch by batch.
func TestMoves(t *testing.T) {
	shape := []int{2, 8, 4, 5}
	g := &network.Graph{Name: "moves", Inputs: []network.Input{{Name: "x", Type: network.Type{DType: tensor.UInt8, Shape: shape}}},
		Outputs: []string{"y"}, Nodes: []network.Node{
			{Name: "pad", Op: network.Pad{Begin: []int{0, 0, 0, 2}, End: []int{0, 0, 0, 1}, Value: 9}, Inputs: []string{"x"}, Outputs: []string{"a"}},
			{Name: "flip", Op: network.Slice{Starts: []int{-1}, Ends: []int{-99}, Axes: []int{3}, Steps: []int{-1}}, Inputs: []string{"a"}, Outputs: []string{"b"}},
			{Name: "split", Op: network.Reshape{Shape: []int{2, 2, 4, 4, 8}}, Inputs: []string{"b"}, Outputs: []string{"c"}},
			{Name: "swap", Op: network.Transpose{Perm: []int{0, 2, 1, 3, 4}}, Inputs: []string{"c"}, Outputs: []string{"d"}},
			{Name: "y", Op: network.Reshape{Shape: []int{2, 8, 4, 8}}, Inputs: []string{"d"}, Outputs: []string{"y"}},
		}}
	hw, err := configs.ParseHardware("hw.yaml", []byte(`{name: lanes, array: {pe: 4, simd: 4}, source: {random: 1}, sink: {random: 2}}`))
	if err != nil {
		t.Fatal(err)
	}
	n, err := sim.NewNetwork(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	var lanes []int
	for _, node := range n.Plan.Nodes {
		if b, ok := node.Block.(wiring.Batch); ok {
			lanes = append(lanes, b.In.Lanes)
		}
	}
	if want := []int{4, 4, 1}; !slices.Equal(lanes, want) {
		t.Errorf("memories of %v lanes; want %v", lanes, want)
	}
	x, err := tensor.New(tensor.UInt8, shape...)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 26))
	for i := range x.Data.([]uint8) {
		x.Data.([]uint8)[i] = uint8(r.IntN(256))
	}
	d, err := proof.Network("moves", n, map[string]*tensor.Tensor{"x": x}, 2)
	if err != nil {
		t.Fatal(err)
	}
	check(t, d, simulator(t, proof.Icarus))
}
