package sizing

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// TestByBeats: what is said of a block without a run is what a run says.
func TestByBeats(t *testing.T) {
	kinds := map[string]int{}
	for _, model := range []string{"digits_lenet", "resnet8"} {
		for _, hardware := range []string{"edge-8x8", "parallel-4x16", "minimal-1x1", "finn-like-8x8", "grouped-4x4x4", "streamed"} {
			p := plannedOn(t, hardware, filepath.Join("..", "..", "testdata", "models", model+".onnx"))
			s, err := newSearch(t.Context(), p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range s.depths {
				s.depths[i] = s.ample(i)
			}
			for i, n := range p.Nodes {
				cycles, ok := byBeats(n.Block)
				if !ok {
					continue
				}
				kind := n.Block.Kind()
				if a, ok := n.Block.(pe.Array); ok && a.Loads() {
					kind = "array of weights that come"
				}
				kinds[kind]++
				run, err := s.interval([]int{i})
				if err != nil {
					t.Fatal(err)
				}
				if run.cycles != float64(cycles) {
					t.Errorf("%s on %s, %s of %s: %d cycles, a run takes %g", model, hardware, kind, n.Layer, cycles, run.cycles)
				}
			}
		}
	}
	for _, kind := range []string{"array", "array of weights that come", "requantize", "map", "pool", "fork", "join", "width", "pad", "tile", "turn", "source", "sink"} {
		if kinds[kind] == 0 {
			t.Errorf("none of kind %s: %v", kind, kinds)
		}
	}
}

// TestTilesByBeats: a tile and what turns its results take as long as their beats, however
// short passes are.
func TestTilesByBeats(t *testing.T) {
	const folds, most = 300, 6
	r := rand.New(rand.NewPCG(37, 0))
	any := func() int { return 1 + r.IntN(most) }
	for range folds {
		one := conv.Pair{H: 1, W: 1}
		s := conv.Shape{Batch: 1, InChannels: any(), OutChannels: any(), Kernel: one, Stride: one, Dilation: one, Groups: 1}
		s.InHeight, s.InWidth = any(), any()
		s.OutHeight, s.OutWidth = s.InHeight, s.InWidth
		f := sched.NewFold(s, sched.Array{PE: any(), SIMD: any(), GroupParallel: 1}, sched.Parallel)
		for _, pixels := range []int{1, s.OutWidth, s.OutWidth * s.OutHeight} {
			for _, b := range []pipeline.Block{linebuffer.Tile{Fold: f, Weight: tensor.Int8, Pixels: pixels}, linebuffer.Turn{Fold: f, Sum: tensor.Int32, Pixels: pixels}} {
				p := blocktest.Alone(r, blocktest.Specimen{b})
				node := slices.IndexFunc(p.Nodes, func(n pipeline.Node) bool { return n.Block.Kind() == b.Kind() })
				search, err := newSearch(t.Context(), p, Options{})
				if err != nil {
					t.Fatal(err)
				}
				run, err := search.interval([]int{node})
				if err != nil {
					t.Fatal(err)
				}
				if cycles, ok := byBeats(b); !ok || run.cycles != float64(cycles) {
					t.Errorf("%s of %d pixels, fold %+v: %d cycles (%v), a run takes %g", b.Kind(), pixels, f, cycles, ok, run.cycles)
				}
			}
		}
	}
}

// TestGoalOfABusyPort: with FIFOs that hold several frames the first layers are done with all
// of a run long before the last, and have a port to themselves: what the later frames take is
// less than what lasts, which is as long as the port is busy for a frame.
func TestGoalOfABusyPort(t *testing.T) {
	hw, err := configs.ParseHardware("pixel.yaml", []byte("{name: p, array: {pe: 8, simd: 8}, weights: {from: dram, reuse: pixel}, dram: {bytes_per_cycle: 16}}"))
	if err != nil {
		t.Fatal(err)
	}
	net, err := mapping.MapNetwork(hw, models.Integers(t, filepath.Join("..", "..", "testdata", "models", "resnet8.onnx")))
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSearch(t.Context(), net.Plan, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.unbounded(); err != nil {
		t.Fatal(err)
	}
	const busy = 202_260
	if s.best != busy || busiestPort(net.Plan) != busy {
		t.Errorf("goal %g, the port is busy for %g cycles of a frame; want %d", s.best, busiestPort(net.Plan), busy)
	}
}

// plannedOn is a model on a shipped hardware, or with weights that come whenever they are
// asked for.
func plannedOn(t *testing.T, hardware, model string) *pipeline.Plan {
	t.Helper()
	streamed := "{name: s, array: {pe: 4, simd: 4}, weights: {from: dram, reuse: row}, dram: {bytes_per_cycle: 16}}"
	hw, err := configs.ParseHardware("streamed.yaml", []byte(streamed))
	if hardware != "streamed" {
		hw, err = configs.LoadHardware(hardware)
	}
	if err != nil {
		t.Fatal(err)
	}
	net, err := mapping.MapNetwork(hw, models.Integers(t, model))
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range net.Plan.Nodes {
		if _, ok := n.Block.(pe.Weights); ok {
			_, out := n.Block.Streams()
			net.Plan.Nodes[i].Block = wiring.Source{Stream: out[0], Pattern: clock.Always{}}
		}
	}
	return net.Plan
}
