package network_test

import (
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// A batch that a Reshape or a Resize fixes changes with the number of frames, where
// every frame is treated by itself.
func TestBatched(t *testing.T) {
	float := func(shape ...int) network.Type { return network.Type{DType: tensor.Float32, Shape: shape} }
	node := func(op network.Op, out string, in ...string) network.Node {
		return network.Node{Name: out, Op: op, Inputs: in, Outputs: []string{out}}
	}
	resize := network.Resize{Sizes: []int{1, 2, 4, 4}, Coordinate: "asymmetric", NearestMode: "floor"}
	for _, tt := range []struct {
		name  string
		nodes []network.Node
		want  []int // shape of y; nil: refused
		why   string
	}{
		{"shape with -1", []network.Node{node(network.Reshape{Shape: []int{1, -1}}, "y", "x")}, []int{3, 8}, ""},
		{"whole shape", []network.Node{node(network.Reshape{Shape: []int{1, 4, 2}}, "y", "x")}, []int{3, 4, 2}, ""},
		{"open batch", []network.Node{node(network.Reshape{Shape: []int{-1, 8}}, "y", "x")}, []int{3, 8}, ""},
		{"sizes", []network.Node{node(resize, "y", "x")}, []int{3, 2, 4, 4}, ""},
		{"then another", []network.Node{node(network.Reshape{Shape: []int{1, 8}}, "a", "x"),
			node(network.Unary{Function: network.Relu}, "b", "a"), node(network.Reshape{Shape: []int{1, 8, 1}}, "y", "b")}, []int{3, 8, 1}, ""},
		{"frames as rows", []network.Node{node(network.Reshape{Shape: []int{2, 4}}, "y", "x")}, nil, `node "y" (Reshape)`},
		{"frames moved", []network.Node{node(network.Transpose{Perm: []int{1, 0, 2, 3}}, "y", "x")}, nil, `node "y" (Transpose) does not treat every frame by itself`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := &network.Graph{Inputs: []network.Input{{Name: "x", Type: float(1, 2, 2, 2)}}, Outputs: []string{"y"}, Nodes: tt.nodes}
			if _, err := g.Types(); err != nil {
				t.Fatal(err)
			}
			b, err := g.Batched(3)
			if tt.want == nil {
				if err == nil || !strings.Contains(err.Error(), tt.why) && !strings.Contains(err.Error(), "for 3 frames") {
					t.Fatalf("%v; want %q", err, tt.why)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			types, err := b.Types()
			if err != nil || len(types["y"].Shape) != len(tt.want) {
				t.Fatal(types["y"], err)
			}
			for i, d := range tt.want {
				if types["y"].Shape[i] != d {
					t.Errorf("y is %v, want %v", types["y"], tt.want)
				}
			}
		})
	}
}
