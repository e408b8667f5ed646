package pe

import (
	"fmt"
	"math/bits"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
	"github.com/convsim/convsim/wiring"
)

// Requantize is the stage behind the arrays that turns sums into activations, a
// beat per cycle: one register, or one of FINN's pipelines with credits.
type Requantize struct {
	Fold        sched.Fold
	Sum, Elem   tensor.DType     // of what comes and what leaves
	Accumulator conv.Accumulator // the register the sums come from; 0 bits: as wide as their type
	Rule        Rule
	Bias        bool // the arrays add one: its memory is counted here
	Pipeline    int  // cycles of FINN's pipeline, see ThresholdPipeline and ScalePipeline; 0: one register
}

// Kind returns "requantize".
func (Requantize) Kind() string { return "requantize" }

// Streams are the sums and the activations.
func (r Requantize) Streams() (in, out []sched.Stream) {
	return []sched.Stream{r.Fold.Outputs(r.Sum)}, []sched.Stream{r.Fold.Outputs(r.Elem)}
}

// Needs needs a beat for every one it makes.
func (r Requantize) Needs(out []int64) []int64 { return out }

// Check refuses a pipeline that there is not; the rule is checked with its scales.
func (r Requantize) Check() error {
	if r.Pipeline < 0 || r.Pipeline > mostLatency {
		return fmt.Errorf("pe: a requantiser's pipeline of %d cycles; allowed: 0 to %d", r.Pipeline, mostLatency)
	}
	return checkFold(r.Fold, r.Sum, r.Elem)
}

// ScalePipeline is the pipeline of FINN's requantiser by scale and bias.
const ScalePipeline = 4

// ThresholdPipeline is the pipeline of FINN's thresholding of so many steps: a
// stage of the search a cycle, or two cycles.
func ThresholdPipeline(steps int, deep bool) int {
	stages := bits.Len(uint(max(steps, 1)))
	if deep {
		return 2 * stages
	}
	return stages
}

// spareCredits is how many beats more than are in its pipeline one holds.
const spareCredits = 3

// Process makes the stage.
func (r Requantize) Process(at clock.Ports) clock.Process {
	if r.Pipeline > 0 {
		return wiring.NewPipe(at, r.Kind(), r.Pipeline, r.Pipeline+spareCredits, r.Fold.OutputBeats())
	}
	return wiring.NewRegister(at, r.Kind(), r.Fold.OutputBeats())
}

// AppendKey appends the beats and the pipeline.
func (r Requantize) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, r.Fold.OutputBeats(), int64(r.Pipeline))
}

// Layouts are those of output pixels.
func (r Requantize) Layouts() (in, out sched.Layout) {
	return r.Fold.OutputLayout(), r.Fold.OutputLayout()
}
