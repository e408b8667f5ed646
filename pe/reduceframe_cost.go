package pe

import "github.com/convsim/convsim/internal/resources"

// Bill enters an adder or comparator a lane, and the accumulators of all channels.
func (r ReduceFrame) Bill(b *resources.Bill) {
	_, out := r.Streams()
	s := out[0]
	b.Stage(r.Kind(), resources.Reduction{Lanes: s.Lanes, Operands: 1, Beats: int(r.In.Rows * r.In.Pixels), Bits: s.Elem.Bits(), Compare: r.How == Max,
		Turns: int(r.In.Beats)})
	b.Operate(resources.Operation{Part: r.Kind(), Count: r.In.Elements(), A: s.Elem.Bits(), Float: s.Elem.IsFloat()})
}
