package stepsim

import "slices"

// labels names the process of a kind of a node.
type labels func(g *Graph, node int, k Kind) string

// run is a graph in motion.
type run struct {
	graph     *Graph
	nodes     []*running // upstream first
	links     []*link
	traces    []Trace // per link
	processes []Process
	valves    []*valve
	ported    bool // some end is at a port
	quiet     int  // cycles since anything moved
	total     Cycle
	lastMove  Cycle // the last handshake of any link, -1 before the first
}

// running is a node in motion.
type running struct {
	number int // in Graph.nodes
	unit   unit
	ports  ports
	names  []Name // of this cycle, per process
	first  int    // its first process
	labels []string
	fifo   *FIFOStats // nil: no FIFO
}

func newRun(g *Graph, order, beats []int, label labels) *run {
	r := &run{graph: g, lastMove: -1}
	for _, n := range beats {
		r.links = append(r.links, &link{})
		r.traces = append(r.traces, Trace{FrameBeats: n})
	}
	for _, i := range order {
		n := g.nodes[i]
		in, _ := at(beats, n.in)
		out, _ := at(beats, n.out)
		one := &running{number: i, unit: startOf(n.block, g.frames(), in, out), first: len(r.processes)}
		for _, l := range n.in {
			one.ports.in = append(one.ports.in, r.links[l])
		}
		for _, l := range n.out {
			one.ports.out = append(one.ports.out, r.links[l])
		}
		for _, k := range n.block.kinds() {
			r.processes = append(r.processes, Process{Stage: i, Kind: k, Name: label(g, i, k)})
			one.labels = append(one.labels, label(g, i, k))
		}
		one.names = make([]Name, len(one.labels))
		if s, ok := one.unit.(solo); ok {
			r.gate(s.block)
		}
		if b, ok := n.block.(buffer); ok {
			one.labels = []string{label(g, i, kindFIFO)}
			one.fifo = &FIFOStats{Stage: i, Depth: b.capacity()}
		}
		r.nodes = append(r.nodes, one)
	}
	return r
}

// gate notes the gate of an end.
func (r *run) gate(b block) {
	switch b := b.(type) {
	case interface{ itself() *valve }:
		r.valves = append(r.valves, b.itself())
	case *reader, *writer:
		r.ported = true
	}
}

// steps runs cycle after cycle until the last beat has left.
func (r *run) steps(maxCycles Cycle) error {
	for !r.done() {
		if r.total == maxCycles {
			return r.stuck(false)
		}
		moved := r.cycle(r.total)
		r.total++
		if r.quiet++; moved {
			r.quiet = 0
		}
		if r.quiet > 0 && !r.hopes() {
			return r.stuck(true)
		}
	}
	return nil
}

// patience is after how many cycles in which nothing moved it is asked whether any gate could help. Mostly they are all
// open in one of these.
const patience = 64

// hopes reports, after a cycle in which nothing moved, whether a gate that opens may change that.
func (r *run) hopes() bool {
	waits := slices.ContainsFunc(r.valves, func(v *valve) bool { return v.waits })
	return waits && (r.quiet != patience || r.ported || r.movesOpen())
}

// movesOpen reports whether anything would move if all gates that may open again were open at once: when they open in
// turn, there may be no cycle in which none is shut.
func (r *run) movesOpen() bool {
	is := make([]bool, len(r.valves))
	for i, v := range r.valves {
		is[i] = v.open
		v.open = v.open || !v.shutForGood()
	}
	r.settle(r.total - 1)
	moves := slices.ContainsFunc(r.links, (*link).moves)
	for i, v := range r.valves {
		v.open = is[i]
	}
	r.settle(r.total - 1)
	return moves
}

// done reports whether every sink has all its beats and, to drain, every source has given its own.
func (r *run) done() bool {
	for _, n := range r.graph.nodes {
		for _, l := range n.in {
			if _, ok := n.block.(Sink); ok && !r.crossed(l) {
				return false
			}
		}
		for _, l := range n.out {
			if _, ok := n.block.(Source); ok && r.graph.Drain && !r.crossed(l) {
				return false
			}
		}
	}
	return true
}

// crossed reports whether all beats of all frames have crossed a link.
func (r *run) crossed(l int) bool {
	return r.traces[l].Beats == int64(r.graph.frames())*int64(r.traces[l].FrameBeats)
}

// cycle does cycle t and reports whether anything moved.
func (r *run) cycle(t Cycle) (moved bool) {
	for _, n := range r.nodes {
		if n.fifo != nil {
			n.fifo.count(n.held())
		}
	}
	r.settle(t)
	for _, n := range r.nodes {
		moved = n.unit.commit(n.ports, n.names) || moved
	}
	r.record(t)
	return moved
}

// settle finds the signals of cycle t: all low at first, then what the units say of them until nothing
// changes any more.
func (r *run) settle(t Cycle) {
	for _, l := range r.links {
		*l = link{}
	}
	for high := -1; high < r.high(); {
		high = r.high()
		for _, n := range r.nodes {
			n.unit.offer(t, n.ports)
		}
		for i := len(r.nodes) - 1; i >= 0; i-- {
			r.nodes[i].unit.accept(r.nodes[i].ports)
		}
	}
}

// high counts the signals that are high; they only ever rise while a cycle settles.
func (r *run) high() (n int) {
	for _, l := range r.links {
		if l.valid {
			n++
		}
		if l.ready {
			n++
		}
	}
	return n
}

func (r *run) record(t Cycle) {
	for i, l := range r.links {
		if l.moves() {
			r.traces[i].count(t, r.graph.Handshakes)
			r.lastMove = t
		}
	}
	for _, n := range r.nodes {
		for j, name := range n.names {
			r.processes[n.first+j].count(name, r.graph.Timelines)
		}
		if one, ok := n.unit.(solo); ok {
			if a, ok := one.block.(*array); ok {
				r.processes[n.first].Queue = a.peak
			}
		}
	}
}

// held returns what a FIFO holds, and whether it is full.
func (n *running) held() (beats int, full bool) {
	return n.unit.(solo).block.(store).held()
}
