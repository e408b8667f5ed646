package pe

import (
	"errors"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// TestArrayLeavesSurplusBeats: beats beyond the last vector are left over, not
// swallowed by the replay buffer.
func TestArrayLeavesSurplusBeats(t *testing.T) {
	for _, folds := range []int{1, 3} {
		const vectors, vectorBeats = 4, 5
		shape := conv.Shape{Batch: 1, InChannels: vectorBeats, OutChannels: folds, Groups: 1, InHeight: 1, OutHeight: 1,
			InWidth: vectors, OutWidth: vectors, Kernel: conv.Pair{H: 1, W: 1}, Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}}
		f := sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Parallel)
		a := Array{Fold: f, Elem: tensor.Int8, Sum: tensor.Int32, Latency: 3}
		surplus := f.Windows(tensor.Int8)
		surplus.Rows, surplus.Pixels, surplus.Beats = 1, 1, vectors*vectorBeats+3
		p := &pipeline.Plan{}
		source := p.Add("", tooMany{wiring.Source{Stream: surplus, Pattern: clock.Always{}}})
		array := p.Add("", a)
		sink := p.Add("", wiring.Sink{Stream: f.Outputs(tensor.Int32), Pattern: clock.Always{}})
		p.Edges = []pipeline.Edge{
			{Name: "in", Depth: 8, Latency: 1, From: pipeline.Port{Node: source}, To: pipeline.Port{Node: array}, Stream: surplus},
			{Name: "out", Latency: 1, From: pipeline.Port{Node: array}, To: pipeline.Port{Node: sink}, Stream: f.Outputs(tensor.Int32)},
		}
		_, err := clock.Solve(p, clock.Options{Frames: 1})
		var l *clock.Leftover
		if !errors.As(err, &l) || l.Edge != "in" || l.Beats != 3 {
			t.Errorf("%d passes: %v, want 3 beats left over on in", folds, err)
		}
	}
}

// tooMany is a source of more beats than the plan's check would pass.
type tooMany struct{ wiring.Source }
