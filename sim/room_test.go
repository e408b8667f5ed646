package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestRoomServes holds plans that differ in the depths of FIFOs alone, and of which one is
// said to serve the other, to each other: all outputs leave in the same cycles.
func TestRoomServes(t *testing.T) {
	served, deeper, apart := 0, 0, 0
	tried := designs(t, 600)
	for i := range tried {
		r := rand.New(rand.NewPCG(31, uint64(i)))
		d := randomDesign(r, bounds{height: 7, width: 7, channels: 4, slow: 9})
		one := d.Timing.plan(d.Source.gate(), d.Sink.gate())
		other := &pipeline.Plan{Nodes: one.Nodes, Edges: append([]pipeline.Edge(nil), one.Edges...)}
		more := false
		for k := range other.Edges {
			if e := &other.Edges[k]; e.Depth > 0 && r.IntN(2) == 0 {
				e.Depth = 1 + r.IntN(1+3*e.Depth)
				more = more || e.Depth > one.Edges[k].Depth
			}
		}
		room := clock.NewRoom(one)
		a, errA := clock.Solve(one, clock.Options{Frames: d.Timing.Frames, EveryBeat: r.IntN(2) == 0})
		b, errB := clock.Solve(other, clock.Options{Frames: d.Timing.Frames})
		if errA != nil || errB != nil {
			continue
		}
		room.Ran(a)
		same := a.Total == b.Total
		for k, f := range a.Sinks[0] {
			same = same && f == b.Sinks[0][k]
		}
		switch serves := room.Serves(clock.NewRoom(other)); {
		case serves && !same:
			t.Fatalf("design %d %+v, other depths %+v: served, but outputs of %v for %v", i, d, other.Edges, b.Sinks[0], a.Sinks[0])
		case serves:
			served++
			if more {
				deeper++
			}
		case !same:
			apart++
		}
	}
	t.Logf("%d designs: %d served, %d of them with more room; %d run otherwise", tried, served, deeper, apart)
	if served < tried/8 || deeper < tried/20 || apart == 0 {
		t.Errorf("%d of %d designs served, %d of them with more room", served, tried, deeper)
	}
}
