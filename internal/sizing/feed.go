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
