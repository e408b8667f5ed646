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

// behindFeeds is how many times the frames of other runs those behind feeds have that look for
// a verdict. A state is known to recur only while the sources go on, and the first frame of a
// deep network ends when a dozen more are under way. Most runs end as soon as that is known.
const behindFeeds = 4

// fed simulates some nodes behind feeds as fast as wanted, until it is clear that they are not,
// if no more is asked for. The outcome is the zero one where there are none.
func (s *search) fed(nodes []int, verdictAlone bool) (outcome, error) {
	if !s.feeds() {
		return outcome{}, nil
	}
	var v *verdict
	frames := s.frames()
	if verdictAlone {
		v, frames = &verdict{wanted: s.wanted(), late: int(s.effort)}, behindFeeds*frames
	}
	p := fed(cutOut(s.plan, s.depths, nodes).plan, clock.Cycle(min(s.wanted(), longestSpacing)))
	return s.simulated(p, frames, v)
}

// verdict says that a run is not fast enough before it has a period: when some frames of a sink
// in a row come too late, and each by as much. Frames in time say nothing: some are late only
// once in many.
type verdict struct {
	wanted float64
	late   int     // frames that tell
	cycles float64 // the interval, once it is clear
}

// clear looks at the ends of frames.
func (v *verdict) clear(ends [][]clock.Cycle) bool {
	for _, list := range ends {
		if len(list) <= v.late {
			continue
		}
		list = list[len(list)-v.late-1:]
		cycles, even := list[1]-list[0], true
		for i := range v.late {
			even = even && list[i+1]-list[i] == cycles
		}
		if even && float64(cycles) > v.wanted {
			v.cycles = max(v.cycles, float64(cycles))
		}
	}
	return v.cycles > 0
}
