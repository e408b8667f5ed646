package rtl

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// beats is a stream of so many beats.
func beats(n, lanes int) sched.Stream { return pixels(1, n, lanes, lanes) }

// partly is a stream of one pixel of so many elements, whose last beat may not be full.
func partly(elements, lanes int) sched.Stream {
	s := beats(1, lanes)
	s.Beats = int64((elements + lanes - 1) / lanes)
	s.Idle = s.Frame()*int64(lanes) - int64(elements)
	return s
}

// runConverter runs a width converter. Those that do not know of frames see all
// frames as one, whose last word may stay incomplete.
func runConverter(r *row) (map[string]string, error) {
	in, out, frames := r.size("in_elems"), r.size("out_elems"), r.size("frames")
	elements := r.size("frame_elems")
	perFrame := (elements + in - 1) / in
	o := clock.Options{Frames: 1, Drain: true}
	first := beats(frames*perFrame, in)
	style := r.text("style")
	if style == "axis_adapter" {
		first, o.Frames = partly(elements, in), int64(frames)
	}
	n, err := newNetwork(r, first)
	if err != nil {
		return nil, err
	}
	switch both := lcm(in, out); {
	case in == out:
	case style == "axis_adapter":
		a := wiring.Adapter{In: first, Out: partly(elements, out), Elements: int64(elements)}
		if err := a.Check(); err != nil {
			return nil, err
		}
		n.add(a)
	case style == "dwc_proto":
		n.convert(out, wiring.Generic)
	case style == "dwc" || style == "dwc_lcm":
		if in%out != 0 {
			n.convert(both, wiring.Whole)
		}
		if out%in != 0 {
			n.convert(out, wiring.Whole)
		}
	default:
		return nil, fmt.Errorf("column style: %q is none of dwc, dwc_lcm, dwc_proto, axis_adapter", style)
	}
	m, err := n.run(frames, o)
	if err != nil {
		return nil, err
	}
	return m.columns(), nil
}

func lcm(a, b int) int {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}

// convert adds a converter of a stream of one frame.
func (n *network) convert(lanes int, style wiring.WidthStyle) {
	from := n.stream
	if from.Lanes == lanes {
		return
	}
	n.add(wiring.Width{In: from, Out: beats(int(from.Frame())*from.Lanes/lanes, lanes), Style: style})
}

// requantizeFrames is how many frames requantisers were measured with.
const requantizeFrames = 3

func runThreshold(r *row) (map[string]string, error) {
	return runPipeline(r, pe.ThresholdLatency(r.size("n_thresholds"), r.int("deep_pipeline") == 1))
}

func runScale(r *row) (map[string]string, error) { return runPipeline(r, pe.ScaleLatency) }

// requantizer makes bytes of sums. What the rule is does not matter to its time.
func requantizer(f sched.Fold, latency int) pe.Requantize {
	return pe.Requantize{Fold: f, Sum: tensor.Int32, Elem: tensor.Int8, Latency: latency,
		Rule: pe.Rule{Kind: pe.Shift, Shift: []int{7}, Out: pe.Output{Range: pe.SpanOf(tensor.Int8)}}}
}

// runPipeline runs a requantiser alone.
func runPipeline(r *row, latency int) (map[string]string, error) {
	width, channels, lanes := r.size("pixels_per_frame"), r.size("channels"), r.size("pe")
	shape := conv.Shape{Batch: 1, InChannels: 1, OutChannels: channels, Groups: 1, InHeight: 1, OutHeight: 1,
		InWidth: width, OutWidth: width, Kernel: conv.Pair{H: 1, W: 1}, Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}}
	f := sched.NewFold(shape, sched.Array{PE: lanes, SIMD: 1, GroupParallel: 1}, sched.Parallel)
	n, err := newNetwork(r, f.Outputs(tensor.Int32))
	if err != nil {
		return nil, err
	}
	n.add(requantizer(f, latency))
	m, err := n.run(requantizeFrames, clock.Options{Frames: requantizeFrames})
	if err != nil {
		return nil, err
	}
	return m.columns(), nil
}

func runFIFO(r *row) (map[string]string, error) {
	n, err := newNetwork(r, beats(r.size("n_in"), 1))
	if err != nil {
		return nil, err
	}
	n.depth = r.int("depth")
	switch kind, style := r.text("kind"), r.text("ram_style"); kind {
	case "q_srl":
	case "ram_proto":
		memory, ok := map[string]pipeline.Memory{"auto": pipeline.AutoRAM, "distributed": pipeline.DistributedRAM,
			"block": pipeline.BlockRAM, "ultra": pipeline.UltraRAM}[style]
		if !ok {
			return nil, fmt.Errorf("column ram_style: %q is none of auto, distributed, block, ultra", style)
		}
		n.memory = memory
	default:
		return nil, fmt.Errorf("column kind: %q is none of q_srl, ram_proto", kind)
	}
	m, err := n.run(1, clock.Options{Frames: 1})
	if err != nil {
		return nil, err
	}
	in, out := m.ends()
	c := columns{"trace_hash": fmt.Sprintf("%016x", hash(in.Spans, out.Spans, clock.Never))}
	c.count("n_in", in.Len())
	c.count("n_out", out.Len())
	c.cycle("first_in", in.Nth(0))
	c.cycle("last_in", in.Nth(in.Len()-1))
	c.cycle("first_out", out.Nth(0))
	c.cycle("last_out", out.Nth(out.Len()-1))
	return c, nil
}
