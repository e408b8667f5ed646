package clock_test

import (
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// between puts a depthwise 3x3 layer between its ports.
func between(t *testing.T, height, width, channels, stride int, style sched.Style, source, sink clock.Pattern) *pipeline.Plan {
	t.Helper()
	l := conv.Conv2d{InChannels: channels, OutChannels: channels, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: stride, W: stride},
		Dilation: conv.Pair{H: 1, W: 1}, Groups: channels, Padding: conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}}
	shape, err := l.Resolve(1, height, width)
	if err != nil {
		t.Fatal(err)
	}
	m := machine{Conv: mapping.Conv{Fold: sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, style)}}
	list := m.blocks()
	first, _ := list[0].Streams()
	_, last := list[len(list)-1].Streams()
	p := &pipeline.Plan{}
	at := mapping.Chain(p, "", mapping.Nowhere, wiring.Source{Stream: first[0], Pattern: source})
	mapping.Chain(p, "", mapping.Chain(p, "", at, list...), wiring.Sink{Stream: last[0], Pattern: sink})
	fifos(p, 2, 1, map[string]int{"source.pad": 64})
	return p
}

// TestRearIsSkipped: a window of stride 2 whose rows come in bursts takes few beats, since what
// follows it is skipped while bursts of the next rows come in.
func TestRearIsSkipped(t *testing.T) {
	t.Parallel()
	p := between(t, 12, 96, 96, 2, sched.Serial, clock.Burst{On: 48, Off: 16}, clock.Every{N: 2})
	if with, without := clock.Simulated(p, ""), clock.Simulated(p, "rear"); with > without/2 {
		t.Errorf("%d beats, %d without skipping the rear", with, without)
	}
}

// TestEndsApart: ends with periods of their own that nobody can tell do not keep the rest from
// being skipped.
func TestEndsApart(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*pipeline.Plan{
		"source": between(t, 40, 12, 8, 1, sched.Serial, clock.Every{N: 5}, clock.Always{}),
		"sink":   between(t, 40, 12, 8, 1, sched.Serial, clock.Always{}, clock.List{Cycles: []clock.Cycle{0, 1, 2, 4, 5, 6}, Repeat: 7}),
	} {
		if with, without := clock.Simulated(p, ""), clock.Simulated(p, "ends"); with > 3*without/4 {
			t.Errorf("%s: %d beats, %d without leaving it out", name, with, without)
		}
	}
}
