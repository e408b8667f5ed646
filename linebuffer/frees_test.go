package linebuffer

import (
	"testing"

	"github.com/convsim/convsim/pipeline/clock"
)

// TestStateShowsStepsToCome: a writing side that waits for input has room that
// comes step by step, and the state tells one step from another.
func TestStateShowsStepsToCome(t *testing.T) {
	state := func(upTo int64, at clock.Cycle) *clock.Registers {
		f := frees{work: &clock.Workspace{}}
		f.add(3, 5)
		f.add(upTo, at)
		v := &clock.Registers{}
		f.note(v, 10, 6)
		return v
	}
	same := func(a, b *clock.Registers) bool { return clock.Equal(a, b) }
	if !same(state(4, 20), state(4, 20)) {
		t.Error("one state differs from itself")
	}
	if same(state(4, 20), state(5, 20)) || same(state(4, 20), state(4, 21)) {
		t.Error("steps that differ look the same")
	}
	if !same(state(3, 6), state(3, 7)) {
		t.Error("a step that frees nothing new is shown")
	}
}
