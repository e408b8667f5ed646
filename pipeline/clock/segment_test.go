package clock_test

import (
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestSegmentsChangeNothing: random graphs, cut at every FIFO, do the same when what lies between
// repeats itself alone.
func TestSegmentsChangeNothing(t *testing.T) {
	t.Parallel()
	for seed := range blocktest.Designs(t, 400) {
		r := rand.New(rand.NewPCG(11, seed))
		p, frames := blocktest.Network(r), 4*(1+r.Int64N(3))
		want, dead := clock.Solve(p, clock.Options{Frames: frames, EveryBeat: true})
		got, stuck := clock.Solve(p, clock.Options{Frames: frames})
		if (dead == nil) != (stuck == nil) {
			t.Fatalf("network %d, %d frames: %v beat by beat, %v with fast-forward", seed, frames, dead, stuck)
		}
		if dead == nil {
			got.Skipped = 0
		}
		if diff := compare.Diff(want, got); diff != "" {
			t.Fatalf("network %d, %d frames (-every beat +fast-forward):\n%s", seed, frames, diff)
		}
	}
}
