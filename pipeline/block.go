package pipeline

import "github.com/convsim/convsim/sched"

// Block is one piece of hardware as immutable plain data. What it does in time,
// what it computes and what it costs are its faces: interfaces of the packages
// clock, flow and resources, each in a file of its own beside the block.
type Block interface {
	// Kind is what the block is called within its layer: "pad", "window".
	Kind() string
	// Streams says what crosses the block's ports in one frame.
	Streams() (in, out []sched.Stream)
	// Needs says how many beats of a frame each input must bring for the first
	// out[i] beats of every output i. Beats beyond that come, but for nothing.
	Needs(out []int64) (in []int64)
	// Check says what is wrong with the block's own numbers, nil if nothing is.
	Check() error
}

// Ordered is a block that carries elements on other lanes than those on which they lie
// one after the other, as its neighbours do. A port in order has the zero Layout.
type Ordered interface {
	Layouts() (in, out sched.Layout)
}

// Layout is that of an edge: what a block at one of its ends says, else that of the edge
// before it, if its beats are the same ones, else in order.
func (p *Plan) Layout(edge int) sched.Layout {
	e := p.Edges[edge]
	if b, ok := p.Nodes[e.From.Node].Block.(Ordered); ok {
		if _, out := b.Layouts(); out.At != nil {
			return out
		}
	}
	if b, ok := p.Nodes[e.To.Node].Block.(Ordered); ok {
		if in, _ := b.Layouts(); in.At != nil {
			return in
		}
	}
	if in, _ := p.Wiring(); len(in[e.From.Node]) == 1 {
		before := p.Edges[in[e.From.Node][0]].Stream
		if before.Elem = e.Stream.Elem; before == e.Stream {
			return p.Layout(in[e.From.Node][0])
		}
	}
	return e.Stream.Layout()
}
