package mapping_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// block is a residual block without FIFOs but that of the shortcut: a fork at the
// source, convolutions of 3 x 3 with thresholds between them, and a join.
type block struct {
	style   wiring.ForkStyle
	queued  bool
	layers  int
	h, w, c int
	lanes   int // of a beat
}

func (b block) plan(depth int) *pipeline.Plan {
	one := conv.Pair{H: 1, W: 1}
	s := sched.Stream{Elem: tensor.Int32, Lanes: b.lanes, Rows: int64(b.h), Pixels: int64(b.w), Beats: int64(b.c / b.lanes)}
	layer := conv.Conv2d{InChannels: b.c, OutChannels: b.c, Kernel: conv.Pair{H: 3, W: 3}, Stride: one, Dilation: one, Groups: 1,
		Padding: conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}}
	shape, err := layer.Resolve(1, b.h, b.w)
	if err != nil {
		panic(err)
	}
	fold := sched.NewFold(shape, sched.Array{PE: b.lanes, SIMD: b.lanes, GroupParallel: 1}, sched.Serial)
	p := &pipeline.Plan{}
	source := p.Add("", wiring.Source{Stream: s, Pattern: clock.Always{}})
	fork := p.Add("", wiring.Fork{Stream: s, Branches: 2, Style: b.style})
	p.Join(pipeline.Port{Node: source}, pipeline.Port{Node: fork})
	at := pipeline.Port{Node: fork}
	for i := range b.layers {
		list := mapping.Conv{Fold: fold, Elem: tensor.Int32, Weight: tensor.Int32, Sum: tensor.Int32, ArrayLatency: 3}.Blocks()
		if i < b.layers-1 {
			list = append(list, pe.Requantize{Fold: fold, Sum: tensor.Int32, Elem: tensor.Int32, Latency: pe.ThresholdLatency(15, false)})
		}
		at = mapping.Chain(p, fmt.Sprint("layer", i), at, list...)
	}
	join := p.Add("", wiring.Join{In: []sched.Stream{s, s}, Out: s, Queued: b.queued})
	skip := p.Join(pipeline.Port{Node: fork, Port: 1}, pipeline.Port{Node: join})
	p.Edges[skip].Name, p.Edges[skip].Depth = "skip", depth
	p.Join(at, pipeline.Port{Node: join, Port: 1})
	p.Join(pipeline.Port{Node: join}, pipeline.Port{Node: p.Add("", wiring.Sink{Stream: s, Pattern: clock.Always{}})})
	return p
}

// closed is the bound of the closed form: the beats that the branch swallows before
// its first output, less what the fork and the join hold themselves.
func (b block) closed() int {
	x := (b.layers*b.w + b.layers + 1) * b.c / b.lanes
	x -= map[wiring.ForkStyle]int{wiring.AllOrNothing: 0, wiring.Eager: 1, wiring.Tap: 3}[b.style]
	if b.queued {
		x--
	}
	return x
}

// TestReliefOfResidualBlocks: the depth that a deadlock advises is the closed form's;
// one less deadlocks.
func TestReliefOfResidualBlocks(t *testing.T) {
	for _, b := range []block{
		{layers: 1, h: 6, w: 6, c: 4, lanes: 2}, {layers: 1, h: 6, w: 6, c: 4, lanes: 4, style: wiring.AllOrNothing},
		{layers: 2, h: 7, w: 5, c: 4, lanes: 2}, {layers: 2, h: 7, w: 5, c: 4, lanes: 1, style: wiring.AllOrNothing},
		{layers: 1, h: 6, w: 9, c: 6, lanes: 3, queued: true}, {layers: 2, h: 5, w: 8, c: 2, lanes: 1, queued: true, style: wiring.AllOrNothing},
		{layers: 1, h: 6, w: 6, c: 4, lanes: 2, style: wiring.Tap}, {layers: 1, h: 8, w: 7, c: 2, lanes: 1, style: wiring.Tap, queued: true},
		{layers: 2, h: 9, w: 9, c: 3, lanes: 3},
	} {
		t.Run(fmt.Sprintf("%+v", b), func(t *testing.T) {
			o := clock.Options{Frames: 2}
			for _, depth := range []int{1, b.closed() - 1} {
				p := b.plan(depth)
				_, err := clock.Solve(p, o)
				var dead *clock.Deadlock
				if !errors.As(err, &dead) {
					t.Fatalf("depth %d: %v, want a deadlock", depth, err)
				}
				if dead.Relief, err = clock.Relieve(p, o, dead); err != nil {
					t.Fatal(err)
				}
				want := fmt.Sprintf("FIFO skip (depth %d) is full in this loop; depth %d frees it", depth, b.closed())
				if !strings.HasSuffix(dead.Error(), want) {
					t.Errorf("%v\nwant %s", dead, want)
				}
			}
			if _, err := clock.Solve(b.plan(b.closed()), o); err != nil {
				t.Error(err)
			}
		})
	}
}
