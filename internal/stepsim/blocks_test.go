package stepsim

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shut is a gate that never opens.
var shut = Listed{}

// What fits behind a shut sink, worked out from the rules of the blocks.
func TestCapacities(t *testing.T) {
	tests := []struct {
		name  string
		block Block
		want  int64 // beats taken from the source
	}{
		{"register", Requant{}, 1},
		{"credits", Thresholding(15, true), 8 + 3},
		{"dwc up: a word and a skid", Dwc{1, 3}, 4},
		{"dwc down", Dwc{3, 1}, 1},
		{"proto: one word and a skid", DwcProto{2, 3}, 3},
		{"short ram fifo: its depth", RAMFIFO{Depth: 9}, 9},
		{"ram fifo: memory, queue of 10, register", RAMFIFO{Depth: 65}, 64 + 10 + 1},
		{"block ram fifo: one more in flight", RAMFIFO{200, BlockRAM}, 256 + 11 + 1},
		{"reduce: a result, and the next vector but its last beat", Reduce{Groups: 4}, 4 + 3},
		{"upsample: a row and a beat", Upsample{H: 54, W: 18, SY: 2, SX: 1, Folds: 1}, 18 + 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := between(Source{Beats: 972}, tt.block, Sink{Gate: shut}).Run(10_000)
			if stuck := new(StuckError); !errors.As(err, &stuck) || !stuck.Deadlock {
				t.Fatalf("%v, want a deadlock", err)
			}
			if n := got.Edges[0].Out.Beats; n != tt.want {
				t.Errorf("%d beats, want %d", n, tt.want)
			}
		})
	}
}

// graphTimelines runs a graph and returns every process's timeline.
func graphTimelines(t *testing.T, g *Graph) map[string]string {
	t.Helper()
	g.Timelines = true
	r, err := g.Run(1000)
	if err != nil {
		t.Fatal(err)
	}
	checkAccounts(t, Result{Total: r.Total, Processes: r.Stages})
	got := map[string]string{}
	for _, p := range r.Stages {
		got[p.Name] = timeline(p)
	}
	return got
}

// between returns one block between a source and a sink.
func between(source Source, b Block, sink Sink) *Graph {
	g := New()
	in, out := g.Edge("in", 0, 1), g.Edge("out", 0, 1)
	g.AddSource("source", source, in)
	g.AddBlock("block", b, []Edge{in}, []Edge{out})
	g.AddSink("sink", sink, out)
	return g
}

func twice(g *Graph) *Graph {
	g.Frames = 2
	return g
}

// The timelines below were worked out by hand from the rules of the blocks.
func TestBlockTimelines(t *testing.T) {
	slow := Sink{Gate: Every{N: 3, Phase: 2}}
	tests := []struct {
		name  string
		graph *Graph
		want  map[string]string
	}{
		{"dwc up", between(Source{Beats: 4}, Dwc{1, 2}, Sink{}), map[string]string{
			"source": "BBBB.", "block": "BBBB.", "sink": "SSBSB",
		}},
		{"dwc down", between(Source{Beats: 2}, Dwc{2, 1}, Sink{}), map[string]string{
			"source": "BKB...", "block": "SSBBBB", "sink": "SSBBBB",
		}},
		{"zero insertion", between(Source{Beats: 4}, ZeroInsert{H: 2, W: 2, SY: 2, SX: 2, Folds: 1}, Sink{}), map[string]string{
			// 1 0 1 / 0 0 0 / 1 0 1
			"source": "BBKBKKKB..", "block": "BBBBBBBBB.", "sink": "SBBBBBBBBB",
		}},
		{"reduce", between(Source{Beats: 4}, Reduce{Groups: 2}, slow), map[string]string{
			"source": "BBBB..", "block": "BBBB..", "sink": "SSBSTB",
		}},
		{"reduce of two folds", between(Source{Beats: 4}, Reduce{Groups: 2, Folds: 2}, slow), map[string]string{
			"source": "BBBKKB...", "block": "BBBKKB...", "sink": "SSSTTBTTB",
		}},
		{"upsample, two frames that overlap", twice(between(Source{Beats: 2}, Upsample{H: 1, W: 2, SY: 2, SX: 1, Folds: 1}, Sink{})), map[string]string{
			"source": "BBBKB.....", "block.linebuffer": "BBBKB.....", "block.window": "SBBBBBBBB.", "sink": "SSBBBBBBBB",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, graphTimelines(t, tt.graph)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// forkJoin is source, fork, two edges, join, sink.
func forkJoin(style ForkStyle, depth int, join Block, sink Sink) *Graph {
	g := New()
	in, a, b, out := g.Edge("in", 0, 1), g.Edge("a", 2, 1), g.Edge("b", depth, 1), g.Edge("out", 0, 1)
	g.AddSource("source", Source{Beats: 4}, in)
	g.AddBlock("fork", Fork{Style: style}, []Edge{in}, []Edge{a, b})
	g.AddBlock("join", join, []Edge{a, b}, []Edge{out})
	g.AddSink("sink", sink, out)
	return g
}

func TestForkAndJoinTimelines(t *testing.T) {
	tests := []struct {
		name  string
		graph *Graph
		want  map[string]string
	}{
		{"all or nothing", forkJoin(AllOrNothing, 1, Join{}, Sink{}), map[string]string{
			// A FIFO of one takes every second cycle.
			"source": "BKBKBKB.", "fork": "BKBKBKB.", "join": "SBSBSBSB", "sink": "SBSBSBSB",
		}},
		{"eager", forkJoin(Eager, 1, Join{}, Sink{}), map[string]string{
			"source": "BKBKBKB.", "fork": "BKBKBKB.", "join": "SBSBSBSB", "sink": "SBSBSBSB",
		}},
		{"tap", forkJoin(Tap, 2, Join{}, Sink{}), map[string]string{
			// A beat reaches the tap's FIFO by the register, a slot and the output register of the skid. The full FIFO of the main
			// branch keeps the third beat in the register in cycles 3 and 4, the fourth in the side register; so its tap is late.
			"source": "BBBB......", "fork": "BBBB......", "join": "SSSSBBBSSB", "sink": "SSSSBBBSSB",
		}},
		{"elementwise", forkJoin(Eager, 2, Eltwise{}, Sink{}), map[string]string{
			"source": "BBBB.....", "fork": "BBBB.....", "join": "SBBBB....", "sink": "SSSSSBBBB",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, graphTimelines(t, tt.graph)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// An elementwise join holds eight takes and one beat of each side.
func TestEltwiseCredits(t *testing.T) {
	g := New()
	a, b, out := g.Edge("a", 0, 1), g.Edge("b", 0, 1), g.Edge("out", 0, 1)
	g.AddSource("sa", Source{Beats: 40}, a)
	g.AddSource("sb", Source{Beats: 40}, b)
	g.AddBlock("join", Eltwise{}, []Edge{a, b}, []Edge{out})
	g.AddSink("sink", Sink{Gate: shut}, out)
	got, err := g.Run(1000)
	if err == nil {
		t.Fatal("no deadlock")
	}
	if n, m := got.Edge(a).Out.Beats, got.Edge(b).Out.Beats; n != 9 || m != 9 {
		t.Errorf("%d and %d beats, want 9 and 9", n, m)
	}
}
