package graphs

import (
	"fmt"

	"github.com/convsim/convsim/internal/stepsim"
)

// Stepped builds the design for the cycle-stepped simulator. Edge i of the design is Edges[i] of the outcome;
// the edges within layers and pools follow behind all of those. A process is called after its node and its
// kind: l3.pad, l3.linebuffer, l3.window, l3.array (a pad that reads a memory: l3.pad.linebuffer,
// l3.pad.window); where the node is one block of one process, after the node alone.
func (d Design) Stepped() *stepsim.Graph {
	g := stepsim.New()
	g.Frames = d.Frames
	for _, e := range d.Edges {
		if f, ok := e.FIFO.(stepsim.FIFO); ok {
			g.Edge(e.Name, f.Depth, f.Latency)
		} else {
			g.Buffer(e.Name, e.FIFO)
		}
	}
	for _, n := range d.Nodes {
		switch b := n.Block.(type) {
		case Layer:
			var stages []stepsim.Block
			for _, s := range b.Stages() {
				stages = append(stages, s)
			}
			line(g, n, stages, b.Inner)
		case Pool:
			line(g, n, b.Stages(), 0)
		default:
			g.AddBlock(n.Name, n.Block.(stepsim.Block), edges(n.In), edges(n.Out))
		}
	}
	return g
}

func edges(list []int) (to []stepsim.Edge) {
	for _, e := range list {
		to = append(to, stepsim.Edge(e))
	}
	return to
}

// line adds the stages of a node, joined by FIFOs.
func line(g *stepsim.Graph, n Node, stages []stepsim.Block, depth int) {
	in, out := edges(n.In), edges(n.Out)
	for i, s := range stages {
		to := out
		if i < len(stages)-1 {
			to = []stepsim.Edge{g.Edge(fmt.Sprintf("%s.%d", n.Name, i), depth, 1)}
		}
		g.AddBlock(n.Name+suffix(s), s, in, to)
		in = to
	}
}

// suffix is what a stage adds to the name of its node; those of two processes add their own.
func suffix(s stepsim.Block) string {
	switch s.(type) {
	case stepsim.Pad, stepsim.AddressedPad:
		return ".pad"
	case stepsim.Array:
		return ".array"
	case stepsim.Reduce:
		return ".reduce"
	}
	return ""
}
