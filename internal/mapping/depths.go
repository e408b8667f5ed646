package mapping

import (
	"errors"
	"slices"
	"strings"

	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// depths gives every edge the FIFO the hardware says. Where streams meet, one of
// them waits for the other: those edges hold a frame until Settle; a depth that the
// hardware file gives such an edge by name holds.
func (n *net) depths() error {
	meeting := map[int]int{} // edges, and what the file says of all
	for i := range n.Plan.Edges {
		e := &n.Plan.Edges[i]
		named := false
		e.Depth, named = n.depth(e)
		e.Latency = n.hw.Of(n.Plan.Nodes[e.To.Node].Layer).FIFO.Latency
		if named || n.bringsWeights(e) {
			continue
		}
		if in, _ := n.Plan.Nodes[e.To.Node].Block.Streams(); len(in) > 1 {
			meeting[i] = e.Depth
			e.Depth = int(min(e.Stream.Frame()+int64(e.Depth), clock.Unbounded))
		}
	}
	if !n.ample {
		n.meeting = meeting
	}
	return nil
}

// Settle makes FIFOs where streams meet as deep as they get in two frames when they hold
// one, which is the least that changes nothing. The plan is another one then: who goes by
// the one before may go on. Options say when it ends early, with no other plan, and who is
// told how far it is. Midway, guess is given the plan that it will be if no FIFO gets deeper; nil
// for nobody.
func (n *Net) Settle(o clock.Options, guess func(*pipeline.Plan)) error {
	if len(n.meeting) == 0 {
		return nil
	}
	o.Frames = 2
	if guess != nil {
		o.Midway = func(held []int64) { guess(n.settled(func(i int) int64 { return held[i] })) }
	}
	r, err := clock.Solve(n.Plan, o)
	var dead *clock.Deadlock
	if errors.As(err, &dead) {
		n.meeting = nil
		return nil // the run says where
	}
	if err != nil {
		return err
	}
	n.Plan, n.meeting = n.settled(func(i int) int64 { return r.Edges[i].MaxOccupancy }), nil
	return nil
}

// settled is the plan with FIFOs where streams meet that are as deep as they get.
func (n *Net) settled(held func(edge int) int64) *pipeline.Plan {
	plan := *n.Plan
	plan.Edges = slices.Clone(plan.Edges)
	for i, depth := range n.meeting {
		plan.Edges[i].Depth = max(depth, int(held(i)))
	}
	return &plan
}

// bringsWeights reports whether an edge leads weights to an array. They wait for nobody
// there but pixels, and the memory in front holds two passes of them: what a FIFO held
// beyond that would only keep the port from other layers.
func (n *net) bringsWeights(e *pipeline.Edge) bool {
	a, ok := n.Plan.Nodes[e.To.Node].Block.(pe.Array)
	return ok && a.Loads() && e.To.Port == 1
}

// depth is what the file says of an edge, and whether it names it.
func (n *net) depth(e *pipeline.Edge) (depth int, named bool) {
	from, to := n.Plan.Nodes[e.From.Node].Layer, n.Plan.Nodes[e.To.Node].Layer
	within := ""
	if from == to {
		within = strings.TrimPrefix(e.Name, to+".")
	}
	return n.hw.DepthOf(e.Name, to, within)
}
