package sizing_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// residual is a block whose branch is some 3x3 layers on wires, and whose shortcut is
// the one FIFO there is.
func residual(t *testing.T, w, channels, lanes, layers int, style wiring.ForkStyle) *pipeline.Plan {
	t.Helper()
	shape, err := conv.Conv2d{InChannels: channels, OutChannels: channels, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Padding: conv.Padding{Kind: conv.Explicit, Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}},
		Groups: 1}.Resolve(1, 6, w)
	if err != nil {
		t.Fatal(err)
	}
	f := sched.NewFold(shape, sched.Array{PE: lanes, SIMD: lanes, GroupParallel: 1}, sched.Serial)
	s := sched.Stream{Elem: tensor.Int8, Lanes: lanes, Rows: 6, Pixels: int64(w), Beats: int64(channels / lanes)}
	p := &pipeline.Plan{}
	wire := func(from pipeline.Port, b pipeline.Block) pipeline.Port {
		to := pipeline.Port{Node: p.Add("", b)}
		if from.Node >= 0 {
			p.Join(from, to)
		}
		return to
	}
	fork := wire(wire(pipeline.Port{Node: -1}, wiring.Source{Stream: s, Pattern: clock.Always{}}), wiring.Fork{Stream: s, Branches: 2, Style: style})
	at := fork
	for range layers {
		for _, b := range []pipeline.Block{linebuffer.Pad{Fold: f, Elem: tensor.Int8},
			linebuffer.Window{Fold: f, Elem: tensor.Int8, Depth: f.WindowDepth()},
			pe.Array{Fold: f, Elem: tensor.Int8, Weight: tensor.Int8, Sum: tensor.Int32, Accumulator: conv.Accumulator{Bits: 32}, Latency: 3},
			pe.Requantize{Fold: f, Sum: tensor.Int32, Elem: tensor.Int8, SumBits: 32,
				Rule: pe.Rule{Kind: pe.Shift, Out: pe.Output{Range: pe.SpanOf(tensor.Int8)}}}} {
			at = wire(at, b)
		}
	}
	join := p.Add("", wiring.Join{In: []sched.Stream{s, s}, Out: s, How: scalar.Narrow{Name: "Add", Bits: 8, Signed: true}})
	p.Join(at, pipeline.Port{Node: join})
	shortcut := p.Join(pipeline.Port{Node: fork.Node, Port: 1}, pipeline.Port{Node: join, Port: 1})
	p.Edges[shortcut].Depth = 2
	wire(pipeline.Port{Node: join}, wiring.Sink{Stream: s, Pattern: clock.Always{}})
	return p
}

// TestResidualBlocks: the least depth of a shortcut is what the branch has to swallow
// before its first beat can leave, one less with a fork that lets a branch run ahead;
// and one less again deadlocks.
func TestResidualBlocks(t *testing.T) {
	for _, c := range []struct{ w, channels, lanes, layers int }{{6, 4, 2, 1}, {6, 4, 1, 1}, {9, 4, 4, 1}, {6, 4, 2, 2}, {8, 2, 1, 2}, {5, 6, 2, 2}} {
		for _, style := range []wiring.ForkStyle{wiring.AllOrNothing, wiring.Eager} {
			t.Run(fmt.Sprintf("%+v %s", c, style), func(t *testing.T) {
				t.Parallel()
				p := residual(t, c.w, c.channels, c.lanes, c.layers, style)
				if err := p.Check(); err != nil {
					t.Fatal(err)
				}
				// Index of the last beat that the first output waits for, and one: so many
				// rows and pixels as there are layers below and right of the first pixel.
				want := (c.layers*c.w + c.layers + 1) * c.channels / c.lanes
				if style == wiring.Eager {
					want-- // a beat waits in the fork
				}
				const anySpeed = 1e6
				r, err := sizing.Size(t.Context(), p, sizing.Options{Slower: anySpeed, Least: 1})
				if err != nil {
					t.Fatal(err)
				}
				got := r.FIFOs[0]
				if !r.Proven || len(r.FIFOs) != 1 || got.Depth != want {
					t.Errorf("proven %v, depths %+v, want one of %d", r.Proven, r.FIFOs, want)
				}
				_, err = clock.Solve(p.WithDepth(got.Edge, got.Depth-1), clock.Options{Frames: 4})
				var dead *clock.Deadlock
				if !errors.As(err, &dead) || dead.Culprit != got.Edge {
					t.Fatalf("one entry less: %v", err)
				}
				relief, err := clock.Relieve(p, clock.Options{Frames: 4}, dead)
				if err != nil || relief.Depth != want {
					t.Errorf("advice %+v, %v, want %d", relief, err, want)
				}
			})
		}
	}
}

// TestOccupancyIsNoRule: a shortcut needs less than an ample FIFO in its place holds.
func TestOccupancyIsNoRule(t *testing.T) {
	p := residual(t, 6, 4, 2, 1, wiring.Eager)
	r, err := sizing.Size(t.Context(), p, sizing.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := sizing.Rules(t.Context(), p, sizing.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if peak, bits := rules[0], sizing.TotalsOf(r.Plan).Bits; peak.Bits <= bits {
		t.Errorf("the peak of %d bits is as good as the %d found", peak.Bits, bits)
	}
}

// TestRandomResiduals: the same of blocks of any width, lanes and number of layers; the
// text of the deadlock says the depth.
func TestRandomResiduals(t *testing.T) {
	const blocks = 60
	for seed := range uint64(blocks) {
		r := rand.New(rand.NewPCG(seed, 5))
		lanes, layers := 1+r.IntN(3), 1+r.IntN(2)
		beats, w := 1+r.IntN(3), 4+r.IntN(6)
		style := []wiring.ForkStyle{wiring.AllOrNothing, wiring.Eager}[r.IntN(2)]
		p := residual(t, w, lanes*beats, lanes, layers, style)
		want := (layers*w + layers + 1) * beats
		if style == wiring.Eager {
			want--
		}
		const anySpeed = 1e6
		found, err := sizing.Size(t.Context(), p, sizing.Options{Slower: anySpeed, Least: 1})
		if err != nil {
			t.Fatal(err)
		}
		got := found.FIFOs[0]
		if !found.Proven || got.Depth != want {
			t.Errorf("seed %d: proven %v, depth %d, want %d", seed, found.Proven, got.Depth, want)
		}
		_, err = clock.Solve(p.WithDepth(got.Edge, want-1), clock.Options{Frames: 4})
		var dead *clock.Deadlock
		if !errors.As(err, &dead) {
			t.Fatalf("seed %d: one entry less: %v", seed, err)
		}
		if dead.Relief, err = clock.Relieve(p.WithDepth(got.Edge, want-1), clock.Options{Frames: 4}, dead); err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprintf("depth %d frees it", want); !strings.Contains(dead.Error(), text) {
			t.Errorf("seed %d: %v, want %q", seed, dead, text)
		}
	}
}
