package pipeline_test

import (
	"testing"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/sim"
)

// repeats is a design in which something recurs.
type repeats struct {
	name  string
	build func() (*pipeline.Graph, error)
}

func (d repeats) graph(t *testing.T) *pipeline.Graph {
	t.Helper()
	g, err := d.build()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// layer is a 3x3 convolution, padded unevenly, on its own hardware.
func layer(t *testing.T, mode conv.PaddingMode, height, width, channels, groups int, a sched.Array, style sched.Style) sim.Timing {
	t.Helper()
	l := conv.Conv2d{InChannels: channels, OutChannels: channels, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Groups: groups, PaddingMode: mode,
		Padding: conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}}
	shape, err := l.Resolve(1, height, width)
	if err != nil {
		t.Fatal(err)
	}
	return sim.Timing{Fold: sched.NewFold(shape, a, style), Frames: 6, FIFOLatency: 2, Rate: conv.Pair{H: 1, W: 1}, Last: true}
}

// recurring lists designs that between them use every process and every field.
func recurring(t *testing.T) []repeats {
	t.Helper()
	var list []repeats
	add := func(name string, d sim.Timing, depth int, overlap bool, source, sink pipeline.Gate) {
		d.FIFODepth, d.Overlap, d.Requantize = depth, overlap, true
		list = append(list, repeats{name, func() (*pipeline.Graph, error) { return d.Build(source, sink) }})
	}
	one, wide := sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Array{PE: 4, SIMD: 4, GroupParallel: 1}
	half := sched.Array{PE: 2, SIMD: 2, GroupParallel: 1}
	every := func(n pipeline.Cycle) pipeline.Gate { return pipeline.Every{N: n} }
	burst, full := pipeline.Burst{On: 5, Off: 13}, pipeline.Always{}
	add("wires", layer(t, conv.Zeros, 16, 20, 2, 1, one, sched.Serial), 0, false, full, full)
	add("slow sink", layer(t, conv.Zeros, 16, 20, 2, 1, one, sched.Serial), 3, false, full, every(5))
	add("slow source", layer(t, conv.Zeros, 16, 20, 2, 1, wide, sched.Serial), 3, false, every(11), full)
	add("bursts, overlap", layer(t, conv.Reflect, 16, 20, 1, 1, wide, sched.Serial), 2, true, burst, every(3))
	add("short frames", layer(t, conv.Reflect, 6, 5, 4, 1, half, sched.Serial), 2, false, full, full)
	add("source slower than a frame", layer(t, conv.Replicate, 6, 5, 1, 1, wide, sched.Serial), 9, false, every(40), full)
	add("parallel, locked", layer(t, conv.Zeros, 20, 24, 2, 1, wide, sched.Parallel), 2, false, full, every(3))
	add("parallel, two beats per pixel", layer(t, conv.Zeros, 20, 24, 4, 1, sched.Array{PE: 4, SIMD: 2, GroupParallel: 1}, sched.Parallel), 1, false, every(2), burst)
	add("parallel, replayed", layer(t, conv.Circular, 12, 9, 4, 1, half, sched.Parallel), 4, true, full, full)
	add("deep FIFOs", layer(t, conv.Zeros, 16, 20, 2, 1, one, sched.Serial), 30, false, every(9), every(12))
	depthwise := layer(t, conv.Zeros, 16, 20, 3, 3, one, sched.Serial)
	depthwise.EdgeDepths = map[string]int{"window.array": 600}
	add("depthwise behind a deep FIFO", depthwise, 0, false, full, full)
	add("wide image", layer(t, conv.Zeros, 6, 300, 4, 1, half, sched.Parallel), 2, false, full, full)
	for _, style := range []sched.Style{sched.Serial, sched.Parallel} {
		list = append(list, repeats{"two branches, " + style.String(), func() (*pipeline.Graph, error) { return branches(t, style) }})
	}
	return list
}

// branches copies a stream to two layers and joins their outputs. What one
// layer waits for then depends on the other.
func branches(t *testing.T, style sched.Style) (*pipeline.Graph, error) {
	a := layer(t, conv.Zeros, 12, 14, 4, 1, sched.Array{PE: 2, SIMD: 2, GroupParallel: 1}, sched.Serial)
	b := layer(t, conv.Zeros, 12, 14, 4, 1, sched.Array{PE: 2, SIMD: 2, GroupParallel: 1}, style)
	a.Frames, b.Frames = 3, 3
	b.Last, b.Name, b.EdgeDepths = false, "b.", map[string]int{"window.array": 3}
	g := pipeline.NewGraph()
	edge := func(name string, u pipeline.Units, depth int) *pipeline.Edge {
		return g.NewEdge(pipeline.EdgeSpec{Name: name, Depth: depth, Latency: 1, Units: u})
	}
	in, inA, inB := edge("in", a.InputUnits(), 0), edge("in a", a.InputUnits(), 300), edge("in b", a.InputUnits(), 300)
	pipeline.NewSource(g, in, pipeline.Always{}, a.Fold.InputBeats(), a.Frames)
	pipeline.NewFork(g, "fork", in, []*pipeline.Edge{inA, inB}, a.Fold.InputBeats()*a.Frames)
	outA, outB, out := edge("out a", a.OutputUnits(), 1), edge("out b", a.OutputUnits(), 0), edge("out", a.OutputUnits(), 0)
	if _, err := a.Add(g, inA, outA); err != nil {
		return nil, err
	}
	if _, err := b.Add(g, inB, outB); err != nil {
		return nil, err
	}
	pipeline.NewJoin(g, "join", []*pipeline.Edge{outA, outB}, out, a.Fold.OutputBeats()*a.Frames, style == sched.Serial)
	pipeline.NewSink(g, out, pipeline.Every{N: 3}, a.Fold.OutputBeats(), a.Frames)
	return g, nil
}
