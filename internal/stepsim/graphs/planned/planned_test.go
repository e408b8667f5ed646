// Package planned holds the time plane to the cycle-stepped simulator on the random designs of package graphs.
package planned

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/stepsim"
	"github.com/convsim/convsim/internal/stepsim/graphs"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

const elem = tensor.Int32

func stream(s graphs.Stream) sched.Stream {
	return sched.Stream{Elem: elem, Lanes: s.Lanes, Rows: int64(s.H), Pixels: int64(s.W), Beats: int64(s.Folds())}
}

func pattern(g stepsim.Gate) clock.Pattern {
	switch g := g.(type) {
	case stepsim.Every:
		return clock.Every{N: clock.Cycle(g.N), Phase: clock.Cycle(g.Phase)}
	case stepsim.Random:
		return clock.Random{Seed: g.Seed}
	case stepsim.Burst:
		return clock.Burst{On: clock.Cycle(g.On), Off: clock.Cycle(g.Off)}
	}
	return clock.Always{}
}

// convolution is a layer's hardware.
func convolution(l stepsim.Layer) mapping.Conv {
	pair := func(h, w int) conv.Pair { return conv.Pair{H: max(1, h), W: max(1, w)} }
	c := conv.Conv2d{InChannels: l.InChannels, OutChannels: l.OutChannels, Kernel: pair(l.KH, l.KW), Stride: pair(l.SH, l.SW),
		Dilation: pair(l.DH, l.DW), Groups: max(1, l.Groups), PaddingMode: map[stepsim.PadMode]conv.PaddingMode{
			stepsim.ZeroMode: conv.Zeros, stepsim.ReplicateMode: conv.Replicate}[l.Mode],
		Padding: conv.Padding{Sides: conv.Sides{Top: l.Top, Bottom: l.Bottom, Left: l.Left, Right: l.Right}}}
	shape, err := c.Resolve(1, l.H, l.W)
	if err != nil {
		panic(err)
	}
	style := sched.Serial
	if l.Parallel {
		style = sched.Parallel
	}
	a := sched.Array{PE: max(1, l.PE), SIMD: max(1, l.SIMD), GroupParallel: max(1, l.GroupParallel)}
	latency := l.Latency
	if latency == 0 {
		latency = 3
	}
	return mapping.Conv{Fold: sched.NewFold(shape, a, style), Elem: elem, Weight: elem, Sum: elem, Overlap: l.FrameOverlap, ArrayLatency: latency}
}

