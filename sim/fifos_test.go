package sim

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestDeeperIsNeverSlower holds with open ports where every FIFO is deeper than
// its latency. One that is not passes less than a beat a cycle, and is a
// throttle itself.
func TestDeeperIsNeverSlower(t *testing.T) {
	held := 0
	for i := range int(blocktest.Designs(t, 2000)) {
		r := rand.New(rand.NewPCG(99, uint64(i)))
		d := randomDesign(r, bounds{height: 6, width: 7, channels: 4, slow: 9})
		p := d.Timing.plan(clock.Always{}, clock.Always{})
		if slices.ContainsFunc(p.Edges, func(e pipeline.Edge) bool { return e.Depth > 0 && e.Depth <= e.Latency }) {
			continue
		}
		e := p.Edges[r.IntN(len(p.Edges))]
		before, err := clock.Solve(p, clock.Options{Frames: d.Timing.Frames})
		if e.Depth == 0 || err != nil {
			continue
		}
		held++
		deeper := e.Depth + 1 + r.IntN(9)
		after, err := clock.Solve(p.WithDepth(e.Name, deeper), clock.Options{Frames: d.Timing.Frames})
		if err != nil || after.Total > before.Total {
			t.Fatalf("design %d: %v cycles (%v) with depth %d of %s, %d with %d", i, after, err, deeper, e.Name, before.Total, e.Depth)
		}
	}
	if held == 0 {
		t.Error("no design was held")
	}
}
