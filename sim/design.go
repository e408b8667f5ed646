package sim

import (
	"context"
	"fmt"
	"math"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
)

// Design is one layer on one hardware, checked and folded: what the time plane
// needs, without data.
type Design struct {
	Hardware *configs.Hardware
	Layer    *configs.Layer
	Fold     sched.Fold
}

// NewDesign checks that the layer is legal and the hardware can hold it.
// Mistakes name file, line and column.
func NewDesign(hw *configs.Hardware, layer *configs.Layer) (*Design, error) {
	shape, err := layer.Shape()
	if err != nil {
		return nil, err
	}
	style := sched.Serial
	if hw.Window.Style == configs.Parallel {
		style = sched.Parallel
	}
	a := sched.Array{PE: hw.Array.PE, SIMD: hw.Array.SIMD, GroupParallel: hw.Array.GroupParallel}
	d := &Design{Hardware: hw, Layer: layer, Fold: sched.NewFold(shape, a, style)}
	return d, d.check()
}

// maxCycles bounds a run: times must stay far from the end of int64.
const maxCycles = 1 << 52

// maxVectorBeats bounds the beats of one window: the order of its taps is held
// in memory.
const maxVectorBeats = 1 << 26

func (d *Design) check() error {
	f := d.Fold
	if beats := d.mostBeats(max(1, f.Shape.Batch)); beats > maxCycles {
		return d.Layer.Wrong("input", fmt.Sprintf("a stage that moves %.3g beats", beats), fmt.Sprintf("at most 2^52 beats on %s", d.Hardware.Name))
	}
	if f.VectorBeats() > maxVectorBeats {
		return d.Layer.Wrong("kernel_size", fmt.Sprintf("a window of %d beats", f.VectorBeats()), fmt.Sprintf("at most %d beats on %s", maxVectorBeats, d.Hardware.Name))
	}
	if span := float64(f.LastTap()) + float64(f.PixelBeats()); span > math.MaxInt32 {
		return d.Layer.Wrong("kernel_size", fmt.Sprintf("a window that spans %.3g beats", span), "a window of at most 2^31-1 beats")
	}
	if depth := int64(d.Hardware.Window.BufferDepth); depth > 0 && f.Style == sched.Serial {
		if least := f.LeastWindowDepth(); depth < least {
			return d.Hardware.Wrong("window.buffer_depth", fmt.Sprint(depth),
				fmt.Sprintf("at least %d beats for layer %s (%d run without extra stalls), or 0 to compute it", least, d.Layer.Name, f.WindowDepth()))
		}
	}
	return nil
}

// mostBeats is what the busiest stage moves in so many frames, a beat a cycle
// at most.
func (d *Design) mostBeats(frames int) float64 {
	f := d.Fold
	return float64(max(f.ComputeCycles(), f.PaddedBeats(), f.OutputBeats())) * float64(frames)
}

// Timing describes the pipeline of so many frames to the time plane.
func (d *Design) Timing(frames int64) Timing {
	return Timing{Fold: d.Fold, Frames: frames, Overlap: d.Hardware.Window.FrameOverlap,
		BufferDepth: int64(d.Hardware.Window.BufferDepth), Requantize: d.Layer.Requantize != nil,
		FIFODepth: d.Hardware.FIFO.Depth, FIFOLatency: d.Hardware.FIFO.Latency, EdgeDepths: d.Hardware.FIFO.Edges,
		Rate: conv.Pair{H: 1, W: 1}, Last: true}
}

// Time solves the time plane for so many frames.
func (d *Design) Time(frames int64, o TimeOptions) (*pipeline.Result, []pipeline.EdgeTrace, error) {
	if frames == 0 {
		return &pipeline.Result{Sources: make([][]pipeline.FrameTimes, 1), Sinks: make([][]pipeline.FrameTimes, 1)}, nil, nil
	}
	g, err := d.graph(frames, "", 0, o.Done)
	if err != nil {
		return nil, nil, err
	}
	var traces []pipeline.EdgeTrace
	switch {
	case o.Trace:
		traces = g.Trace()
	case !o.EveryBeat:
		g.FastForward()
	}
	r, err := g.Run()
	if isClosed(o.Done) {
		return nil, nil, context.Canceled
	}
	if dead, ok := err.(*pipeline.Deadlock); ok {
		if err := dead.Relieve(func(edge string, depth int) (*pipeline.Graph, error) {
			return d.graph(frames, edge, depth, o.Done)
		}); err != nil {
			return nil, nil, err
		}
		if isClosed(o.Done) {
			return nil, nil, context.Canceled
		}
	}
	return r, traces, err
}

// TimeOptions say how the time plane runs.
type TimeOptions struct {
	EveryBeat bool            // no fast-forward
	Trace     bool            // record every handshake; implies EveryBeat
	Done      <-chan struct{} // closed: give up with context.Canceled; nil: never
}

// graph builds the time plane, the depth of one edge replaced if it is named.
func (d *Design) graph(frames int64, edge string, depth int, done <-chan struct{}) (*pipeline.Graph, error) {
	t := d.Timing(frames)
	if edge != "" {
		depths := map[string]int{edge: depth}
		for name, v := range t.EdgeDepths {
			if name != edge {
				depths[name] = v
			}
		}
		t.EdgeDepths = depths
	}
	source, err := d.gate("source", d.Hardware.Source, d.Fold.InLanes()*d.Layer.DType.Input.Bits())
	if err != nil {
		return nil, err
	}
	sink, err := d.gate("sink", d.Hardware.Sink, d.Fold.OutLanes()*d.Layer.DType.Output.Bits())
	if err != nil {
		return nil, err
	}
	return t.Build(stopping(source, done), stopping(sink, done))
}

// gate makes the pattern of a port whose beats have so many bits.
func (d *Design) gate(key string, h configs.Handshake, beatBits int) (pipeline.Gate, error) {
	switch h.Kind {
	case configs.Every:
		return pipeline.Every{N: pipeline.Cycle(h.Every), Phase: pipeline.Cycle(h.Phase)}, nil
	case configs.Burst:
		return pipeline.Burst{On: pipeline.Cycle(h.On), Off: pipeline.Cycle(h.Off)}, nil
	case configs.Random:
		return pipeline.NewRandom(uint32(h.Seed)), nil
	case configs.Listed:
		list := pipeline.List{Repeat: pipeline.Cycle(h.Repeat), Cycles: make([]pipeline.Cycle, len(h.Cycles))}
		for i, c := range h.Cycles {
			list.Cycles[i] = pipeline.Cycle(c)
		}
		return list, nil
	case configs.Rate:
		g, err := pipeline.NewRate(h.BytesPerCycle, (beatBits+7)/8)
		if err != nil {
			return nil, d.Hardware.Wrong(key+".bytes_per_cycle", fmt.Sprint(h.BytesPerCycle), err.Error())
		}
		return g, nil
	}
	return pipeline.Always{}, nil
}