// blocks are a node's blocks; nil if the time plane lacks one.
func blocks(d graphs.Design, n graphs.Node) []pipeline.Block {
	in := func(i int) sched.Stream { return stream(d.Edges[n.In[i]].Stream) }
	out := func(i int) sched.Stream { return stream(d.Edges[n.Out[i]].Stream) }
	one := func(b pipeline.Block) []pipeline.Block { return []pipeline.Block{b} }
	var ins []sched.Stream
	for i := range n.In {
		ins = append(ins, in(i))
	}
	switch b := n.Block.(type) {
	case stepsim.Source:
		return one(wiring.Source{Stream: out(0), Pattern: pattern(b.Gate)})
	case stepsim.Sink:
		return one(wiring.Sink{Stream: in(0), Pattern: pattern(b.Gate)})
	case graphs.Layer:
		list := convolution(b.Layer).Blocks()
		a := list[len(list)-1].(pe.Array)
		a.Style = map[stepsim.Core]pe.Style{stepsim.CoreDev: pe.Queued, stepsim.CoreMain: pe.Frozen, stepsim.CoreOld: pe.FrozenLate}[b.Core]
		return append(list[:len(list)-1:len(list)-1], a)
	case graphs.Pool:
		l := stepsim.Layer{H: b.In.H, W: b.In.W, InChannels: b.In.C, OutChannels: b.In.C, Groups: b.In.C, GroupParallel: b.In.Lanes,
			KH: b.KH, KW: b.KW, SH: b.SH, SW: b.SW, Top: b.Top, Bottom: b.Bottom, Left: b.Left, Right: b.Right,
			Parallel: b.Parallel, FrameOverlap: b.FrameOverlap}
		c := convolution(l)
		list := c.Blocks()
		return append(list[:len(list)-1:len(list)-1], pe.Reduce{Fold: c.Fold, Elem: elem})
	case stepsim.Fork:
		return one(wiring.Fork{Stream: in(0), Branches: len(n.Out), Style: map[stepsim.ForkStyle]wiring.ForkStyle{
			stepsim.AllOrNothing: wiring.AllOrNothing, stepsim.Tap: wiring.Tap}[b.Style]})
	case stepsim.Join:
		return one(wiring.Join{In: ins, Out: out(0)})
	case stepsim.Eltwise:
		return one(wiring.Join{In: ins, Out: out(0), Queued: true})
	case stepsim.Concat:
		return one(wiring.Concat{In: ins})
	case stepsim.Split:
		s := wiring.Split{Drop: b.Drop}
		for _, beats := range b.Beats {
			part := in(0)
			part.Beats = int64(beats)
			s.Out = append(s.Out, part)
		}
		return one(s)
	case stepsim.Dwc:
		return one(wiring.Width{In: in(0), Out: out(0)})
	case stepsim.DwcProto:
		return one(wiring.Width{In: in(0), Out: out(0), Style: wiring.Generic})
	case stepsim.Credits, stepsim.Requant:
		s := d.Edges[n.In[0]].Stream
		shape := conv.Shape{Batch: 1, InChannels: 1, OutChannels: s.C, Groups: 1, InHeight: s.H, OutHeight: s.H, InWidth: s.W, OutWidth: s.W,
			Kernel: conv.Pair{H: 1, W: 1}, Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}}
		r := pe.Requantize{Fold: sched.NewFold(shape, sched.Array{PE: s.Lanes, SIMD: 1, GroupParallel: 1}, sched.Parallel), Sum: elem, Elem: elem}
		if c, ok := b.(stepsim.Credits); ok {
			r.Latency = c.Latency + 2
		}
		return one(r)
	case stepsim.Upsample:
		return one(linebuffer.Upsample{In: in(0), SY: b.SY, SX: b.SX})
	case stepsim.ZeroInsert:
		return one(linebuffer.Insert{In: in(0), SY: b.SY, SX: b.SX})
	case stepsim.Reduce:
		return one(pe.ReduceFrame{In: in(0)})
	}
	return nil
}

// plan builds a design; nil if the time plane lacks a block.
func plan(d graphs.Design) *pipeline.Plan {
	p := &pipeline.Plan{}
	from, to := make([]pipeline.Port, len(d.Edges)), make([]pipeline.Port, len(d.Edges))
	for _, n := range d.Nodes {
		list := blocks(d, n)
		if list == nil {
			return nil
		}
		first := len(p.Nodes)
		depth := 0
		if l, ok := n.Block.(graphs.Layer); ok {
			depth = l.Inner
		}
		for i, b := range list {
			at := p.Add(n.Name, b)
			if i > 0 {
				p.Edges[p.Join(pipeline.Port{Node: at - 1}, pipeline.Port{Node: at})].Depth = depth
			}
		}
		for i, e := range n.In {
			to[e] = pipeline.Port{Node: first, Port: i}
		}
		for i, e := range n.Out {
			from[e] = pipeline.Port{Node: len(p.Nodes) - 1, Port: i}
		}
	}
	for i, e := range d.Edges {
		at := pipeline.Edge{Name: e.Name, From: from[i], To: to[i], Latency: 1, Stream: stream(e.Stream)}
		switch f := e.FIFO.(type) {
		case stepsim.FIFO:
			at.Depth, at.Latency = f.Depth, max(1, f.Latency)
		case stepsim.RAMFIFO:
			at.Depth = f.Depth
			at.Memory = map[stepsim.RAMStyle]pipeline.Memory{"": pipeline.AutoRAM, stepsim.AutoRAM: pipeline.AutoRAM,
				stepsim.DistributedRAM: pipeline.DistributedRAM, stepsim.BlockRAM: pipeline.BlockRAM, stepsim.UltraRAM: pipeline.UltraRAM}[f.Style]
		}
		p.Edges = append(p.Edges, at)
	}
	if err := p.Check(); err != nil {
		panic(err)
	}
	return p
}

