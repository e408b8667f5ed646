package pe

import (
	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
	"github.com/convsim/convsim/wiring"
)

// Requantize is the stage behind the arrays that turns sums into activations:
// one register, a beat per cycle.
type Requantize struct {
	Fold        sched.Fold
	Sum, Elem   tensor.DType     // of what comes and what leaves
	Accumulator conv.Accumulator // the register the sums come from; 0 bits: as wide as their type
	Rule        Rule
	Bias        bool // the arrays add one: its memory is counted here
}

// Kind returns "requantize".
func (Requantize) Kind() string { return "requantize" }

// Streams are the sums and the activations.
func (r Requantize) Streams() (in, out []sched.Stream) {
	return []sched.Stream{r.Fold.Outputs(r.Sum)}, []sched.Stream{r.Fold.Outputs(r.Elem)}
}

// Needs needs a beat for every one it makes.
func (r Requantize) Needs(out []int64) []int64 { return out }

// Check finds nothing wrong: the rule is checked with its scales.
func (r Requantize) Check() error { return nil }

// Process makes the stage.
func (r Requantize) Process(at clock.Ports) clock.Process {
	return wiring.NewRegister(at, r.Kind(), r.Fold.OutputBeats())
}

// AppendKey appends the beats.
func (r Requantize) AppendKey(dst []byte) []byte { return clock.AppendInts(dst, r.Fold.OutputBeats()) }
