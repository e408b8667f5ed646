package blocktest

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/stepsim"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// Stepped builds a plan for the cycle-stepped simulator. Edge i of the graph is
// edge i of the plan, and blocks come in the order of nodes. It panics on blocks
// that simulator does not know.
func Stepped(p *pipeline.Plan, frames int64) *stepsim.Graph {
	g := stepsim.New()
	g.Frames, g.Handshakes = int(frames), true
	for _, e := range p.Edges {
		switch {
		case e.Memory != pipeline.ShiftRegisters:
			g.Buffer(e.Name, stepsim.RAMFIFO{Depth: e.Depth, Style: memories[e.Memory]})
		case e.Depth == 0:
			g.Edge(e.Name, 0, 1)
		default:
			g.Edge(e.Name, e.Depth, e.Latency)
		}
	}
	in, out := p.Wiring()
	ports := map[clock.Share]*stepsim.Port{{}: nil}
	for i, n := range p.Nodes {
		b := stepped(n.Block)
		switch end := b.(type) {
		case stepsim.Source:
			end.Port, end.Bytes = at(ports, shareOf(n.Block)), bytes(p.Edges[out[i][0]].Stream)
			b = end
		case stepsim.Sink:
			end.Port, end.Bytes = at(ports, n.Block.(wiring.Sink).Share), bytes(p.Edges[in[i][0]].Stream)
			b = end
		}
		g.AddBlock(n.Name(), b, numbers(in[i]), numbers(out[i]))
	}
	return g
}

// memories are those of deep FIFOs.
var memories = map[pipeline.Memory]stepsim.RAMStyle{pipeline.AutoRAM: stepsim.AutoRAM, pipeline.DistributedRAM: stepsim.DistributedRAM,
	pipeline.BlockRAM: stepsim.BlockRAM, pipeline.UltraRAM: stepsim.UltraRAM}

// shareOf is the port of what brings something into a plan.
func shareOf(b pipeline.Block) clock.Share {
	if w, ok := b.(pe.Weights); ok {
		return w.Load
	}
	return b.(wiring.Source).Share
}

func at(ports map[clock.Share]*stepsim.Port, s clock.Share) *stepsim.Port {
	if _, known := ports[s]; !known {
		ports[s] = &stepsim.Port{Num: s.Num, Den: s.Den}
	}
	return ports[s]
}

func bytes(s sched.Stream) int64 { return (int64(s.Bits()) + 7) / 8 }

func numbers(list []int) (edges []stepsim.Edge) {
	for _, e := range list {
		edges = append(edges, stepsim.Edge(e))
	}
	return edges
}

func stepped(b pipeline.Block) stepsim.Block {
	switch b := b.(type) {
	case wiring.Source:
		return stepsim.Source{Gate: gate(b.Pattern), Beats: int(b.Stream.Frame())}
	case wiring.Sink:
		return stepsim.Sink{Gate: gate(b.Pattern)}
	case wiring.Fork:
		styles := map[wiring.ForkStyle]stepsim.ForkStyle{wiring.Eager: stepsim.Eager, wiring.AllOrNothing: stepsim.AllOrNothing, wiring.Tap: stepsim.Tap}
		return stepsim.Fork{Style: styles[b.Style], Branches: b.Branches}
	case wiring.Join:
		if b.Queued {
			return stepsim.Eltwise{}
		}
		return stepsim.Join{}
	case wiring.Concat:
		return stepsim.Concat{Beats: beats(b.In)}
	case wiring.Split:
		return stepsim.Split{Beats: beats(b.Out), Drop: b.Drop}
	case wiring.Width:
		if b.Style == wiring.Generic {
			return stepsim.DwcProto{In: b.In.Lanes, Out: b.Out.Lanes}
		}
		return stepsim.Dwc{In: b.In.Lanes, Out: b.Out.Lanes}
	case wiring.Adapter:
		return stepsim.Adapter{In: b.In.Lanes, Out: b.Out.Lanes, Elements: int(b.Elements)}
	case pe.Requantize:
		if b.Latency > 1 {
			return stepsim.Credits{Latency: b.Latency - 2}
		}
		return stepsim.Requant{}
	case pe.Map:
		return stepsim.Requant{}
	case pe.ReduceFrame:
		return stepsim.Reduce{Groups: int(b.In.Rows * b.In.Pixels), Folds: int(b.In.Beats)}
	}
	return steppedImage(b)
}

