package pe

import (
	"fmt"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Array is the arrays side by side of one layer: group_parallel times PE x SIMD
// multipliers (all taps at once behind a parallel window), their adders and
// accumulators, and the memory of their weights.
type Array struct {
	Fold        sched.Fold
	Elem        tensor.DType // of activations
	Zero        int32        // their zero point
	Weight, Sum tensor.DType
	Accumulator conv.Accumulator
	Latency     int // cycles from the beat that completes a sum to the result's leaving the pipeline
	Style       Style
	Queue       int // results that the output queue of FINN's RTL has room for, 0: not known; more are flagged, not lost
}

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

// Streams are the vectors and the sums.
func (a Array) Streams() (in, out []sched.Stream) {
	return []sched.Stream{a.Fold.Windows(a.Elem)}, []sched.Stream{a.Fold.Outputs(a.Sum)}
}

// Needs counts the beats of the vectors that make the first sums.
func (a Array) Needs(out []int64) []int64 {
	f := a.Fold
	vectors := (out[0] + int64(f.OutFolds) - 1) / int64(f.OutFolds)
	return []int64{vectors * int64(f.VectorBeats())}
}

// Check refuses a latency no adder has.
func (a Array) Check() error {
	if a.Latency < 1 || a.Latency > mostLatency {
		return fmt.Errorf("pe: an array of latency %d; allowed: 1 to %d", a.Latency, mostLatency)
	}
	if a.Style < Queued || a.Style > FrozenLate {
		return fmt.Errorf("pe: an array of style %d", a.Style)
	}
	return checkFold(a.Fold, a.Elem, a.Weight, a.Sum)
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
func (a Array) Layouts() (in, out sched.Layout) { return a.Fold.WindowLayout(), a.Fold.OutputLayout() }
