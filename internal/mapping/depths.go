package mapping

import (
	"errors"
	"strings"

	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// depths gives every edge the FIFO the hardware says. Where streams meet, one of
// them waits for the other: those edges are as deep as they get when they hold a
// frame, which is the least that changes nothing; a depth that the hardware file
// gives such an edge by name holds.
func (n *net) depths() error {
	meeting := map[int]bool{}
	for i := range n.Plan.Edges {
		e := &n.Plan.Edges[i]
		named := false
		e.Depth, named = n.depth(e)
		e.Latency = n.hw.Of(n.Plan.Nodes[e.To.Node].Layer).FIFO.Latency
		if named || n.bringsWeights(e) {
			continue
		}
		if in, _ := n.Plan.Nodes[e.To.Node].Block.Streams(); len(in) > 1 {
			meeting[i] = true
			e.Depth = int(min(e.Stream.Frame()+int64(e.Depth), clock.Unbounded))
		}
	}
	if len(meeting) == 0 || n.ample {
		return nil
	}
	if err := n.Plan.Check(); err != nil {
		return err
	}
	r, err := clock.Solve(n.Plan, clock.Options{Frames: 2})
	var dead *clock.Deadlock
	if errors.As(err, &dead) {
		return nil // the run says where
	}
	if err != nil {
		return err
	}
	for i := range meeting {
		e := &n.Plan.Edges[i]
		e.Depth, _ = n.depth(e)
		e.Depth = max(e.Depth, int(r.Edges[i].MaxOccupancy))
	}
	return nil
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
