package stepsim

import (
	"errors"
	"strings"
	"testing"
)

// narrow is a serial window whose buffer cannot hold what one window spans.
func narrow() Window {
	return Window{H: 4, W: 4, KH: 2, KW: 2, SH: 1, SW: 1, DH: 1, DW: 1, GroupFolds: 1, ChannelFolds: 1, Depth: 3}
}

func TestDeadlock(t *testing.T) {
	tests := []struct {
		name   string
		stages []Stage
		want   string
	}{
		{
			"buffer below the window's span",
			[]Stage{Source{}, FIFO{Depth: 2}, narrow(), Sink{}},
			"deadlock in cycle 6: source0 blocked by fifo1; fifo1 (2/2) blocked by linebuffer2; " +
				"linebuffer2 blocked by window2; window2 starved by linebuffer2; sink3 starved by window2",
		},
		{
			"replay buffer below the vector",
			[]Stage{Source{}, Array{SF: 4, NF: 2, Vectors: 1, Replay: 3}, FIFO{Depth: 1}, Sink{}},
			"deadlock in cycle 5: source0 blocked by array1; array1 starved by source0; " +
				"fifo2 starved by array1; sink3 starved by fifo2",
		},
		{
			"sink that never opens",
			[]Stage{Source{Beats: 3}, Requant{}, FIFO{Depth: 1}, Sink{Gate: Listed{}}},
			"deadlock in cycle 2: source0 blocked by requant1; requant1 blocked by fifo2; " +
				"fifo2 (1/1) blocked by sink3; sink3 throttled by its gate",
		},
		{
			"source that dries up",
			[]Stage{Source{Beats: 3, Gate: Listed{Cycles: []Cycle{4, 9}}}, Sink{Gate: Every{N: 2}}},
			"deadlock in cycle 12: source0 throttled by its gate; sink1 starved by source0",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := Chain{Stages: tt.stages}.Run(1000)
			stuck := new(StuckError)
			if !errors.As(err, &stuck) || !stuck.Deadlock {
				t.Fatalf("got %v, want a deadlock", err)
			}
			if got := err.Error(); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			checkAccounts(t, r)
		})
	}
}

// Of two gates that open in turn one is shut in every cycle: nothing moves all the same.
func TestDeadlockOfGatesInTurn(t *testing.T) {
	g := New()
	in, a, b := g.Edge("in", 0, 1), g.Edge("a", 0, 1), g.Edge("b", 0, 1)
	g.AddSource("source", Source{Beats: 3, Gate: Listed{Cycles: []Cycle{4, 9}}}, in)
	g.AddBlock("fork", Fork{}, []Edge{in}, []Edge{a, b})
	g.AddSink("even", Sink{Gate: Every{N: 2}}, a)
	g.AddSink("odd", Sink{Gate: Every{N: 2, Phase: 1}}, b)
	_, err := g.Run(1000)
	if stuck := new(StuckError); !errors.As(err, &stuck) || !stuck.Deadlock || stuck.LastMove != 10 {
		t.Errorf("got %v, want a deadlock after cycle 10", err)
	}
}

// A list gate that opens again much later is no deadlock.
func TestLongPauseIsNoDeadlock(t *testing.T) {
	late := Listed{Cycles: []Cycle{500, 501, 502, 503}}
	for _, c := range []Chain{
		{Stages: []Stage{Source{Beats: 4, Gate: late}, FIFO{Depth: 2}, Sink{}}},
		{Stages: []Stage{Source{Beats: 4}, FIFO{Depth: 4}, Sink{Gate: late}}},
		{Stages: []Stage{Source{Beats: 4}, FIFO{Depth: 2, Latency: 90}, Sink{}}},
		{Stages: []Stage{Source{}, Array{SF: 1, NF: 1, Vectors: 1, Latency: 90}, Sink{}}},
		{Stages: []Stage{Source{Beats: 3, Gate: Listed{Cycles: []Cycle{9}, Period: 10}}, Sink{}}},
	} {
		if _, err := c.Run(1000); err != nil {
			t.Errorf("%v: %v", c.Stages, err)
		}
	}
}

// The lock falls one cycle after the last result has left the output FIFO, and multiplying goes on although
// the sink is shut.
func TestDeadlockWaitsForTheLock(t *testing.T) {
	sink := Sink{Gate: Listed{Cycles: []Cycle{12, 13, 14, 15, 16}}}
	r, err := Chain{Stages: []Stage{Source{Beats: 100}, Array{SF: 1, NF: 1, Vectors: 100}, sink}}.Run(1000)
	if stuck := new(StuckError); !errors.As(err, &stuck) || !stuck.Deadlock {
		t.Fatalf("got %v, want a deadlock", err)
	}
	// Six beats before the lock rises, five in the cycles 18..22 after it fell.
	if got := r.Edges[0].Beats; got != 11 {
		t.Errorf("%d beats multiplied, want 11", got)
	}
}

func TestCycleLimit(t *testing.T) {
	c := Chain{Stages: []Stage{Source{Beats: 10}, Sink{}}}
	if _, err := c.Run(10); err != nil {
		t.Errorf("10 cycles suffice: %v", err)
	}
	r, err := c.Run(9)
	stuck := new(StuckError)
	if !errors.As(err, &stuck) || stuck.Deadlock || stuck.Cycle != 8 {
		t.Errorf("got %v, want a limit in cycle 8", err)
	}
	if r.Edges[0].Beats != 9 {
		t.Errorf("result of the stopped run: %d beats, want 9", r.Edges[0].Beats)
	}
}

func TestMistakes(t *testing.T) {
	tests := []struct {
		name  string
		chain Chain
		want  []string
	}{
		{"no beats", Chain{Stages: []Stage{Source{}, FIFO{}, Sink{}}}, []string{"source Beats: 0"}},
		{
			"beats that do not fit",
			Chain{Stages: []Stage{Source{Beats: 5}, Array{SF: 2, NF: 1, Vectors: 2}, FIFO{}, Pad{H: 1, W: 3, Folds: 1}, Sink{}}},
			[]string{"stage 1: stepsim.Array takes 4 beats a frame, gets 5", "stage 3: stepsim.Pad takes 3 beats a frame, gets 2"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.chain.Run(10)
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
}
