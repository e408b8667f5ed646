package pe

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// ReduceFrame is global pooling without a window: an accumulator a channel takes
// the pixels of a frame as they come, and hands one pixel over.
type ReduceFrame struct {
	In  sched.Stream
	How Reduction
}

// Kind returns "pool".
func (ReduceFrame) Kind() string { return "pool" }

// Streams are the frame and its one pixel.
func (r ReduceFrame) Streams() (in, out []sched.Stream) {
	to := r.In
	to.Rows, to.Pixels, to.Idle = 1, 1, r.In.Idle/max(1, r.In.Pixels)
	to.Elem = r.How.result(r.In.Elem)
	return []sched.Stream{r.In}, []sched.Stream{to}
}

// Needs needs all pixels but the last, and of that the first beats.
func (r ReduceFrame) Needs(out []int64) []int64 {
	if out[0] == 0 {
		return []int64{0}
	}
	return []int64{r.In.Frame() - r.In.Beats + out[0]}
}

// Check refuses frames without beats.
func (r ReduceFrame) Check() error {
	if r.In.Frame() < 1 {
		return fmt.Errorf("pe: pooling of frames of %d beats; allowed: 1 or more", r.In.Frame())
	}
	return errors.Join(r.How.check(r.In.Elem), r.In.Check())
}

func (r ReduceFrame) pixels() int64 { return r.In.Rows * r.In.Pixels }

// AppendKey appends the frame.
func (r ReduceFrame) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, r.In.Frame(), r.In.Beats)
}

// Process makes the stage.
func (r ReduceFrame) Process(at clock.Ports) clock.Process {
	return &reducer{Counted: at.Counted("pool", r.In.Frame()), in: at.In[0], out: at.Out[0], beats: r.In.Frame(), last: r.In.Beats}
}
