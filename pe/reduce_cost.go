package pe

import (
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/tensor"
)

// Bill enters the comparators or adders of every lane and its register.
func (r Reduce) Bill(b *resources.Bill) {
	out, vectors := r.Fold.Outputs(r.How.result(r.Elem)), r.Fold.Windows(r.Elem)
	s := r.Fold.Shape
	s.Batch = 1
	b.Operate(resources.Operation{Part: r.Kind(), Count: s.MACs(), A: r.How.result(r.Elem).Bits(), Float: r.Elem.IsFloat()})
	r.How.bill(b, r.Elem, resources.Reduction{Lanes: out.Lanes, Operands: vectors.Lanes / out.Lanes, Beats: r.Fold.VectorBeats()})
}

// bill enters the stage, but for sums of floats.
func (h Reduction) bill(b *resources.Bill, elem tensor.DType, stage resources.Reduction) {
	if h != Max && elem.IsFloat() {
		b.Refuse(errFloat)
		return
	}
	stage.Bits, stage.Compare = h.result(elem).Bits(), h == Max
	b.Stage(Reduce{}.Kind(), stage)
}
