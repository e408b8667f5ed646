package pe

import (
	"fmt"
	"math/bits"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Requantize is the stage behind the arrays that turns sums into activations, a
// beat per cycle: one register, or a pipeline with a queue and credits, as FINN's are.
type Requantize struct {
	Fold      sched.Fold
	Sum, Elem tensor.DType // of what comes and what leaves
	SumBits   int          // of a sum, the others are copies of its sign; 0: all of its type
	Rule      Rule
	Bias      bool // the arrays add one: its memory is counted here
	Latency   int  // cycles from taking a beat to offering it; 0 is 1, a register
}

// Kind returns "requantize".
func (Requantize) Kind() string { return "requantize" }

// Streams are the sums and the activations.
func (r Requantize) Streams() (in, out []sched.Stream) {
	return []sched.Stream{r.Fold.Outputs(r.Sum)}, []sched.Stream{r.Fold.Outputs(r.Elem)}
}

// Needs needs a beat for every one it makes.
func (r Requantize) Needs(out []int64) []int64 { return out }

// Check refuses a latency that there is not; the rule is checked with its scales.
func (r Requantize) Check() error {
	if r.Latency < 0 || r.Latency > mostLatency {
		return fmt.Errorf("pe: a requantiser of latency %d; allowed: 0 to %d", r.Latency, mostLatency)
	}
	return checkFold(r.Fold, r.Sum, r.Elem)
}

// behindPipe are the cycles behind a pipeline: a queue, and a register.
const behindPipe = 2

// ScaleLatency is the latency of FINN's requantiser by scale and bias.
const ScaleLatency = 4 + behindPipe

// ThresholdLatency is the latency of FINN's thresholding of so many steps: a stage
// of the search a cycle, or two cycles.
func ThresholdLatency(steps int, deep bool) int {
	stages := bits.Len(uint(max(steps, 1)))
	if deep {
		return 2*stages + behindPipe
	}
	return stages + behindPipe
}

// piped tells the cycles of the pipeline and the beats that one with a queue holds: one
// more than go round.
func (r Requantize) piped() (stages, credits int, ok bool) {
	return r.Latency - behindPipe, r.Latency + 1, r.Latency >= behindPipe
}

// Process makes the stage.
func (r Requantize) Process(at clock.Ports) clock.Process {
	if stages, credits, ok := r.piped(); ok {
		return wiring.NewPipe(at, r.Kind(), stages, credits, r.Fold.OutputBeats())
	}
	return wiring.NewRegister(at, r.Kind(), r.Fold.OutputBeats())
}

// AppendKey appends the beats and the latency.
func (r Requantize) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, r.Fold.OutputBeats(), int64(max(1, r.Latency)))
}

// Layouts are those of output pixels.
func (r Requantize) Layouts() (in, out sched.Layout) {
	return r.Fold.OutputLayout(), r.Fold.OutputLayout()
}