func cycles(t *clock.Trace) (list []stepsim.Cycle) {
	for _, s := range t.Spans {
		for c := s.First; c <= s.Last; c++ {
			list = append(list, stepsim.Cycle(c))
		}
	}
	return list
}

// TestTimeEqualsSteppingOnGraphs compares every handshake, every name of every cycle, the FIFOs' figures and deadlocks.
func TestTimeEqualsSteppingOnGraphs(t *testing.T) {
	t.Parallel()
	ran, stuck := 0, 0
	for seed := range blocktest.Designs(t, 2000) {
		d := graphs.Random(seed)
		p := plan(d)
		if p == nil {
			t.Fatalf("seed %d: the time plane lacks a block of %+v", seed, d)
		}
		ran++
		if dead, diff := compare(d, p); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		} else if dead {
			stuck++
		}
	}
	t.Logf("%d designs, %d deadlock", ran, stuck)
}

func compare(d graphs.Design, p *pipeline.Plan) (dead bool, diff string) {
	g := d.Stepped()
	g.Handshakes = true
	want, wantErr := g.Run(1 << 22)
	got, err := clock.Solve(p, clock.Options{Frames: int64(d.Frames), Record: true})
	again, _ := clock.Solve(p, clock.Options{Frames: int64(d.Frames)})
	deadlock := new(clock.Deadlock)
	dead = errors.As(err, &deadlock)
	switch {
	case dead != (wantErr != nil):
		return dead, fmt.Sprintf("stepped: %v; solved: %v", wantErr, err)
	case dead && int64(deadlock.At) != int64(want.LastMove):
		return dead, fmt.Sprintf("last moves %d, want %d", deadlock.At, want.LastMove)
	case dead:
		return dead, ""
	case err != nil:
		return dead, err.Error()
	case int64(got.Total) != int64(want.Total):
		return dead, fmt.Sprintf("total %d, want %d", got.Total, want.Total)
	}
	inner := len(p.Edges) - len(d.Edges)
	for i, f := range want.Edges[:len(d.Edges)] {
		r, u := got.Records[inner+i], got.Edges[inner+i]
		if !slices.Equal(f.In.Cycles, cycles(r.In)) || !slices.Equal(f.Out.Cycles, cycles(r.Out)) {
			return dead, fmt.Sprintf("edge %s: handshakes differ", f.Name)
		}
		if u.Depth > 0 && (u.MaxOccupancy != int64(f.FIFO.MaxOccupancy) || u.Full != int64(f.FIFO.FullCycles) || u.Empty != int64(f.FIFO.EmptyCycles)) {
			return dead, fmt.Sprintf("edge %s: %+v, want %+v (%+v)", f.Name, u, f.FIFO, p.Edges[inner+i].Memory)
		}
	}
	stages := slices.DeleteFunc(slices.Clone(want.Stages), func(s stepsim.Process) bool { return s.Kind == "fifo" })
	for i, s := range stages {
		for c, n := range s.Counts {
			if i >= len(got.Stages) || got.Stages[i].Cycles[c] != int64(n) {
				return dead, fmt.Sprintf("stage %s: %v, want %v", s.Name, got.Stages[i], s.Counts)
			}
		}
	}
	again.Skipped, again.Records = got.Skipped, got.Records
	if !reflect.DeepEqual(again, got) {
		return dead, "fast-forward changes the result"
	}
	return dead, ""
}
