package pe

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// Map makes one element of each element: an activation, a (de)quantisation, a
// product with a constant. For elements of 8 bits it is a table, as hardware has
// it. It is a register stage: a beat a cycle, latency 1.
type Map struct {
	In, Out sched.Stream // alike but for the type of the elements
	F       scalar.Function
}

// Kind returns "map".
func (Map) Kind() string { return "map" }

// Streams are the elements before and after.
func (m Map) Streams() (in, out []sched.Stream) {
	return []sched.Stream{m.In}, []sched.Stream{m.Out}
}

// Needs needs a beat for every one it makes.
func (m Map) Needs(out []int64) []int64 { return out }

// Check refuses streams that are not alike.
func (m Map) Check() error {
	if err := errors.Join(m.In.Check(), m.Out.Check()); err != nil {
		return err
	}
	like := m.In
	like.Elem = m.Out.Elem
	if like != m.Out || m.F == nil {
		return fmt.Errorf("pe: a map of %+v to %+v; allowed: streams that differ in the type of their elements only", m.In, m.Out)
	}
	return nil
}

// Process makes the stage.
func (m Map) Process(at clock.Ports) clock.Process {
	return wiring.NewRegister(at, m.Kind(), m.In.Frame())
}

// AppendKey appends the beats.
func (m Map) AppendKey(dst []byte) []byte { return clock.AppendInts(dst, m.In.Frame()) }
