package fit_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/fit"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

func lenet() string { return filepath.Join("..", "..", "testdata", "models", "digits_lenet.onnx") }

// head is a network up to its second convolution.
func head(g *network.Graph) *network.Graph {
	h := *g
	convs := 0
	for i, n := range g.Nodes {
		if _, ok := n.Op.(network.QLinearConv); ok {
			convs++
		}
		if convs == 2 {
			h.Nodes, h.Outputs = g.Nodes[:i+1], n.Outputs
			break
		}
	}
	return &h
}

// options are those of a search on a board, of which some DSP slices may be used.
func options(t *testing.T, board string, dsp int) fit.Options {
	t.Helper()
	b, err := resources.LoadBoard(board)
	if err != nil {
		t.Fatal(err)
	}
	limits := b.Available.Amount()
	limits.DSP = min(limits.DSP, dsp)
	return fit.Options{Name: "test", File: "test.yaml", BoardRef: board, ClockMHz: b.ClockMHz, Limits: limits}
}

// tried is a design of the exhaustive search.
type tried struct {
	interval float64
	cost     resources.Amount
}

// exhaust tries every power of two of pe and simd on every layer of a model, in both
// window styles: intervals by a run with FIFOs that are never full.
func exhaust(t *testing.T, g *network.Graph, board string, clockMHz float64) []tried {
	t.Helper()
	base := fmt.Sprintf("name: all\nclock_mhz: %v\nboard: %s\narray: {pe: 1, simd: 64}\n", clockMHz, board)
	plan := func(layers string) (*pipeline.Plan, *configs.Hardware) {
		hw, err := configs.ParseHardware("all.yaml", []byte(base+layers))
		if err != nil {
			t.Fatal(err)
		}
		net, err := mapping.MapNetwork(hw, g)
		if err != nil {
			t.Fatal(err)
		}
		return net.Plan, hw
	}
	p, _ := plan("")
	choices := []string{"layers:\n"}
	for _, n := range p.Nodes {
		a, ok := n.Block.(pe.Array)
		if !ok {
			continue
		}
		var next []string
		for _, before := range choices {
			for x := 1; x <= a.Fold.Shape.GroupOutChannels(); x *= 2 {
				for y := 1; y <= a.Fold.Shape.GroupInChannels(); y *= 2 {
					for _, style := range []string{"serial", "parallel"} {
						if a.Fold.Taps == 1 && style == "serial" {
							continue
						}
						next = append(next, before+fmt.Sprintf("  %q: {array: {pe: %d, simd: %d}, window: {style: %s}}\n", n.Layer, x, y, style))
					}
				}
			}
		}
		choices = next
	}
	const most = 20_000
	if len(choices) > most {
		t.Fatalf("%d designs are too many to try", len(choices))
	}
	var list []tried
	w := &clock.Workspace{}
	for _, c := range choices {
		p, hw := plan(c)
		r, _ := resources.Price(p, resources.Device{DSP: hw.DSPKind(), ClockMHz: hw.ClockMHz}).Partly()
		for i := range p.Edges {
			p.Edges[i].Depth = int(4 * p.Edges[i].Stream.Frame())
		}
		run, err := clock.Solve(p, clock.Options{Frames: 8, Work: w})
		var dead *clock.Deadlock
		if errors.As(err, &dead) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		pace, _ := run.Pace()
		list = append(list, tried{pace.Mean, r.Total})
	}
	t.Logf("%d designs on %s", len(list), strings.TrimSpace(board))
	return list
}

// TestBestOfAll: within 5 % of the best design of all there are, whatever the budget; of a
// trained network up to its second convolution, and of small ones drawn at random.
func TestBestOfAll(t *testing.T) {
	drawn := 3
	if os.Getenv("CONVSIM_DESIGNS") != "" {
		drawn = 20
	}
	for _, board := range []string{"pynq-z2", "vck190"} {
		t.Run("trained on "+board, func(t *testing.T) {
			t.Parallel()
			best(t, head(models.Integers(t, lenet())), board, 8, 20, 50, 120, 1<<20)
		})
	}
	for seed := range drawn {
		t.Run(fmt.Sprintf("drawn %d", seed), func(t *testing.T) {
			t.Parallel()
			text := small(rand.New(rand.NewPCG(11, uint64(seed))))
			n, err := configs.ParseNetwork("net.yaml", []byte(text))
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			g, err := network.Lower(n.Graph)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(text)
			best(t, g, "zcu104", 6, 12, 30, 1<<20)
		})
	}
}

// small is a network of two or three layers whose channels are powers of two, with a
// pooling sometimes.
func small(r *rand.Rand) string {
	pick := func(of ...int) int { return of[r.IntN(len(of))] }
	in, middle, out, size := pick(1, 2, 4), pick(2, 4, 8), pick(4, 8), 5+r.IntN(8)
	text := fmt.Sprintf("inputs: [{name: x, shape: [1, %d, %d, %d]}]\nlayers:\n", in, size, size)
	requantized := "requantize: {rule: shift, shift: 6, dtype: int8}"
	text += fmt.Sprintf("- {name: a, op: conv2d, inputs: x, in_channels: %d, out_channels: %d, kernel_size: 3, padding: %d, stride: %d, %s}\n",
		in, middle, pick(0, 1), pick(1, 2), requantized)
	last := "a"
	if r.IntN(2) == 0 {
		text += "- {name: p, op: max_pool2d, inputs: a, kernel_size: 2}\n"
		last = "p"
	}
	text += fmt.Sprintf("- {name: b, op: conv2d, inputs: %s, in_channels: %d, out_channels: %d, kernel_size: %d, %s}\n",
		last, middle, out, 1, requantized)
	return text + "outputs: b\n"
}

// best compares what is found with the best of all designs, under several budgets.
func best(t *testing.T, g *network.Graph, board string, budgets ...int) {
	t.Helper()
	all := exhaust(t, g, board, options(t, board, 0).ClockMHz)
	for _, dsp := range budgets {
		o := options(t, board, dsp)
		best := 0.0
		for _, d := range all {
			if len(fit.Exceeded(d.cost, o.Limits)) == 0 && (best == 0 || d.interval < best) {
				best = d.interval
			}
		}
		found, err := fit.Find(t.Context(), g, o)
		if err != nil {
			t.Fatal(err)
		}
		const near = 1.05
		switch d := found.Design; {
		case d == nil && best > 0:
			t.Errorf("%d DSP: nothing found, best of all is a frame every %g cycles", dsp, best)
		case best > 0 && d.Interval > near*best:
			t.Errorf("%d DSP: a frame every %g cycles, best of all %g", dsp, d.Interval, best)
		case d != nil:
			t.Logf("%d DSP: a frame every %g cycles, best of all %g", dsp, d.Interval, best)
		}
	}
}