// steppedImage is for blocks that know of images.
func steppedImage(b pipeline.Block) stepsim.Block {
	switch b := b.(type) {
	case linebuffer.Pad:
		s := b.Fold.Shape
		return stepsim.Pad{H: s.InHeight, W: s.InWidth, Top: s.Pad.Top, Bottom: s.Pad.Bottom, Left: s.Pad.Left, Right: s.Pad.Right,
			Folds: int(b.Fold.PixelBeats())}
	case linebuffer.AddressedPad:
		s := b.Fold.Shape
		axis := map[conv.PaddingMode]func(n, before, after int) []int{conv.Reflect: stepsim.Reflect, conv.Replicate: stepsim.Replicate,
			conv.Circular: stepsim.Circular}[s.PaddingMode]
		return stepsim.AddressedPad{H: s.InHeight, W: s.InWidth, Rows: axis(s.InHeight, s.Pad.Top, s.Pad.Bottom),
			Cols: axis(s.InWidth, s.Pad.Left, s.Pad.Right), Folds: int(b.Fold.PixelBeats()), FrameOverlap: b.Overlap}
	case linebuffer.Upsample:
		return stepsim.Upsample{H: int(b.In.Rows), W: int(b.In.Pixels), SY: b.SY, SX: b.SX, Folds: int(b.In.Beats)}
	case linebuffer.Insert:
		return stepsim.ZeroInsert{H: int(b.In.Rows), W: int(b.In.Pixels), SY: b.SY, SX: b.SX, Folds: int(b.In.Beats)}
	case linebuffer.Window:
		w := window(b.Fold, b.Overlap)
		w.Depth = int(b.Depth)
		return w
	case linebuffer.ShiftWindow:
		return window(b.Fold, b.Overlap)
	case pe.Array:
		f := b.Fold
		a := stepsim.Array{SF: f.VectorBeats(), NF: f.OutFolds, Vectors: int(f.Vectors()), Latency: b.Latency,
			Core: map[pe.Style]stepsim.Core{pe.Queued: stepsim.CoreDev, pe.Frozen: stepsim.CoreMain, pe.FrozenLate: stepsim.CoreOld}[b.Style]}
		if b.Loads() {
			return stepsim.Loaded{Array: a, Tile: b.Tile}
		}
		return a
	case pe.Weights:
		tiles := b.Fold.Shape.OutHeight * b.Fold.Shape.OutWidth / max(1, b.Tile)
		return stepsim.Source{Beats: tiles * b.Fold.GroupFolds * b.Fold.OutFolds * b.Fold.VectorBeats()}
	case linebuffer.Tile:
		f := b.Fold
		return stepsim.Tile{Pass: f.VectorBeats(), Times: b.Pixels,
			Passes: f.Shape.OutHeight * f.Shape.OutWidth / b.Pixels * f.GroupFolds * f.OutFolds}
	case linebuffer.Turn:
		return stepsim.Turn{Passes: b.Fold.OutFolds, Pixels: b.Pixels, Tiles: b.Fold.Shape.OutHeight * b.Fold.Shape.OutWidth / b.Pixels}
	case pe.Reduce:
		return stepsim.Reduce{Groups: b.Fold.VectorBeats()}
	}
	panic(fmt.Sprintf("blocktest: no stepped %T", b))
}

func window(f sched.Fold, overlap bool) stepsim.Window {
	s := f.Shape
	return stepsim.Window{H: s.PaddedHeight(), W: s.PaddedWidth(), KH: s.Kernel.H, KW: s.Kernel.W, SH: s.Stride.H, SW: s.Stride.W,
		DH: s.Dilation.H, DW: s.Dilation.W, GroupFolds: f.GroupFolds, ChannelFolds: f.ChannelFolds,
		Parallel: f.Style == sched.Parallel, FrameOverlap: overlap}
}

func beats(list []sched.Stream) (n []int) {
	for _, s := range list {
		n = append(n, int(s.Beats))
	}
	return n
}

func gate(p clock.Pattern) stepsim.Gate {
	switch p := p.(type) {
	case clock.Every:
		return stepsim.Every{N: int64(p.N), Phase: int64(p.Phase)}
	case clock.Burst:
		return stepsim.Burst{On: int64(p.On), Off: int64(p.Off)}
	case clock.Random:
		return stepsim.Random{Seed: p.Seed}
	}
	return stepsim.Full{}
}
