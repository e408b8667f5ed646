package blocktest

import (
	"slices"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Shared is the plan with some of its sources, and at most one of its sinks, at one
// or two ports of limited bandwidth.
func Shared(c Choice, p *pipeline.Plan) *pipeline.Plan {
	q := &pipeline.Plan{Nodes: slices.Clone(p.Nodes), Edges: p.Edges}
	share := clock.Share{Name: "dram", Num: int64(between(c, 1, 9)), Den: int64(between(c, 1, 3))}
	for _, n := range p.Nodes {
		if w, ok := n.Block.(pe.Weights); ok {
			share = w.Load // one port of a name
		}
	}
	written := false
	for i, n := range q.Nodes {
		switch b := n.Block.(type) {
		case wiring.Source:
			if chance(c, 80) {
				b.Share = share
				q.Nodes[i].Block = b
			}
		case wiring.Sink:
			if !written && !asked(q, i) && chance(c, 60) {
				b.Share, written = share, true
				q.Nodes[i].Block = b
			}
		}
	}
	return q
}

// asked reports whether an end is joined by a wire to a fork that offers nothing unless
// all are ready: at a shared port it cannot say when it is.
func asked(p *pipeline.Plan, end int) bool {
	return slices.ContainsFunc(p.Edges, func(e pipeline.Edge) bool {
		f, ok := p.Nodes[e.From.Node].Block.(wiring.Fork)
		return e.To.Node == end && ok && f.Style == wiring.AllOrNothing && e.Depth == 0
	})
}
