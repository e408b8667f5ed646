package fit

import (
	"fmt"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestPrompt: a plan without what brings weights is as fast as one whose weights come
// whenever they are asked for.
func TestPrompt(t *testing.T) {
	g := models.Integers(t, "..", "..", "testdata", "models", "resnet8.onnx")
	for _, reuse := range []string{"pixel", "row", "frame"} {
		for _, simd := range []int{1, 4, 16} {
			t.Run(fmt.Sprintf("%s, simd %d", reuse, simd), func(t *testing.T) {
				const text = "{name: s, array: {pe: 4, simd: %d}, weights: {from: dram, reuse: %s}, dram: {bytes_per_cycle: 16}}"
				hw, err := configs.ParseHardware("s.yaml", fmt.Appendf(nil, text, simd, reuse))
				if err != nil {
					t.Fatal(err)
				}
				net, err := mapping.Ample(hw, g)
				if err != nil {
					t.Fatal(err)
				}
				asked := &pipeline.Plan{Nodes: append([]pipeline.Node(nil), net.Plan.Nodes...), Edges: net.Plan.Edges}
				brought := 0
				for i, n := range asked.Nodes {
					if _, ok := n.Block.(pe.Weights); ok {
						_, out := n.Block.Streams()
						asked.Nodes[i].Block = wiring.Source{Stream: out[0], Pattern: clock.Always{}}
						brought++
					}
				}
				without := prompt(net.Plan)
				if brought == 0 || len(without.Nodes) > len(asked.Nodes)-brought {
					t.Fatalf("%d nodes of %d, of which %d bring weights", len(without.Nodes), len(asked.Nodes), brought)
				}
				if got, want := interval(t, without), interval(t, asked); got != want {
					t.Errorf("a frame every %g cycles, %g where weights come", got, want)
				}
			})
		}
	}
}

// interval is the steady interval of a plan.
func interval(t *testing.T, p *pipeline.Plan) float64 {
	t.Helper()
	const frames = 24
	r, err := clock.Recur(p, clock.Options{Frames: frames})
	if err != nil {
		t.Fatal(err)
	}
	return r.Pace.Mean
}
