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

// TestRearIsSkipped: a window of stride 2 whose rows come in bursts takes few beats, since what
// follows it is skipped while bursts of the next rows come in.
func TestRearIsSkipped(t *testing.T) {
	t.Parallel()
	l := conv.Conv2d{InChannels: 96, OutChannels: 96, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 2, W: 2},
		Dilation: conv.Pair{H: 1, W: 1}, Groups: 96, Padding: conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}}
	shape, err := l.Resolve(1, 12, 96)
	if err != nil {
		t.Fatal(err)
	}
	m := machine{Conv: mapping.Conv{Fold: sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Serial)}}
	list := m.blocks()
	first, _ := list[0].Streams()
	_, last := list[len(list)-1].Streams()
	p := &pipeline.Plan{}
	at := mapping.Chain(p, "", mapping.Nowhere, wiring.Source{Stream: first[0], Pattern: clock.Burst{On: 48, Off: 16}})
	mapping.Chain(p, "", mapping.Chain(p, "", at, list...), wiring.Sink{Stream: last[0], Pattern: clock.Every{N: 2}})
	fifos(p, 2, 1, map[string]int{"source.pad": 64})
	if with, without := clock.Simulated(p, true), clock.Simulated(p, false); with > without/2 {
		t.Errorf("%d beats, %d without skipping the rear", with, without)
	}
}
