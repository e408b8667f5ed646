package sim

import (
	"fmt"
	"math/rand/v2"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/stepsim"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Timing is a layer's hardware with the FIFOs between its stages.
type Timing struct {
	mapping.Conv
	Frames      int64
	Requantize  bool
	FIFODepth   int // of every edge that EdgeDepths does not name
	FIFOLatency int
	EdgeDepths  map[string]int
}

// plan puts the layer between its ports.
func (t Timing) plan(source, sink clock.Pattern) *pipeline.Plan {
	t.Elem, t.Weight, t.Sum = tensor.Int8, tensor.Int8, tensor.Int32
	if t.Requantize {
		t.Conv.Requantize = &pe.Requantize{Sum: tensor.Int32, Elem: tensor.Int8}
	}
	list := t.Conv.Blocks()
	first, _ := list[0].Streams()
	_, last := list[len(list)-1].Streams()
	p := &pipeline.Plan{}
	at := mapping.Chain(p, "", mapping.Nowhere, wiring.Source{Stream: first[0], Pattern: source})
	mapping.Chain(p, "", mapping.Chain(p, "", at, list...), wiring.Sink{Stream: last[0], Pattern: sink})
	for i := range p.Edges {
		e := &p.Edges[i]
		depth, ok := t.EdgeDepths[e.Name]
		if !ok {
			depth = t.FIFODepth
		}
		e.Depth, e.Latency = depth, t.FIFOLatency
	}
	if err := p.Check(); err != nil {
		panic(err)
	}
	return p
}

// design is a random layer on a random hardware between random handshake
// patterns.
type design struct {
	Timing       Timing
	Source, Sink pattern
}

// pattern makes the same gate for both simulators: every N cycles from M on,
// N open and M shut, seed N, N bytes per cycle for beats of M, or the listed
// cycles again every N.
type pattern struct {
	Kind   string
	N, M   int64
	Cycles []int64
}

func (p pattern) String() string { return fmt.Sprintf("%s %d/%d %v", p.Kind, p.N, p.M, p.Cycles) }

func (p pattern) gate() clock.Pattern {
	switch p.Kind {
	case "every":
		return clock.Every{N: clock.Cycle(p.N), Phase: clock.Cycle(p.M)}
	case "burst":
		return clock.Burst{On: clock.Cycle(p.N), Off: clock.Cycle(p.M)}
	case "random":
		return clock.Random{Seed: uint32(p.N)}
	case "bytes":
		g, err := clock.NewRate(float64(p.N), int(p.M))
		if err != nil {
			panic(err)
		}
		return g
	case "list":
		l := clock.List{Repeat: clock.Cycle(p.N)}
		for _, c := range p.Cycles {
			l.Cycles = append(l.Cycles, clock.Cycle(c))
		}
		return l
	}
	return clock.Always{}
}

func (p pattern) step() stepsim.Gate {
	switch p.Kind {
	case "every":
		return stepsim.Every{N: p.N, Phase: p.M}
	case "burst":
		return stepsim.Burst{On: p.N, Off: p.M}
	case "random":
		return stepsim.Random{Seed: uint32(p.N)}
	case "bytes":
		return stepsim.Bytes{PerCycle: p.N, PerBeat: p.M}
	case "list":
		l := stepsim.Listed{Period: stepsim.Cycle(p.N)}
		for _, c := range p.Cycles {
			l.Cycles = append(l.Cycles, stepsim.Cycle(c))
		}
		return l
	}
	return stepsim.Full{}
}

// bounds of random designs.
type bounds struct {
	height, width int // of the image
	channels      int // per group
	slow          int64
	random        bool // handshakes that never repeat are allowed
	groups        int  // more than a few of them: so many at most
}

func randomPattern(r *rand.Rand, b bounds) pattern {
	kinds := []string{"full", "full", "full", "every", "burst", "bytes", "list"}
	if b.random {
		kinds = append(kinds, "random")
	}
	p := pattern{Kind: kinds[r.IntN(len(kinds))]}
	switch p.Kind {
	case "every":
		p.N = 1 + r.Int64N(b.slow)
		p.M = r.Int64N(p.N)
	case "burst":
		p.N, p.M = 1+r.Int64N(b.slow), r.Int64N(b.slow)
	case "random":
		p.N = r.Int64N(1 << 31)
	case "bytes":
		p.M = 1 + r.Int64N(2*b.slow)
		p.N = 1 + r.Int64N(p.M+2)
	case "list":
		p.N = 1 + r.Int64N(2*b.slow)
		for c := range p.N {
			if r.IntN(3) == 0 || c == p.N-1 && len(p.Cycles) == 0 {
				p.Cycles = append(p.Cycles, c)
			}
		}
	}
	return p
}

const mostCycles = 60000 // of computing, to keep a test of thousands short

// randomDesign draws a legal design.
func randomDesign(r *rand.Rand, b bounds) design {
	for {
		layer := randomLayer(r, b)
		shape, err := layer.Resolve(1, 1+r.IntN(b.height), 1+r.IntN(b.width))
		if err != nil {
			continue
		}
		style := sched.Style(r.IntN(2))
		if b.groups > 0 {
			style = sched.Serial
		}
		array := sched.Array{PE: 1 + r.IntN(4), SIMD: 1 + r.IntN(4), GroupParallel: 1 + r.IntN(3)}
		t := Timing{Conv: mapping.Conv{Fold: sched.NewFold(shape, array, style)}, Frames: 1 + r.Int64N(4)}
		t.Overlap, t.Requantize, t.FIFODepth, t.FIFOLatency = r.IntN(2) == 0, r.IntN(3) == 0, randomDepth(r), 1+r.IntN(3)
		t.ArrayLatency = randomLatency(r)
		t.EdgeDepths = map[string]int{"pad.window": randomDepth(r), "window.array": randomDepth(r)}
		if t.Fold.Style == sched.Serial && r.IntN(3) == 0 {
			least := t.Fold.LeastWindowDepth()
			t.BufferDepth = least + r.Int64N(t.Fold.WindowDepth()-least+3)
		}
		if t.Fold.ComputeCycles()*t.Frames > mostCycles {
			continue
		}
		return design{t, randomPattern(r, b), randomPattern(r, b)}
	}
}

// randomLatency is that of a core of FINN, or another.
func randomLatency(r *rand.Rand) int {
	return []int{1, 3, 3, 3, 5, 6, 7, 8, 9, 2 + r.IntN(63)}[r.IntN(10)]
}

func randomDepth(r *rand.Rand) int {
	return []int{0, 0, 1, 2, 2, 3, 5, 9, 40}[r.IntN(9)]
}

func randomLayer(r *rand.Rand, b bounds) conv.Conv2d {
	pair := func(n int) conv.Pair { return conv.Pair{H: 1 + r.IntN(n), W: 1 + r.IntN(n)} }
	groups := 1 + r.IntN(4)
	if b.groups > 0 {
		groups = b.groups/4 + r.IntN(b.groups*3/4)
	}
	l := conv.Conv2d{Groups: groups, InChannels: groups * (1 + r.IntN(b.channels)), OutChannels: groups * (1 + r.IntN(b.channels)),
		Kernel: pair(4), Stride: pair(3), Dilation: pair(3), PaddingMode: conv.PaddingMode(r.IntN(4))}
	if r.IntN(4) == 0 {
		l.Stride = pair(min(b.height, b.width))
	}
	side := func() int { return max(0, r.IntN(6)-2) }
	l.Padding.Sides = conv.Sides{Top: side(), Bottom: side(), Left: side(), Right: side()}
	return l
}

// chain describes the design to the cycle-stepped simulator.
func (d design) chain() (stepsim.Chain, []string) {
	t, s := d.Timing, d.Timing.Fold.Shape
	a := t.Fold.Array
	l := stepsim.Layer{H: s.InHeight, W: s.InWidth, InChannels: s.InChannels, OutChannels: s.OutChannels,
		Groups: s.Groups, KH: s.Kernel.H, KW: s.Kernel.W, SH: s.Stride.H, SW: s.Stride.W,
		DH: s.Dilation.H, DW: s.Dilation.W, Top: s.Pad.Top, Bottom: s.Pad.Bottom, Left: s.Pad.Left, Right: s.Pad.Right,
		Mode: stepsim.PadMode(s.PaddingMode), GroupParallel: a.GroupParallel, SIMD: a.SIMD, PE: a.PE,
		Parallel: t.Fold.Style == sched.Parallel, FrameOverlap: t.Overlap}
	stages := l.Stages()
	if w, ok := stages[len(stages)-2].(stepsim.Window); ok && !w.Parallel {
		w.Depth = int(t.BufferDepth)
		if w.Depth == 0 {
			w.Depth = min(w.DefaultDepth(), int(t.Fold.PaddedBeats())) // never more than a frame
		}
		stages[len(stages)-2] = w
	}
	array := stages[len(stages)-1].(stepsim.Array)
	array.Latency = t.ArrayLatency
	stages[len(stages)-1] = array
	names := []string{"source"}
	if len(stages) == 3 {
		names = append(names, "pad")
	}
	names = append(names, "window", "array")
	if t.Requantize {
		stages = append(stages, stepsim.Requant{})
		names = append(names, "requantize")
	}
	names = append(names, "sink")
	stages = append(append([]stepsim.Stage{stepsim.Source{Gate: d.Source.step(), Beats: int(t.Fold.InputBeats())}}, stages...),
		stepsim.Sink{Gate: d.Sink.step()})
	c := stepsim.Chain{Frames: int(t.Frames), Handshakes: true}
	var edges []string
	for i, st := range stages {
		c.Stages = append(c.Stages, st)
		if i+1 < len(stages) {
			edge := names[i] + "." + names[i+1]
			edges = append(edges, edge)
			depth, ok := t.EdgeDepths[edge]
			if !ok {
				depth = t.FIFODepth
			}
			if depth > 0 {
				c.Stages = append(c.Stages, stepsim.FIFO{Depth: depth, Latency: t.FIFOLatency})
			}
		}
	}
	return c, edges
}
