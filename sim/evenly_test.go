package sim

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestEvenFrames holds runs that end once frames are even but for the phases of ends to runs that go on
// until these are in phase again: the mean, the frames' ends, and what was held and waited for are the same.
func TestEvenFrames(t *testing.T) {
	const frames, enough = 64, 4
	even, bound := 0, 0
	tried := int(blocktest.Designs(t, 1200))
	for i := range tried {
		r := rand.New(rand.NewPCG(41, uint64(i)))
		d := randomDesign(r, bounds{height: 9, width: 9, channels: 4, slow: 9})
		source := clock.Burst{On: clock.Cycle(1 + r.Int64N(9)), Off: clock.Cycle(1 + r.Int64N(6))}
		sink := d.Sink.gate()
		if r.IntN(2) == 0 {
			sink = clock.Burst{On: clock.Cycle(1 + r.Int64N(9)), Off: clock.Cycle(1 + r.Int64N(3))}
		}
		plan := d.Timing.plan(source, sink)
		plan.Edges[0].Depth = []int{3, 16, 40, 100}[r.IntN(4)]
		if !clock.Ordered(plan, plan.Needs()) {
			continue
		}
		want, err := clock.Recur(plan, clock.Options{Frames: frames})
		if err != nil {
			continue
		}
		got, err := clock.Recur(plan, clock.Options{Frames: frames, Enough: enough})
		if err != nil {
			t.Fatalf("design %d %+v: %v, which a longer run does not find", i, d, err)
		}
		n := min(len(got.Ends), len(want.Ends))
		if got.Pace.Mean != want.Pace.Mean || !slices.Equal(got.Ends[:n], want.Ends[:n]) || !slices.Equal(got.Held, want.Held) || !slices.Equal(got.Waited, want.Waited) {
			t.Fatalf("design %d %+v %v %v %d: %+v, in a longer run %+v", i, d, source, sink, plan.Edges[0].Depth, got, want)
		}
		switch {
		case want.Pace.Period < 2:
		case got.Pace.Period == 1:
			even++
		default:
			bound++
		}
	}
	t.Logf("%d designs: %d with even frames, %d not", tried, even, bound)
	if even < tried/50 || bound < tried/50 {
		t.Errorf("of %d designs only %d with even frames, %d not", tried, even, bound)
	}
}
