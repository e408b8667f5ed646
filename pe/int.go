package pe

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/convsim/convsim/internal/conv"
)

// IntWeights holds the integer weights of one array for one group, arranged
// for Multiply. It is immutable.
type IntWeights struct {
	beats  Beats
	bias   []int64 // one per output; zeros when the layer has none
	acc    conv.Accumulator
	bound  Span
	packed bool
	dozens triples // of the first outputs
	words  words   // of the others
}

// NewIntWeights prepares outputs = len(rows) rows of weights, each of
// beats.Elements() elements; bias holds one value per output or is nil. x is
// the range of the activations as Multiply gets them, zero point already
// subtracted; zero (padding) is always taken to be in it. What idle lanes of
// rows hold does not matter.
//
// It panics if the lengths contradict each other, if the accumulator is not a
// legal one, or if a sum could leave int64.
func NewIntWeights(rows [][]int32, bias []int32, beats Beats, acc conv.Accumulator, x Span) *IntWeights {
	beats.check(len(rows), len(bias), func(o int) int { return len(rows[o]) })
	if err := acc.Check(); err != nil {
		panic("pe: " + err.Error())
	}
	w := &IntWeights{beats: beats, bias: widen(bias, len(rows)), acc: acc}
	mask := beats.mask()
	sums := Span{}
	for o, row := range rows {
		s := worstCase(row, mask, x.Union(Span{}))
		sums = sums.Union(s)
		w.bound = w.bound.Union(s).Union(Span{s.Min + w.bias[o], s.Max + w.bias[o]})
	}
	w.packed = Signed(32).Contains(sums)
	if !acc.Saturate {
		w.dozens = newTriples(rows, mask, x.Union(Span{}))
	}
	w.words = newWords(rows[w.dozens.outputs():], mask, w.packed)
	return w
}

// widen copies bias to int64, or makes zeros when there is none.
func widen(bias []int32, outputs int) []int64 {
	wide := make([]int64, outputs)
	for i, b := range bias {
		wide[i] = int64(b)
	}
	return wide
}

// worstCase is the range of every partial sum of one row over all activations
// in x. Because x holds zero, each term can only widen it, so the bounds of the
// whole sum hold for its parts in any order.
func worstCase(row []int32, mask []bool, x Span) Span {
	var s Span
	var magnitude uint64
	for e, weight := range row {
		if !mask[e] {
			continue
		}
		w := int64(weight)
		magnitude = addMagnitude(magnitude, w, x)
		s.Min += min(w*x.Min, w*x.Max)
		s.Max += max(w*x.Min, w*x.Max)
	}
	return s
}

// addMagnitude returns sum + |w| * max|x|; it panics when that is too close
// to the end of int64 to add a bias.
func addMagnitude(sum uint64, w int64, x Span) uint64 {
	high, product := bits.Mul64(abs(w), max(abs(x.Min), abs(x.Max)))
	sum, carry := bits.Add64(sum, product, 0)
	if high != 0 || carry != 0 || sum > math.MaxInt64/2 {
		panic(fmt.Sprintf("pe: sums of products with activations in %v leave int64", x))
	}
	return sum
}

func abs(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// Outputs is the number of sums per vector.
func (w *IntWeights) Outputs() int { return len(w.bias) }

// Bound is the worst case: no accumulation, bias included, of activations in
// the promised range can leave it. Bound().NeededBits() is the accumulator
// width that is safe for all inputs.
func (w *IntWeights) Bound() Span { return w.bound }

// Multiply computes dst[v*outputs+o] for vectors vectors, x[v*elements+e] in.
// Elements of idle lanes are not looked at.
//
// It returns what the accumulators would have held had they been wide enough,
// zero included: with wrap the final sums (only these need to fit, since
// wrapping commutes with addition), with saturation also the sum after every
// beat. Its NeededBits is the width that would have given the exact result.
func (w *IntWeights) Multiply(dst, x []int32, vectors int) Span {
	checkCall(len(dst), len(x), vectors, w.Outputs(), w.beats.Elements())
	if w.acc.Saturate {
		return w.multiplyByBeat(dst, x, vectors)
	}
	return w.multiplyAtOnce(dst, x, vectors)
}
