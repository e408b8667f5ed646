package pe

import "github.com/convsim/convsim/internal/resources"

// Bill enters an adder or comparator a lane, and the accumulators of all channels.
func (r ReduceFrame) Bill(b *resources.Bill) {
	elem := r.How.result(r.In.Elem)
	r.How.bill(b, r.In.Elem, resources.Reduction{Lanes: r.In.Lanes, Operands: 1, Beats: int(r.pixels()), Turns: int(r.In.Beats)})
	b.Operate(resources.Operation{Part: r.Kind(), Count: r.In.Elements(), A: elem.Bits(), Float: elem.IsFloat()})
}
