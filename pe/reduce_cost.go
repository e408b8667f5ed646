package pe

import "github.com/convsim/convsim/internal/resources"

// Bill enters the comparators or adders of every lane and its register.
func (r Reduce) Bill(b *resources.Bill) {
	out, vectors := r.Fold.Outputs(r.result()), r.Fold.Windows(r.Elem)
	s := r.Fold.Shape
	s.Batch = 1
	b.Operate(resources.Operation{Part: r.Kind(), Count: s.MACs(), A: r.result().Bits(), Float: r.Elem.IsFloat()})
	if r.How == Mean || r.How == Sum && r.Elem.IsFloat() {
		b.Refuse(errFloat)
		return
	}
	b.Stage(r.Kind(), resources.Reduction{Lanes: out.Lanes, Operands: vectors.Lanes / out.Lanes, Beats: r.Fold.VectorBeats(),
		Bits: r.result().Bits(), Compare: r.How == Max})
}
