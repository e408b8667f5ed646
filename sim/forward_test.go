package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/pipeline"
)

// TestFastForwardChangesNothing runs random designs with and without skipping
// what repeats; every number must be the same.
func TestFastForwardChangesNothing(t *testing.T) {
	t.Parallel()
	skipped := 0
	n := designs(t, 6000)
	for i := range n {
		r := rand.New(rand.NewPCG(2, uint64(i)))
		d := randomDesign(r, 4+i%40, false)
		if i%3 == 0 {
			d.Timing.Frames = 1 + r.Int64N(12)
		}
		want, got := runBoth(t, i, d)
		if got.Skipped > 0 {
			skipped++
			got.Skipped = 0
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("design %d: %+v\nmismatch (-every beat +fast-forward):\n%s", i, d, diff)
		}
	}
	t.Logf("%d of %d designs skipped something", skipped, n)
	if skipped < n/2 {
		t.Errorf("only %d of %d designs skipped anything", skipped, n)
	}
}

func runBoth(t *testing.T, i int, d design) (plain, forward *pipeline.Result) {
	t.Helper()
	run := func(fast bool) *pipeline.Result {
		g, err := d.Timing.Build(d.Source.gate(), d.Sink.gate())
		if err != nil {
			t.Fatalf("design %d %+v: %v", i, d, err)
		}
		if fast {
			g.FastForward()
		}
		r, err := g.Run()
		if err != nil {
			t.Fatalf("design %d %+v (fast-forward %v): %v", i, d, fast, err)
		}
		return r
	}
	return run(false), run(true)
}
