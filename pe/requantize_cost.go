package pe

import "github.com/convsim/convsim/resources"

// scaleBits is the width of a scale: the mantissa of a float32.
const scaleBits = 24

// Bill enters the lanes, their constants and the products with scales. The
// constants are few: they are part of the stage.
func (r Requantize) Bill(b *resources.Bill) {
	out := r.Fold.Outputs(r.Elem)
	if stages, credits, ok := r.piped(); ok {
		b.Stage(r.Kind(), resources.Pipe{BeatBits: out.Bits(), Stages: stages, Places: credits})
	}
	q := resources.Requantize{Rule: resources.Multiply, Lanes: out.Lanes, InputBits: r.sumBits(), OutputBits: r.Elem.Bits(),
		MultiplierBits: scaleBits, ParamWords: r.Fold.OutFolds * r.Fold.GroupFolds}
	if r.Rule.Kind == Shift {
		q.Rule, q.MultiplierBits = resources.PowerOfTwo, 0
	} else {
		s := r.Fold.Shape
		s.Batch = 1
		b.Operate(resources.Operation{Part: r.Kind(), Count: s.OutputElements(), A: q.InputBits, B: scaleBits})
	}
	if r.Bias {
		q.BiasBits = r.Sum.Bits()
	}
	b.Stage(r.Kind(), q)
}

// sumBits is how many bits of a sum count.
func (r Requantize) sumBits() int {
	if r.SumBits > 0 {
		return r.SumBits
	}
	return r.Sum.Bits()
}
