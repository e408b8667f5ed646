package clock_test

import (
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

// repeats is a design in which something recurs.
type repeats struct {
	name   string
	plan   *pipeline.Plan
	frames int64
}

// start begins a run of the design that stops at boundaries.
func (d repeats) start() *clock.Stepper { return clock.Start(d.plan, d.frames) }

// solve runs it to its end.
func (d repeats) solve(t *testing.T, o clock.Options) *clock.Result {
	t.Helper()
	o.Frames = d.frames
	r, err := clock.Solve(d.plan, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// machine is a layer's hardware with the FIFOs between its stages.
type machine struct {
	mapping.Conv
	depths map[string]int
}

// blocks are the stages, with a register behind the array.
func (m machine) blocks() []pipeline.Block {
	m.Elem, m.Weight, m.Sum, m.ArrayLatency = tensor.Int8, tensor.Int8, tensor.Int8, 3
	m.Requantize = &pe.Requantize{Sum: tensor.Int8, Elem: tensor.Int8}
	return m.Blocks()
}

// fifos gives every edge a depth, those named their own.
func fifos(p *pipeline.Plan, depth, latency int, named map[string]int) {
	for i := range p.Edges {
		e := &p.Edges[i]
		e.Depth, e.Latency = depth, latency
		if d, ok := named[e.Name]; ok {
			e.Depth = d
		}
	}
}

// layer is a 3x3 convolution, padded unevenly, on its own hardware.
func layer(t *testing.T, mode conv.PaddingMode, height, width, channels, groups int, a sched.Array, style sched.Style) machine {
	t.Helper()
	l := conv.Conv2d{InChannels: channels, OutChannels: channels, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Groups: groups, PaddingMode: mode,
		Padding: conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}}
	shape, err := l.Resolve(1, height, width)
	if err != nil {
		t.Fatal(err)
	}
	return machine{Conv: mapping.Conv{Fold: sched.NewFold(shape, a, style)}}
}

// recurring lists designs that between them use every process and every field. A short
// run takes every third.
func recurring(t *testing.T) []repeats {
	t.Helper()
	var all []repeats
	add := func(name string, m machine, depth int, overlap bool, source, sink clock.Pattern) {
		m.Overlap = overlap
		list := m.blocks()
		in, _ := list[0].Streams()
		_, out := list[len(list)-1].Streams()
		p := &pipeline.Plan{}
		at := mapping.Chain(p, "", mapping.Nowhere, wiring.Source{Stream: in[0], Pattern: source})
		mapping.Chain(p, "", mapping.Chain(p, "", at, list...), wiring.Sink{Stream: out[0], Pattern: sink})
		fifos(p, depth, 2, m.depths)
		all = append(all, repeats{name, p, 6})
	}
	one, wide := sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Array{PE: 4, SIMD: 4, GroupParallel: 1}
	half := sched.Array{PE: 2, SIMD: 2, GroupParallel: 1}
	every := func(n clock.Cycle) clock.Pattern { return clock.Every{N: n} }
	burst, full := clock.Burst{On: 5, Off: 13}, clock.Always{}
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
	depthwise.depths = map[string]int{"window.array": 600}
	add("depthwise behind a deep FIFO", depthwise, 0, false, full, full)
	add("wide image", layer(t, conv.Zeros, 6, 300, 4, 1, half, sched.Parallel), 2, false, full, full)
	for _, style := range []sched.Style{sched.Serial, sched.Parallel} {
		all = append(all, repeats{"two branches, " + style.String(), branches(t, style), 3})
	}
	all = append(all, repeats{"a shortcut", shortcut(t), 3})
	if testing.Short() {
		few := all[:0]
		for i := 0; i < len(all); i += 3 {
			few = append(few, all[i])
		}
		return few
	}
	return all
}

// shortcut adds a layer's input to its output: what fills the layer's line buffer
// waits for room in the shortcut, which waits for the layer.
func shortcut(t *testing.T) *pipeline.Plan {
	a := layer(t, conv.Zeros, 12, 14, 4, 1, sched.Array{PE: 2, SIMD: 2, GroupParallel: 1}, sched.Serial)
	image, result := a.Fold.Image(tensor.Int8), a.Fold.Outputs(tensor.Int8)
	sum := result
	sum.Elem = tensor.Int32
	p := &pipeline.Plan{}
	at := mapping.Chain(p, "", mapping.Nowhere, wiring.Source{Stream: image, Pattern: clock.Always{}},
		wiring.Fork{Stream: image, Branches: 2})
	end := mapping.Chain(p, "a", at, a.blocks()...)
	j := p.Add("", wiring.Join{In: []sched.Stream{result, image}, Out: sum})
	p.Join(end, pipeline.Port{Node: j})
	p.Join(pipeline.Port{Node: at.Node, Port: 1}, pipeline.Port{Node: j, Port: 1})
	mapping.Chain(p, "", pipeline.Port{Node: j}, wiring.Sink{Stream: sum, Pattern: clock.Always{}})
	fifos(p, 0, 1, map[string]int{"fork.join": 35})
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return p
}

// branches copies a stream to two layers and joins their outputs. What one
// layer waits for then depends on the other.
func branches(t *testing.T, style sched.Style) *pipeline.Plan {
	half := sched.Array{PE: 2, SIMD: 2, GroupParallel: 1}
	a, b := layer(t, conv.Zeros, 12, 14, 4, 1, half, sched.Serial), layer(t, conv.Zeros, 12, 14, 4, 1, half, style)
	image, result := a.Fold.Image(tensor.Int8), a.Fold.Outputs(tensor.Int8)
	p := &pipeline.Plan{}
	at := mapping.Chain(p, "", mapping.Nowhere, wiring.Source{Stream: image, Pattern: clock.Always{}},
		wiring.Fork{Stream: image, Branches: 2})
	second := pipeline.Port{Node: at.Node, Port: 1}
	b0 := mapping.Chain(p, "b", second, b.blocks()...)
	a0 := mapping.Chain(p, "a", at, a.blocks()...)
	sum := result
	sum.Elem = tensor.Int32
	j := p.Add("", wiring.Join{In: []sched.Stream{result, result}, Out: sum})
	p.Join(a0, pipeline.Port{Node: j})
	p.Join(b0, pipeline.Port{Node: j, Port: 1})
	mapping.Chain(p, "", pipeline.Port{Node: j}, wiring.Sink{Stream: sum, Pattern: clock.Every{N: 3}})
	fifos(p, 1, 1, map[string]int{"fork.a": 300, "fork.b": 300, "b.window.array": 3, "b.join": 0, "source.fork": 0, "join.sink": 0})
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	return p
}
