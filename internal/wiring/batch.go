package wiring

import (
	"fmt"

	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/sched"
)

// Batch takes the beats of a batch, one a cycle, before it hands out the first of
// its results, and takes no more until all have left: what needs a whole pixel or
// a whole frame before it can begin, such as a softmax, or a frame that is read in
// another order.
type Batch struct {
	In, Out sched.Stream
	Batches int64 // of a frame
	F       scalar.Vector
}

// Kind returns "batch".
func (Batch) Kind() string { return "batch" }

// Streams are what is taken and handed out.
func (b Batch) Streams() (in, out []sched.Stream) {
	return []sched.Stream{b.In}, []sched.Stream{b.Out}
}

// Needs needs whole batches.
func (b Batch) Needs(out []int64) []int64 {
	give := b.Out.Frame() / b.Batches
	return []int64{(out[0] + give - 1) / give * (b.In.Frame() / b.Batches)}
}

// Check refuses batches that do not fill the frame, and idle lanes.
func (b Batch) Check() error {
	if err := checkAll(b.In, b.Out); err != nil {
		return err
	}
	if b.Batches < 1 || b.In.Frame()%b.Batches != 0 || b.Out.Frame()%b.Batches != 0 || b.In.Frame() == 0 || b.Out.Frame() == 0 {
		return fmt.Errorf("wiring: %d batches of frames of %d and %d beats", b.Batches, b.In.Frame(), b.Out.Frame())
	}
	if b.In.Idle != 0 || b.Out.Idle != 0 || b.F == nil {
		return fmt.Errorf("wiring: a batch with idle lanes or without a function")
	}
	return nil
}
