package sim

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/tensor"
)

// Overflow says how outputs differ from Conv2d's because sums did not fit the
// accumulators: the hardware makes what it would make, and that is not Conv2d.
type Overflow struct {
	Elements          int   `json:"elements"` // that are not Conv2d's
	Of                int   `json:"of"`
	LargestDifference int64 `json:"largest_difference"`
	At                []int `json:"at"` // of the largest, in the output
	Got               int64 `json:"got"`
	Conv2d            int64 `json:"conv2d"`
	BitsNeeded        int   `json:"bits_needed"` // would hold every sum
	Allowed           bool  `json:"allowed"`     // accumulator.allow_overflow

	accumulator conv.Accumulator
}

// Error says so in one line.
func (o *Overflow) Error() string {
	remedy := fmt.Sprintf("%d bits would do", o.BitsNeeded)
	if o.BitsNeeded > conv.MaxAccumulatorBits {
		remedy = fmt.Sprintf("%d bits would do, more than an accumulator can have", o.BitsNeeded)
	}
	if !o.Allowed {
		remedy += "; accumulator.allow_overflow: true accepts it"
	}
	return fmt.Sprintf("accumulators overflow (%s): %d of %d outputs are not Conv2d's, by at most %d: output%v is %d instead of %d; %s",
		o.accumulator, o.Elements, o.Of, o.LargestDifference, o.At, o.Got, o.Conv2d, remedy)
}

// MayOverflow reports whether some activations and weights of the layer's types
// make a sum, bias apart, that the accumulators do not hold. Then only a run
// with data can tell what the outputs are.
func (d *Design) MayOverflow() bool {
	t := d.Layer.DType
	if t.Input.IsFloat() {
		return false
	}
	zeros := d.Layer.ZeroPoint.Weight
	if len(zeros) == 0 {
		zeros = []int64{0}
	}
	return mayOverflow(operands{t.Input, t.Weight, d.Layer.ZeroPoint.Input, zeros}, int64(d.Fold.Shape.Taps()), d.Accumulator())
}

// operands are the types of what an array multiplies, and what is taken off.
type operands struct {
	input, weight tensor.DType
	zero          int64
	weightZeros   []int64
}

// mayOverflow reports whether some operands make a sum of so many products that an
// accumulator does not hold.
func mayOverflow(o operands, taps int64, acc conv.Accumulator) bool {
	x := pe.SpanOf(o.input).Minus(o.zero).Union(pe.Span{})
	lo, hi := acc.Range()
	held := pe.Span{Min: lo, Max: hi}
	for _, zero := range o.weightZeros {
		w := pe.SpanOf(o.weight).Minus(zero)
		least := min(x.Min*w.Max, x.Max*w.Min, x.Min*w.Min, x.Max*w.Max)
		most := max(x.Min*w.Max, x.Max*w.Min, x.Min*w.Min, x.Max*w.Max)
		if !held.Contains(pe.Span{Min: taps * min(0, least), Max: taps * max(0, most)}) {
			return true
		}
	}
	return false
}

// overflows counts the outputs that are not Conv2d's and keeps the one that is
// furthest off, the first of equals.
type overflows struct {
	count, at   int
	largest     int64
	conv2d, got int64
}

func (o *overflows) add(at int, conv2d, got int64) {
	o.count++
	off := max(conv2d-got, got-conv2d)
	if off > o.largest || off == o.largest && at < o.at {
		o.at, o.largest, o.conv2d, o.got = at, off, conv2d, got
	}
}

// overflow is what a run reports of its overflows, nil without any.
func (d *Design) overflow(o overflows, output *tensor.Tensor, use *AccumulatorUse) *Overflow {
	if o.count == 0 {
		return nil
	}
	return &Overflow{Elements: o.count, Of: output.Len(), LargestDifference: o.largest, At: output.Coordinates(o.at),
		Got: o.got, Conv2d: o.conv2d, BitsNeeded: use.NeededBits, Allowed: d.Hardware.Accumulator.AllowOverflow,
		accumulator: d.Accumulator()}
}
