package stepsim

// Outcome is what happened in a run of a graph.
type Outcome struct {
	Total    Cycle     // the last handshake at a sink + 1
	LastMove Cycle     // the last handshake on any edge, -1 if there was none
	Stages   []Process // in the order in which blocks were added
	Edges    []Flow    // in the order in which edges were added
}

// Flow is what crossed an edge.
type Flow struct {
	Name    string
	In, Out Trace // at the producer's end and at the consumer's; the same for a wire
	FIFO    FIFOStats
}

// Edge returns what crossed an edge.
func (o Outcome) Edge(e Edge) Flow { return o.Edges[e] }

// Stage returns the process of that name.
func (o Outcome) Stage(name string) (Process, bool) {
	for _, p := range o.Stages {
		if p.Name == name {
			return p, true
		}
	}
	return Process{}, false
}

// graphLabel returns the block's name, with the kind behind it if the block has several processes.
func graphLabel(g *Graph, i int, k Kind) string {
	n := g.nodes[i]
	if len(n.block.kinds()) > 1 {
		return n.name + "." + string(k)
	}
	return n.name
}

func (r *run) outcome(g *Graph) Outcome {
	o := Outcome{Total: r.total, LastMove: r.lastMove}
	at := make([]*running, len(g.nodes))
	for _, n := range r.nodes {
		at[n.number] = n
	}
	for _, n := range at {
		o.Stages = append(o.Stages, r.processes[n.first:n.first+len(n.names)]...)
	}
	for _, e := range g.edges {
		f := Flow{Name: e.name, In: r.traces[e.in], Out: r.traces[e.out], FIFO: FIFOStats{EmptyCycles: r.total}}
		if e.fifo >= 0 {
			f.FIFO = *at[e.fifo].fifo
		}
		o.Edges = append(o.Edges, f)
	}
	return o
}
