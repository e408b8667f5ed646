package clock_test

import (
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestRingsThatGrowChangeNothing: random graphs do the same with rings that begin
// with four places and with those that have all from the start.
func TestRingsThatGrowChangeNothing(t *testing.T) {
	t.Parallel()
	n, grew := blocktest.Designs(t, 250), 0
	for seed := range n {
		r := rand.New(rand.NewPCG(29, seed))
		p, frames := blocktest.Network(r), 1+r.Int64N(6)
		for i := range p.Edges { // deep ones, too
			if e := &p.Edges[i]; e.Depth > 0 && r.IntN(2) == 0 {
				e.Depth += r.IntN(200)
			}
		}
		for _, o := range []clock.Options{{}, {EveryBeat: true}, {EveryBeat: true, Single: true}} {
			o.Frames = frames
			want, would, dead := clock.Wide(p, o)
			got, stuck := clock.Solve(p, o)
			grew += would
			if (dead == nil) != (stuck == nil) {
				t.Fatalf("network %d, %+v: %v with wide rings, %v with those that grow", seed, o, dead, stuck)
			}
			if dead == nil { // how much is skipped depends on what is known of the last period
				got.Skipped, want.Skipped = 0, 0
			}
			if diff := compare.Diff(want, got); diff != "" {
				t.Fatalf("network %d, %+v (-wide rings +those that grow):\n%s", seed, o, diff)
			}
		}
	}
	if grew < int(n) {
		t.Errorf("%d rings may grow", grew)
	}
}
