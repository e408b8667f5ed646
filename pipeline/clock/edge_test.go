package clock

import (
	"testing"

	"github.com/convsim/convsim/pipeline"
)

// TestEdgeStateShowsTheLastTake: consumers rely on it for how long they starved.
func TestEdgeStateShowsTheLastTake(t *testing.T) {
	for _, depth := range []int{0, 1, 4} {
		var states []*Registers
		for _, taken := range []Cycle{5, 6} {
			e := &Edge{}
			newEdge(&Workspace{}, e, pipeline.Edge{Name: "edge", Depth: depth, Latency: 1}, 10, 10)
			w := waker{word: new(uint64)}
			e.wakeProducer, e.wakeConsumer = w, w
			e.Offer(3)
			e.Take(taken)
			e.Offer(9)
			s := &Registers{}
			e.registers(s)
			states = append(states, s)
		}
		if states[0].Same(states[1]) {
			t.Errorf("depth %d: taken in cycle 5 or 6 looks the same", depth)
		}
	}
}
