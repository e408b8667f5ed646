package clock_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// TestLullsChangeNothing: where a FIFO is deep, beats go on without boundaries within rows for
// most of a run, with the same times.
func TestLullsChangeNothing(t *testing.T) {
	t.Parallel()
	patterns := []clock.Pattern{clock.Always{}, clock.Every{N: 3}, clock.Burst{On: 5, Off: 13}, clock.Every{N: 40}}
	lulls := map[sched.Style]int{}
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(31, seed))
		style := sched.Style(seed % 2)
		p := between(t, 8+r.IntN(16), 8+r.IntN(24), 1+r.IntN(12), 1+r.IntN(2), style, patterns[r.IntN(4)], patterns[r.IntN(4)])
		for i := range p.Edges {
			if r.IntN(3) == 0 {
				p.Edges[i].Depth = 1 << (5 + r.IntN(9))
			}
		}
		frames := 1 + r.Int64N(3)
		want, err := clock.Solve(p, clock.Options{Frames: frames, EveryBeat: true})
		if err != nil {
			t.Fatal(err)
		}
		got, n, err := clock.Lulled(p, clock.Options{Frames: frames})
		if err != nil {
			t.Fatal(err)
		}
		lulls[style] += n
		got.Skipped = 0
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("layer %d, %d frames (-every beat +with lulls):\n%s", seed, frames, diff)
		}
	}
	if min(lulls[sched.Serial], lulls[sched.Parallel]) < 15 {
		t.Errorf("lulls: %v", lulls)
	}
}
