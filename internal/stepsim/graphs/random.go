package graphs

import (
	"fmt"
	"math/rand/v2"

	"github.com/convsim/convsim/internal/stepsim"
)

// Random draws the design of a seed.
func Random(seed uint64) Design {
	d := newDrawing(seed)
	at := d.source(Stream{H: 2 + d.IntN(4), W: 2 + d.IntN(4), C: 1 + d.IntN(5)})
	for range 1 + d.IntN(3) {
		at = d.piece(at, 2)
	}
	if d.chance(25) {
		at = d.rest(at)
	}
	d.sink(at)
	return d.Design
}

// drawing is a design being drawn.
type drawing struct {
	*rand.Rand
	Design
}

func newDrawing(seed uint64) *drawing {
	d := &drawing{Rand: rand.New(rand.NewPCG(9, seed))}
	d.Frames = 1 + d.IntN(3)
	return d
}

// loose is the end of an edge that no node takes yet.
type loose struct {
	edge int
	Stream
}

func (d *drawing) chance(percent int) bool { return d.IntN(100) < percent }

// divisor draws a number that divides n.
func (d *drawing) divisor(n int) int {
	for {
		if v := 1 + d.IntN(n); n%v == 0 {
			return v
		}
	}
}

// add appends a node, and an edge for every stream that leaves it.
func (d *drawing) add(kind string, b any, in []loose, out ...Stream) []loose {
	n := Node{Name: fmt.Sprintf("%s%d", kind, len(d.Nodes)), Block: b}
	for _, l := range in {
		n.In = append(n.In, l.edge)
	}
	var ends []loose
	for i, s := range out {
		ends = append(ends, loose{len(d.Edges), s})
		n.Out = append(n.Out, len(d.Edges))
		d.Edges = append(d.Edges, Edge{fmt.Sprintf("%s.%d", n.Name, i), s, d.fifo()})
	}
	d.Nodes = append(d.Nodes, n)
	return ends
}

// then appends a node of one input and one output.
func (d *drawing) then(kind string, b any, in loose, out Stream) loose {
	return d.add(kind, b, []loose{in}, out)[0]
}

// fifo draws what an edge is: often a wire or a small FIFO.
func (d *drawing) fifo() stepsim.Stage {
	switch {
	case d.chance(55):
		return stepsim.FIFO{}
	case d.chance(80):
		return stepsim.FIFO{Depth: 1 + d.IntN(5), Latency: 1 + d.IntN(2)}
	case d.chance(60):
		return stepsim.RAMFIFO{Depth: 3 + d.IntN(6)}
	}
	styles := []stepsim.RAMStyle{stepsim.AutoRAM, stepsim.DistributedRAM, stepsim.BlockRAM, stepsim.UltraRAM}
	return stepsim.RAMFIFO{Depth: 65 + d.IntN(20), Style: styles[d.IntN(len(styles))]}
}

// deepen makes a FIFO of an edge that may hold a branch back: mostly ample, now and then too shallow.
func (d *drawing) deepen(l loose) {
	depth := 1 + d.IntN(l.Beats()+8)
	if d.chance(55) {
		depth = 3*l.Beats() + 8 // of the design's frames and more
	}
	d.Edges[l.edge].FIFO = stepsim.FIFO{Depth: depth, Latency: 1 + d.IntN(2)}
}

func (d *drawing) gate() stepsim.Gate {
	switch d.IntN(8) {
	case 0:
		return stepsim.Every{N: 1 + d.Int64N(4), Phase: 0}
	case 1:
		return stepsim.Random{Seed: 1 + d.Uint32N(1000)}
	case 2:
		return stepsim.Burst{On: 1 + d.Int64N(5), Off: d.Int64N(6)}
	}
	return stepsim.Full{}
}

func (d *drawing) source(s Stream) loose {
	s.Lanes = d.divisor(s.C)
	return d.add("source", stepsim.Source{Gate: d.gate(), Beats: s.Beats()}, nil, s)[0]
}

func (d *drawing) sink(l loose) { d.add("sink", stepsim.Sink{Gate: d.gate()}, []loose{l}) }
