package pe

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Array is the arrays side by side of one layer: group_parallel times PE x SIMD
// multipliers (all taps at once behind a parallel window), their adders and
// accumulators, and the memory of their weights, or a second input by which those
// come while they are used.
type Array struct {
	Fold        sched.Fold
	Elem        tensor.DType // of activations
	Zero        int32        // their zero point
	Weight, Sum tensor.DType
	Accumulator conv.Accumulator
	Latency     int // cycles from the beat that completes a sum to the result's leaving the pipeline
	Style       Style
	WeightZero  bool // a zero point is taken off the weights, which takes a bit
	Packing     int  // products of a multiplier, all with one activation: 2, or 1 where it is not said
	Queue       int  // results that the output queue of FINN's RTL has room for, 0: not known; more are flagged, not lost

	Memory resources.RAMStyle // what the memory of all weights is made of
	Load   clock.Share        // the port by which weights come; zero: there is a memory of all
	Tile   int                // output pixels that use weights which come by a port before the next ones do; 0 is 1
}

// Loads reports whether weights come by a second input.
func (a Array) Loads() bool { return a.Load.Given() }

// tile is how many output pixels share what is loaded.
func (a Array) tile() int64 { return int64(max(1, a.Tile)) }

// Style says what arrays do with results while the sink does not take them.
type Style int

// The styles of FINN's cores.
const (
	Queued     Style = iota // the pipeline never stops: an output queue catches what is in it
	Frozen                  // the pipeline stops as a whole; two registers that can fill at once follow it
	FrozenLate              // the same with one register behind the other: every result passes both
)

// Kind returns "array".
func (Array) Kind() string { return "array" }

// Streams are the vectors, weights where they come, and the sums.
func (a Array) Streams() (in, out []sched.Stream) {
	in = []sched.Stream{a.Fold.Windows(a.Elem)}
	if a.Loads() {
		in = append(in, a.Fold.TileWeights(a.Weight, a.tile()))
	}
	return in, []sched.Stream{a.Fold.TileOutputs(a.Sum, a.tile())}
}

// Needs counts the beats of the vectors that make the first sums, and of the weights.
func (a Array) Needs(out []int64) []int64 {
	f, tile := a.Fold, a.tile()
	whole, rest := out[0]/(tile*int64(f.OutFolds)), out[0]%(tile*int64(f.OutFolds))
	vectors := whole*tile + min(rest, tile)
	if !a.Loads() {
		return []int64{vectors * int64(f.VectorBeats())}
	}
	return []int64{vectors * int64(f.VectorBeats()), out[0] * int64(f.VectorBeats())}
}

// Check refuses a latency no adder has.
func (a Array) Check() error {
	if a.Latency < 1 || a.Latency > mostLatency {
		return fmt.Errorf("pe: an array of latency %d; allowed: 1 to %d", a.Latency, mostLatency)
	}
	if a.Style < Queued || a.Style > FrozenLate {
		return fmt.Errorf("pe: an array of style %d", a.Style)
	}
	if err := checkFold(a.Fold, a.Elem, a.Weight, a.Sum); err != nil {
		return err
	}
	if a.Loads() {
		return a.Weights().Check()
	}
	if a.Tile != 0 {
		return fmt.Errorf("pe: tiles of %d pixels where all weights are held", a.Tile)
	}
	return nil
}

// WeightBits is how wide weights are in the arrays: a sign is added to types that have
// none, and a zero point taken off reaches as far again.
func (a Array) WeightBits() int {
	if a.Weight.IsFloat() || signed(a.Weight) && !a.WeightZero {
		return a.Weight.Bits()
	}
	return a.Weight.Bits() + 1
}

// RegisterBits is how wide the register of a sum is: what it may take, at most what
// the accumulator is said to have. A bias may take all of that.
func (a Array) RegisterBits() int {
	if a.Elem.IsFloat() || a.Fold.Shape.Bias {
		return a.Accumulator.Bits
	}
	return a.parts().RegisterBits()
}

// mostLatency is deeper than any pipeline.
const mostLatency = 1 << 12

// checkFold checks a fold and the types of elements.
func checkFold(f sched.Fold, types ...tensor.DType) error {
	for _, t := range types {
		if !t.Valid() {
			return fmt.Errorf("pe: elements of type %d; allowed: a known type", t)
		}
	}
	return f.Check()
}

// Layouts are those of vectors and of output pixels.
func (a Array) Layouts() (in, out sched.Layout) {
	return a.Fold.WindowLayout(), a.Fold.TileOutputLayout(int(a.tile()))
}
