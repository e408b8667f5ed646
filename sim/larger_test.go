package sim

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// TestLargerImages: images are made larger by stages that keep pixels or rows, not the
// frame, wherever that is all that an operator does; the values are its own either way.
func TestLargerImages(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	transposed := func(stride, pad, more int, kernel conv.Pair) network.ConvTranspose {
		return network.ConvTranspose{Stride: conv.Pair{H: stride, W: stride}, Dilation: conv.Pair{H: 1, W: 2}, Groups: 1,
			Padding:       conv.Padding{Sides: conv.Sides{Top: pad, Bottom: pad, Left: pad, Right: pad}},
			OutputPadding: conv.Pair{H: more, W: more}}
	}
	for _, c := range []struct {
		name   string
		op     network.Op
		kernel conv.Pair // of a transposed convolution
		want   []string
		not    string
	}{
		{"nearest", network.Resize{Scales: []float32{1, 1, 2, 3}, Coordinate: network.Asymmetric, NearestMode: network.RoundFloor}, conv.Pair{}, []string{"upsample"}, "batch"},
		{"nearest by half pixels", network.Resize{Scales: []float32{1, 1, 2, 2}, Coordinate: network.HalfPixel, NearestMode: network.RoundPreferFloor}, conv.Pair{}, []string{"upsample"}, "batch"},
		{"nearest, moved by a pixel", network.Resize{Scales: []float32{1, 1, 2, 2}, Coordinate: network.Asymmetric, NearestMode: network.RoundCeil}, conv.Pair{}, []string{"batch"}, "upsample"},
		{"nearest, of a broken factor", network.Resize{Scales: []float32{1, 1, 1.5, 2}, Coordinate: network.Asymmetric, NearestMode: network.RoundFloor}, conv.Pair{}, []string{"batch"}, "upsample"},
		{"transposed", transposed(2, 1, 1, conv.Pair{H: 3, W: 3}), conv.Pair{H: 3, W: 3}, []string{"insert", "pad"}, "batch"},
		{"transposed, stride 1", transposed(1, 0, 0, conv.Pair{H: 3, W: 2}), conv.Pair{H: 3, W: 2}, []string{"pad"}, "insert"},
		{"transposed, pixels left out", transposed(2, 2, 0, conv.Pair{H: 1, W: 2}), conv.Pair{H: 1, W: 2}, []string{"batch"}, "insert"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := testTensor(r, tensor.Float32, 2, 3, 4, 5)
			g := &network.Graph{Name: "larger", Inputs: []network.Input{{Name: "x", Type: network.Type{DType: tensor.Float32, Shape: x.Shape()}}},
				Outputs: []string{"y"}, Constants: map[string]*tensor.Tensor{},
				Nodes: []network.Node{{Name: "n", Op: c.op, Inputs: []string{"x"}, Outputs: []string{"y"}}}}
			if (c.kernel != conv.Pair{}) {
				g.Constants["w"] = testTensor(r, tensor.Float32, 3, 2, c.kernel.H, c.kernel.W)
				g.Nodes[0].Inputs = append(g.Nodes[0].Inputs, "w")
			}
			hw, _ := parse(t, "{name: h, array: {pe: 2, simd: 3}}", stopLayer)
			n, err := NewNetwork(hw, g)
			if err != nil {
				t.Fatal(err)
			}
			out, err := n.Run(t.Context(), map[string]*tensor.Tensor{"x": x}, Options{})
			if err != nil || out.Wrong != nil || out.Checked != 1 {
				t.Fatalf("%v; %v; %d checked", err, out.Wrong, out.Checked)
			}
			var kinds []string
			for _, node := range n.Plan.Nodes {
				kinds = append(kinds, node.Block.Kind())
			}
			for _, want := range c.want {
				if !slices.Contains(kinds, want) {
					t.Errorf("no %s among %v", want, kinds)
				}
			}
			if slices.Contains(kinds, c.not) {
				t.Errorf("%s among %v", c.not, kinds)
			}
		})
	}
}
