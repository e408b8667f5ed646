package mapping

import (
	"errors"

	"github.com/convsim/convsim/pipeline/clock"
)

// depths gives every edge the FIFO the hardware says. Where streams meet, one of
// them waits for the other: those edges are as deep as they get when they hold a
// frame, which is the least that changes nothing; a depth that the hardware file
// gives such an edge by name holds.
func (n *net) depths() error {
	named := n.hw.FIFO.Edges
	meeting := map[int]bool{}
	for i := range n.Plan.Edges {
		e := &n.Plan.Edges[i]
		e.Depth, e.Latency = n.hw.FIFO.Depth, n.hw.FIFO.Latency
		if d, ok := named[e.Name]; ok {
			e.Depth = d
			continue
		}
		if in, _ := n.Plan.Nodes[e.To.Node].Block.Streams(); len(in) > 1 {
			meeting[i] = true
			e.Depth = int(min(e.Stream.Frame()+int64(e.Depth), clock.Unbounded))
		}
	}
	if len(meeting) == 0 {
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
		n.Plan.Edges[i].Depth = max(n.hw.FIFO.Depth, int(r.Edges[i].MaxOccupancy))
	}
	return nil
}
