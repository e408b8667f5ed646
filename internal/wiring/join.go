package wiring

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Join takes one beat from every input in the same cycle and combines them,
// combinationally: its output is offered as long as all inputs are, and all
// move in the cycle in which it is taken. Without How they are added: integers, of
// whatever width, become int32 sums, and floats stay floats, added in the order of
// the inputs.
type Join struct {
	In  []sched.Stream
	Out sched.Stream
	How scalar.Combination // of two inputs; nil: their sum
	// Queued is the join of FINN's elementwise operations, of two inputs: a register
	// at each, and a pipeline with a queue.
	Queued bool
}

// Kind returns "join".
func (Join) Kind() string { return "join" }

// Streams are those that are joined, and the result.
func (j Join) Streams() (in, out []sched.Stream) { return j.In, []sched.Stream{j.Out} }

// Needs needs as many beats of each input as it makes.
func (j Join) Needs(out []int64) []int64 {
	in := make([]int64, len(j.In))
	for i := range in {
		in[i] = out[0]
	}
	return in
}

// Check refuses streams of different lengths, and sums of another type.
func (j Join) Check() error {
	if len(j.In) == 0 {
		return fmt.Errorf("wiring: a join of nothing")
	}
	if err := errors.Join(checkAll(j.In...), j.Out.Check()); err != nil {
		return err
	}
	if j.Queued && len(j.In) != 2 {
		return fmt.Errorf("wiring: a queued join of %d inputs; allowed: 2", len(j.In))
	}
	sum := tensor.Int32
	if j.In[0].Elem == tensor.Float32 {
		sum = tensor.Float32
	}
	if j.How != nil && len(j.In) != 2 {
		return fmt.Errorf("wiring: a function of two numbers of %d inputs", len(j.In))
	}
	if j.How == nil && j.Out.Elem != sum {
		return fmt.Errorf("wiring: sums of %s as %s; allowed: %s", j.In[0].Elem, j.Out.Elem, sum)
	}
	for i, s := range j.In {
		if s.Frame() != j.Out.Frame() || s.Rows != j.Out.Rows || s.Lanes != j.Out.Lanes || j.How == nil && s.Elem.IsFloat() != j.Out.Elem.IsFloat() {
			return fmt.Errorf("wiring: input %d of a join brings %d beats of %d x %s a frame, %d of %d x %s leave", i, s.Frame(), s.Lanes,
				s.Elem, j.Out.Frame(), j.Out.Lanes, j.Out.Elem)
		}
	}
	return nil
}
