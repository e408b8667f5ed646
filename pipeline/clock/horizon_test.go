package clock_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/compare"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// TestNothingIsCopiedBeyondTheHorizon: a run that is cut off at any cycle is the same with and
// without skipping. A sink whose pattern is shut until then leaves in its FIFO what comes, which
// goes on entering there.
func TestNothingIsCopiedBeyondTheHorizon(t *testing.T) {
	t.Parallel()
	all := recurring(t)
	for name, ends := range map[string][2]clock.Pattern{
		"slow source": {clock.Every{N: 5}, clock.Always{}}, "source in bursts": {clock.Burst{On: 9, Off: 31}, clock.Always{}},
		"sink in bursts": {clock.Always{}, clock.Burst{On: 6, Off: 50}},
	} {
		p := between(t, 3, 202, 1, 1, sched.Serial, ends[0], ends[1])
		p.Edges[0].Depth, p.Edges[len(p.Edges)-1].Depth = 2, 31
		all = append(all, repeats{"apart, " + name, p, 1})
	}
	for i := range all {
		d := all[i]
		all = append(all, repeats{d.name + ", memories", inMemories(d.plan), d.frames})
	}
	skipped := clock.Cycle(0)
	for _, d := range all {
		t.Run(d.name, func(t *testing.T) {
			r, total := rand.New(rand.NewPCG(3, 8)), d.solve(t, clock.Options{}).Total
			for range 10 {
				horizon := clock.Cycle(1 + r.Int64N(int64(total)))
				want := clock.UpTo(d.plan, clock.Options{Frames: d.frames, EveryBeat: true}, horizon)
				got := clock.UpTo(d.plan, clock.Options{Frames: d.frames}, horizon)
				skipped += clock.Cycle(got.Skipped)
				got.Skipped = 0
				if diff := compare.Diff(want, got); diff != "" {
					t.Fatalf("up to cycle %d of %d (-every beat +fast-forward):\n%s", horizon, total, diff)
				}
			}
		})
	}
	if skipped == 0 {
		t.Error("nothing was skipped")
	}
}

// inMemories is a plan whose FIFOs are memories.
func inMemories(p *pipeline.Plan) *pipeline.Plan {
	q := *p
	q.Edges = slices.Clone(p.Edges)
	for i := range q.Edges {
		if e := &q.Edges[i]; e.Depth > 0 {
			e.Depth, e.Latency, e.Memory = max(e.Depth, 12), 1, pipeline.BlockRAM
		}
	}
	return &q
}
