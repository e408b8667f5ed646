package fit

import (
	"testing"

	"github.com/convsim/convsim/pipeline"
)

// TestTimes: deeper FIFOs are of depths that a hardware file can say, and the plan stays.
func TestTimes(t *testing.T) {
	p := &pipeline.Plan{Edges: []pipeline.Edge{{Depth: 0}, {Depth: 2}, {Depth: 3}, {Depth: 300_000}}}
	for i, want := range []int{0, 2, 12, 1 << 20} {
		if got := times(p, 4).Edges[i].Depth; got != want {
			t.Errorf("a FIFO %d deep: %d, want %d", p.Edges[i].Depth, got, want)
		}
	}
	if p.Edges[3].Depth != 300_000 {
		t.Error("the plan has changed")
	}
}
