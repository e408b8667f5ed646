package flow

import (
	"sync/atomic"

	"github.com/convsim/convsim/pipeline"
)

// RowByRow is a kernel that makes one row of each that comes, whatever came before.
type RowByRow interface {
	// Row makes the row, and gives back the one that came. Several goroutines may
	// call it.
	Row(Slab) Slab
}

// Ahead is a kernel that makes its rows side by side and can do at once, while a row
// lies in the cache of its processor, what the next kernel would.
type Ahead interface {
	Kernel
	Then(next func(Slab) Slab)
}

// goAhead has kernels do the work of those that follow and work row by row, where no one else
// sees what is between: it returns the node after each that does, -1 for the others, and
// what moved between them, by edge.
func (o *Outcome) goAhead(p *pipeline.Plan, watched map[int]func(Slab)) (next []int, between []*atomic.Int64) {
	in, out := p.Wiring()
	next, between = make([]int, len(p.Nodes)), make([]*atomic.Int64, len(p.Edges))
	for i, k := range o.Kernels {
		next[i] = -1
		ahead, ok := k.(Ahead)
		if !ok || len(out[i]) != 1 {
			continue
		}
		e := out[i][0]
		follower := p.Edges[e].To.Node
		row, ok := o.Kernels[follower].(RowByRow)
		if !ok || len(in[follower]) != 1 || len(out[follower]) != 1 || watched[e] != nil || chunks(p, e) != nil {
			continue
		}
		moved := new(atomic.Int64)
		next[i], between[e] = follower, moved
		ahead.Then(func(s Slab) Slab {
			moved.Add(int64(s.n) + s.Idle)
			return row.Row(s)
		})
	}
	return next, between
}
