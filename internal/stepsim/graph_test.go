package stepsim

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Two sources whose pixels are put side by side, and taken apart again into three sinks, one of which is done early.
func TestConcatAndSplit(t *testing.T) {
	g := New()
	a, b, both, x, y := g.Edge("a", 0, 1), g.Edge("b", 0, 1), g.Edge("both", 0, 1), g.Edge("x", 0, 1), g.Edge("y", 0, 1)
	g.AddSource("sa", Source{Beats: 2}, a)
	g.AddSource("sb", Source{Beats: 4}, b)
	g.AddBlock("concat", Concat{Beats: []int{1, 2}}, []Edge{a, b}, []Edge{both})
	g.AddBlock("split", Split{Beats: []int{1, 1, 1}, Drop: []bool{false, true}}, []Edge{both}, []Edge{x, y})
	g.AddSink("tx", Sink{}, x)
	g.AddSink("ty", Sink{Gate: Every{N: 4}}, y)
	want := map[string]string{
		"sa": "BKKB.....", "sb": "KBBKBB...", "concat": "BBBBBB...", "split": "SBBBBBB..",
		"tx": "SSBSSB...", "ty": "SSSSBSSTB",
	}
	if diff := cmp.Diff(want, graphTimelines(t, g)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// shortcut is a fork whose one branch takes n beats before it gives one, and whose other is a FIFO.
func shortcut(style ForkStyle, n, depth int) *Graph {
	g := New()
	in, a, c, b, out := g.Edge("in", 0, 1), g.Edge("main", 0, 1), g.Edge("late", 0, 1), g.Edge("skip", depth, 1), g.Edge("out", 0, 1)
	g.AddSource("source", Source{Beats: 12}, in)
	g.AddBlock("fork", Fork{Style: style}, []Edge{in}, []Edge{a, b})
	g.AddBlock("win", AddressedPad{H: 1, W: 12, Rows: []int{0}, Cols: laggards(n, 12), Folds: 1}, []Edge{a}, []Edge{c})
	g.AddBlock("join", Join{}, []Edge{c, b}, []Edge{out})
	g.AddSink("sink", Sink{}, out)
	return g
}

// laggards lists w reads, the first of beat n-1 and all others of the last beat.
func laggards(n, w int) []int {
	list := make([]int, w)
	list[0] = n - 1
	for i := range list[1:] {
		list[i+1] = w - 1
	}
	return list
}

// The closed form of the measurements: a branch that swallows X beats first needs a FIFO of X, or X-1 if the
// fork holds one.
func TestShortcutDeadlocks(t *testing.T) {
	const x = 12 // all of the frame: the last read needs it
	for style, depth := range map[ForkStyle]int{AllOrNothing: x, Eager: x - 1} {
		if _, err := shortcut(style, x, depth).Run(1000); err != nil {
			t.Errorf("%s: depth %d: %v", style, depth, err)
		}
		_, err := shortcut(style, x, depth-1).Run(1000)
		if stuck := new(StuckError); !errors.As(err, &stuck) || !stuck.Deadlock {
			t.Errorf("%s: depth %d: %v, want a deadlock", style, depth-1, err)
		}
	}
	_, err := shortcut(Eager, x, 3).Run(1000)
	want := "deadlock in cycle 4: source blocked by fork; fork blocked by skip; win.linebuffer starved by fork; " +
		"win.window starved by win.linebuffer; skip (3/3) blocked by join; join starved by win.window; sink starved by join"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if stuck := new(StuckError); !errors.As(err, &stuck) || stuck.LastMove != 3 {
		t.Errorf("%+v: want the last move in cycle 3", stuck)
	}
}

// To drain is to go on until the sources are done: a word that stays incomplete still takes beats.
func TestDrain(t *testing.T) {
	for drain, want := range map[bool]int64{false: 5, true: 7} {
		g := between(Source{Beats: 7}, Dwc{1, 4}, Sink{})
		g.Drain = drain
		got, err := g.Run(100)
		if err != nil {
			t.Fatal(err)
		}
		if n := got.Edges[0].Out.Beats; n != want {
			t.Errorf("drain %v: %d beats taken, want %d", drain, n, want)
		}
	}
}

func TestGraphMistakes(t *testing.T) {
	loop := New()
	a, b, c, d := loop.Edge("a", 0, 1), loop.Edge("b", 0, 1), loop.Edge("c", 0, 1), loop.Edge("d", 0, 1)
	loop.AddSource("source", Source{Beats: 1}, a)
	loop.AddBlock("join", Join{}, []Edge{a, c}, []Edge{b})
	loop.AddBlock("fork", Fork{}, []Edge{b}, []Edge{c, d})
	loop.AddSink("sink", Sink{}, d)
	tests := []struct {
		name  string
		graph *Graph
		want  []string
	}{
		{"loop", loop, []string{"blocks in a loop"}},
		{"no beats", between(Source{}, Requant{}, Sink{}), []string{"source: source Beats: 0"}},
		{"adapter's frame", between(Source{Beats: 6}, Adapter{2, 4, 10}, Sink{}), []string{"takes 5 beats a frame, gets 6"}},
		{"vectors", between(Source{Beats: 6}, Reduce{Groups: 4}, Sink{}), []string{"whole vectors of 4"}},
		{"pixels", between(Source{Beats: 7}, Split{[]int{1, 1}, []bool{true}}, Sink{}), []string{"whole pixels of 2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.graph.Run(10)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in\n%v", want, err)
				}
			}
		})
	}
	frames := between(Source{Beats: 7}, Dwc{1, 2}, Sink{})
	frames.Frames = 2
	if _, err := frames.Run(10); err == nil || !strings.Contains(err.Error(), "no whole beats of 2") {
		t.Errorf("frames that leave elements over: %v", err)
	}
}
