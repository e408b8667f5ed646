package sim

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestEarlyFramesOfALongRun holds frames of a run that ends with its first period, copies
// among them, to runs that end with these frames.
func TestEarlyFramesOfALongRun(t *testing.T) {
	copied, several := 0, 0
	tried := int(blocktest.Designs(t, 600))
	for i := range tried {
		r := rand.New(rand.NewPCG(37, uint64(i)))
		d := randomDesign(r, bounds{height: 7, width: 7, channels: 4, slow: 9})
		plan := d.Timing.plan(d.Source.gate(), d.Sink.gate())
		if !clock.Ordered(plan, plan.Needs()) {
			continue
		}
		found, err := clock.Recur(plan, clock.Options{Frames: 64})
		if err != nil {
			continue
		}
		frames := 3 + r.Int64N(20)
		run, err := clock.Solve(plan, clock.Options{Frames: frames, EveryBeat: i%2 == 0})
		if err != nil {
			t.Fatalf("design %d %+v: %v, which a longer run does not find", i, d, err)
		}
		for f, end := range found.Ends[:min(len(found.Ends), len(run.Sinks[0]))] {
			if want := run.Sinks[0][f].Last; end != want {
				t.Fatalf("design %d %+v: frame %d leaves in cycle %d, in a run of %d in cycle %d", i, d, f, end, frames, want)
			}
		}
		if found.Pace.Period > 0 && int64(len(found.Ends)) >= frames {
			copied++
			if found.Pace.Period > 1 {
				several++
			}
		}
	}
	t.Logf("%d designs: %d with a period, %d of them of several frames", tried, copied, several)
	if copied < tried/4 || several < tried/40 {
		t.Errorf("only %d of %d designs with a period, %d of them of several frames", copied, tried, several)
	}
}

// TestPaceByPeriod holds the pace that one run up to its first period has to the pace of
// a run of the frames asked for, and of a longer one where that is needed.
func TestPaceByPeriod(t *testing.T) {
	held := 0
	rapid.Check(t, func(t *rapid.T) {
		d := drawn(t)
		if d == nil {
			return
		}
		frames := rapid.Int64Range(1, 20).Draw(t, "frames")
		got, _, ok := d.paceByPeriod(frames, nil)
		want, _, err := d.paceByRun(frames, nil)
		switch {
		case !ok:
		case err != nil:
			t.Fatalf("%+v by the period, %v by the run", got, err)
		case got != want:
			t.Fatalf("%+v by the period, %+v by the run", got, want)
		default:
			held++
		}
	})
	if held == 0 && !testing.Short() {
		t.Error("no pace was found by a period")
	}
}
