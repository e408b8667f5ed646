package pe

import "github.com/convsim/convsim/internal/resources"

// scaleBits is the width of a scale: the mantissa of a float32.
const scaleBits = 24

// Bill enters the lanes with their constants, and what holds the results.
func (r Requantize) Bill(b *resources.Bill) {
	q, err := r.parts()
	if err != nil {
		b.Refuse(err)
		return
	}
	if q.Rule != resources.PowerOfTwo {
		s := r.Fold.Shape
		s.Batch = 1
		b.Operate(resources.Operation{Part: r.Kind(), Count: s.OutputElements(), A: q.InputBits, B: scaleBits})
	}
	b.Stage(r.Kind(), q)
}

// parts are the lanes as the formulas know them: with the constants of the channels.
func (r Requantize) parts() (resources.Requantize, error) {
	channels := r.Fold.Shape.OutChannels
	if _, err := r.Rule.Requantizer(channels); err != nil {
		return resources.Requantize{}, err
	}
	q := resources.Requantize{Rule: resources.PowerOfTwo, Lanes: r.Fold.OutLanes(), InputBits: r.sumBits(), OutputBits: r.Elem.Bits(),
		Signed: signed(r.Sum), Narrow: r.Rule.Out.Range != SpanOf(r.Elem), Latency: max(1, r.Latency)}
	var c constants
	switch r.Rule.Kind {
	case Shift:
		c = shifts(r.Rule.Shift)
	case TFLite:
		q.Rule, c = resources.FixedPoint, fixedPoints(r.Rule.fixedPoints())
	case ONNX:
		q.Rule, c = resources.Single, singles(r.Rule.singles(), r.Elem.Bits(), r.sumBits())
	}
	q.Shift, q.Lift, q.Left = c.shift, c.lift, c.left
	if c.words != nil {
		q.ParamWords = r.Fold.OutFolds * r.Fold.GroupFolds
	}
	return q, nil
}

// sumBits is how many bits of a sum count.
func (r Requantize) sumBits() int {
	if r.SumBits > 0 {
		return r.SumBits
	}
	return r.Sum.Bits()
}
