package wiring

import (
	"fmt"
	"math/bits"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/scalar"
)

// Bill enters adders, comparators or multipliers, which keep nothing.
func (j Join) Bill(b *resources.Bill) {
	if j.Queued {
		b.Stage(j.Kind(), resources.Pipe{Beside: j.In[0].Bits() + j.In[1].Bits() + 2, BeatBits: j.Out.Bits(), Stages: joinPipeline, Places: joinCredits,
			Moving: j.Out.Lanes * j.sumBits()})
	}
	bits, more := j.Out.Elem.Bits(), len(j.In)-1
	work := resources.Operation{Part: j.Kind(), Count: j.Out.Elements() * int64(more), A: bits, Float: j.Out.Elem.IsFloat()}
	how, others := j.operation()
	if how == "Mul" {
		work.B = bits
	}
	b.Operate(work)
	tree := resources.Reduction{Lanes: j.Out.Lanes, Operands: len(j.In), Bits: bits}
	switch how {
	case "Mul":
		b.Stage(j.Kind(), resources.Product{Lanes: j.Out.Lanes, Bits: bits})
	case "Max", "Min":
		tree.Compare = true
		b.Stage(j.Kind(), tree)
	case "Add", "Sum", "Sub":
		tree.Bits = j.sumBits()
		b.Stage(j.Kind(), tree)
	default:
		b.Refuse(fmt.Errorf("%s have no resource model", others))
	}
}

// operation is the name of an operation on integers, and what joins by anything else are.
func (j Join) operation() (name, others string) {
	switch f := j.How.(type) {
	case nil:
		if !j.Out.Elem.IsFloat() {
			return "Add", ""
		}
	case scalar.Integer:
		return f.Name, "joins by " + f.Name
	case scalar.Narrow:
		return f.Name, "joins by " + f.Name
	case scalar.AddScaled, scalar.MulScaled:
		return "", "sums and products of two streams with scales of their own"
	case scalar.Truth:
		return "", "comparisons of two streams"
	}
	if j.In[0].Elem.IsFloat() || j.Out.Elem.IsFloat() {
		return "", "joins of floating-point numbers"
	}
	return "", "joins by any function of two integers"
}

// sumBits are those of a result that are not copies of its sign.
func (j Join) sumBits() int {
	widest := 0
	for _, s := range j.In {
		widest = max(widest, s.Elem.Bits())
	}
	return min(j.Out.Elem.Bits(), widest+bits.Len(uint(len(j.In)-1)))
}
