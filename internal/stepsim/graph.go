package stepsim

import (
	"fmt"
)

// Graph is any number of sources, sinks and blocks joined by edges. It is built up and then run once or more.
// What is built is trusted to be legal.
type Graph struct {
	Frames     int  // pushed back to back; 0 means 1
	Handshakes bool // record the cycle of every handshake of every edge
	Timelines  bool // record the name of every cycle of every process
	Drain      bool // go on after the last output until the sources have given all beats too

	nodes []node
	links []string // names
	edges []edge
}

// Edge is a place between two blocks; see Graph.Edge.
type Edge int

// edge is one or two links: in front of a FIFO and behind it, the same one for a wire.
type edge struct {
	name    string
	in, out int // links
	fifo    int // node, -1 for a wire
}

// node is a block in its place.
type node struct {
	name    string
	block   Block
	in, out []int // links
}

// Block is the plain description of a block: any Stage, or one of several inputs or outputs.
type Block interface {
	// kinds lists the block's processes, upstream first.
	kinds() []Kind
}

// mesh is a block that says itself how many ports it has and how many beats leave.
type mesh interface {
	Block
	// flow returns the beats of a frame at each output from those at each input.
	flow(frames int, in []int) (out []int, err error)
	// build makes the running block.
	build(frames int, in, out []int) unit
}

// New returns an empty graph.
func New() *Graph { return &Graph{} }

// Edge adds an edge: a FIFO, or a wire if depth is 0. A latency of 0 means 1.
func (g *Graph) Edge(name string, depth, latency int) Edge {
	if depth == 0 && latency <= 1 {
		return g.wire(name)
	}
	return g.Buffer(name, FIFO{Depth: depth, Latency: latency})
}

func (g *Graph) wire(name string) Edge {
	l := g.link(name)
	g.edges = append(g.edges, edge{name: name, in: l, out: l, fifo: -1})
	return Edge(len(g.edges) - 1)
}

// Buffer adds an edge with a FIFO of any style.
func (g *Graph) Buffer(name string, style Stage) Edge {
	e := edge{name: name, in: g.link(name), out: g.link(name), fifo: len(g.nodes)}
	g.nodes = append(g.nodes, node{name, style, []int{e.in}, []int{e.out}})
	g.edges = append(g.edges, e)
	return Edge(len(g.edges) - 1)
}

func (g *Graph) link(name string) int {
	g.links = append(g.links, name)
	return len(g.links) - 1
}

// AddSource adds a source; its Beats are those of one frame.
func (g *Graph) AddSource(name string, s Source, out Edge) { g.AddBlock(name, s, nil, []Edge{out}) }

// AddSink adds a sink.
func (g *Graph) AddSink(name string, s Sink, in Edge) { g.AddBlock(name, s, []Edge{in}, nil) }

// AddBlock adds a block between edges, listed in the order of its ports.
func (g *Graph) AddBlock(name string, b Block, ins, outs []Edge) {
	n := node{name: name, block: b}
	for _, e := range ins {
		n.in = append(n.in, g.edges[e].out)
	}
	for _, e := range outs {
		n.out = append(n.out, g.edges[e].in)
	}
	g.nodes = append(g.nodes, n)
}

// AddChain adds stages of one input and one output one behind the other, joined by wires; they are named
// after name and number.
func (g *Graph) AddChain(name string, stages []Block, in, out Edge) {
	for i, s := range stages {
		to := out
		if i < len(stages)-1 {
			to = g.wire(fmt.Sprintf("%s.%d", name, i))
		}
		g.AddBlock(fmt.Sprintf("%s%d", name, i), s, []Edge{in}, []Edge{to})
		in = to
	}
}

// Run simulates until the last beat of the last frame has reached every sink. It fails where blocks take other
// beats than they get, with a *StuckError when nothing can move any more, or with one when maxCycles have
// passed; Outcome then holds what happened so far.
func (g *Graph) Run(maxCycles Cycle) (Outcome, error) {
	if maxCycles < 1 {
		return Outcome{}, fmt.Errorf("max cycles: %d, want >= 1", maxCycles)
	}
	r, err := g.start(graphLabel)
	if err != nil {
		return Outcome{}, err
	}
	err = r.steps(maxCycles)
	return r.outcome(g), err
}

// start builds everything that runs; label names the processes.
func (g *Graph) start(label labels) (*run, error) {
	order, beats, err := g.resolve()
	if err != nil {
		return nil, err
	}
	return newRun(g, order, beats, label), nil
}

func (g *Graph) frames() int { return max(1, g.Frames) }
