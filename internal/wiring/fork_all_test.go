package wiring

import (
	"errors"
	"testing"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// TestForkThatNeverAgrees: a fork all or nothing into two sinks that open in odd and
// in even cycles stops; where they open together every sixth cycle it does not.
func TestForkThatNeverAgrees(t *testing.T) {
	s := sched.Stream{Elem: tensor.Int8, Lanes: 1, Rows: 1, Pixels: 4, Beats: 1}
	for _, c := range []struct {
		second clock.Pattern
		cycles clock.Cycle // 0: it stops
	}{
		{clock.Every{N: 2, Phase: 1}, 0},
		{clock.Every{N: 3}, 3*6 + 1},
	} {
		p := &pipeline.Plan{Nodes: []pipeline.Node{{Block: Source{Stream: s, Pattern: clock.Always{}}},
			{Block: Fork{Stream: s, Branches: 2, Style: AllOrNothing}}, {Block: Sink{Stream: s, Pattern: clock.Every{N: 2}}},
			{Layer: "b", Block: Sink{Stream: s, Pattern: c.second}}}}
		p.Join(pipeline.Port{Node: 0}, pipeline.Port{Node: 1})
		p.Join(pipeline.Port{Node: 1}, pipeline.Port{Node: 2})
		p.Join(pipeline.Port{Node: 1, Port: 1}, pipeline.Port{Node: 3})
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		r, err := clock.Solve(p, clock.Options{Frames: 1})
		var dead *clock.Deadlock
		switch {
		case c.cycles == 0 && !errors.As(err, &dead):
			t.Errorf("%+v: %v, want a deadlock", c.second, err)
		case c.cycles > 0 && (err != nil || r.Total != c.cycles):
			t.Errorf("%+v: %+v, %v, want %d cycles", c.second, r, err, c.cycles)
		}
	}
}
