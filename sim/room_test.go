package sim

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestRoomServes holds plans that differ in the depths of FIFOs alone, and in whether frames overlap, and of which one
// is said to serve the other, to each other: all outputs leave in the same cycles.
func TestRoomServes(t *testing.T) {
	served, deeper, overlapped, apart := 0, 0, 0, 0
	tried := int(blocktest.Designs(t, 600))
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
		free := d.Timing.Overlap
		if d.Timing.Overlap = free || r.IntN(2) == 0; d.Timing.Overlap {
			other.Nodes = d.Timing.plan(d.Source.gate(), d.Sink.gate()).Nodes
		}
		early := r.IntN(3) == 0
		room, a, b := ends(one, other, d.Timing.Frames, early, r.IntN(2) == 0)
		if a == nil || b == nil {
			continue
		}
		same := slices.Equal(a, b)
		switch serves := room.Serves(clock.NewRoom(other)); {
		case serves && !same:
			t.Fatalf("design %d %+v, other depths %+v, to the first period %v: served, but outputs of %v for %v", i, d, other.Edges, early, b, a)
		case serves:
			served++
			if more {
				deeper++
			}
			if free != d.Timing.Overlap && d.Timing.Frames > 1 {
				overlapped++
			}
		case !same:
			apart++
		}
	}
	t.Logf("%d designs: %d served, %d of them with more room, %d where frames overlap; %d run otherwise", tried, served, deeper, overlapped, apart)
	if served < tried/8 || deeper < tried/20 || overlapped < tried/50 || apart == 0 {
		t.Errorf("%d of %d designs served, %d of them with more room, %d where frames overlap", served, tried, deeper, overlapped)
	}
}

// ends are when frames of two plans begin and end, and the room of the first one: of runs of so many frames, or of one
// that ends with its first period, which then goes on, and of a longer one.
func ends(one, other *pipeline.Plan, frames int64, early, every bool) (room clock.Room, a, b []clock.FrameTimes) {
	room = clock.NewRoom(one)
	const all = 12
	if early && clock.Repeats(one) && clock.Ordered(one, one.Needs()) {
		found, err := clock.Recur(one, clock.Options{Frames: 3 * all, Enough: all})
		if err != nil {
			return room, nil, nil
		}
		room.Recurred(found)
		back := int(found.Pace.Period)
		for k := len(found.Ends); k < all; k++ {
			found.Ends = append(found.Ends, found.Ends[k-back]+clock.Cycle(math.Round(found.Pace.Mean*float64(back))))
		}
		for _, end := range found.Ends[:all] {
			a = append(a, clock.FrameTimes{Last: end})
		}
		frames = all
	} else if r, err := clock.Solve(one, clock.Options{Frames: frames, EveryBeat: every}); err == nil {
		room.Ran(r)
		a = append(r.Sinks[0], clock.FrameTimes{Last: r.Total})
	}
	r, err := clock.Solve(other, clock.Options{Frames: frames})
	if err != nil {
		return room, nil, nil
	}
	b = append(r.Sinks[0], clock.FrameTimes{Last: r.Total})
	if len(b) > len(a) && a != nil { // ends alone
		b = b[:len(a)]
		for k := range b {
			b[k].First = 0
		}
	}
	return room, a, b
}
