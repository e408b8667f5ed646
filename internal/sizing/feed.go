package sizing

import (
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// feed is a source that starts a frame every so many cycles at most. What follows it
// is as fast as that, or as fast as it would be behind a source that is always open,
// whichever is slower; yet no more than it must hold gathers in FIFOs, so that it is
// soon in steady state however deep they are.
type feed struct {
	wiring.Source
	Spacing clock.Cycle
}

// Process makes the source.
func (f feed) Process(at clock.Ports) clock.Process {
	p := clock.NewSource(at, f.Kind(), f.Pattern.Gate(), f.Stream.Frame())
	p.Space(f.Spacing)
	return p
}

// AppendKey appends the spacing, too.
func (f feed) AppendKey(dst []byte) []byte {
	return clock.AppendInts(f.Source.AppendKey(dst), int64(f.Spacing))
}

// fed is a plan in which feeds stand for sources that are always open.
func fed(p *pipeline.Plan, spacing clock.Cycle) *pipeline.Plan {
	q := &pipeline.Plan{Nodes: append([]pipeline.Node(nil), p.Nodes...), Edges: p.Edges}
	for i, n := range q.Nodes {
		if s, ok := n.Block.(wiring.Source); ok && !s.Once && !opensAndShuts(n) && !s.Share.Given() {
			q.Nodes[i].Block = feed{s, spacing}
		}
	}
	return q
}

// longestSpacing bounds the cycles from frame to frame of a feed.
const longestSpacing = 1 << 40

// feeds reports whether there can be feeds.
func (s *search) feeds() bool {
	return !s.parts.whole && !s.parts.throttled && s.wanted() >= 1
}

// fed simulates some nodes behind feeds as fast as wanted, until it is clear whether they are,
// if no more is asked for. The outcome is the zero one where there are none.
func (s *search) fed(nodes []int, verdictAlone bool) (outcome, error) {
	if !s.feeds() {
		return outcome{}, nil
	}
	var v *verdict
	if verdictAlone {
		v = &verdict{wanted: s.wanted(), alike: int(s.effort), either: true}
	}
	p := fed(cutOut(s.plan, s.depths, nodes).plan, clock.Cycle(min(s.wanted(), longestSpacing)))
	return s.simulated(p, s.frames(), v)
}

// verdict says whether a run is fast enough before it has a period: it is not when some frames
// of a sink are too late, and each by as much, and behind feeds it is when those of every sink
// come in time. What is held up there is hardly ever less so later, so what comes in time mostly
// goes on to; a proof is by the whole plan.
type verdict struct {
	wanted float64
	alike  int     // frames in a row that tell
	either bool    // those in time tell, too
	cycles float64 // the interval, once it is clear
}

// clear looks at the ends of frames.
func (v *verdict) clear(ends [][]clock.Cycle) bool {
	inTime, longest := v.either, 0.0
	for _, list := range ends {
		if len(list) <= v.alike {
			inTime = false
			continue
		}
		list = list[len(list)-v.alike-1:]
		least, most := clock.Never, clock.Cycle(0)
		for i := range v.alike {
			least, most = min(least, list[i+1]-list[i]), max(most, list[i+1]-list[i])
		}
		inTime = inTime && float64(most) <= v.wanted
		if least == most || inTime {
			longest = max(longest, float64(most))
		}
	}
	if inTime || longest > v.wanted {
		v.cycles = longest
	}
	return v.cycles > 0
}
