package sim

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/mapping"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// Options say what a run does.
type Options struct {
	Frames    int  // in a row; 0 means the batch
	NoValues  bool // time only
	NoVerify  bool // no comparison with the reference
	EveryBeat bool // no fast-forward
	Record    bool // keep every handshake
	Seed      uint64
	Paths     Paths
	Progress  func(done, total int) // called per row of outputs, from one goroutine; nil for none
}

// Outcome is a finished run.
type Outcome struct {
	Report  *Report
	Output  *tensor.Tensor     // nil without values
	Records []clock.EdgeRecord // per edge, when recorded
	Wrong   *Mismatch          // the first element that is not what it should be, nil when all are
}

// Run runs a layer on a hardware: first time, so that a design that deadlocks
// never starts its goroutines, then values, which are compared with the
// reference and with the expected output if one is given.
func Run(ctx context.Context, hw *configs.Hardware, layer *configs.Layer, o Options) (*Outcome, error) {
	d, err := NewDesign(hw, layer)
	if err != nil {
		return nil, err
	}
	frames := o.Frames
	if frames == 0 {
		frames = d.Fold.Shape.Batch
	}
	if err := d.checkFrames(frames, o.Frames != 0); err != nil {
		return nil, err
	}
	var data *Data
	if !o.NoValues {
		if data, err = d.loadData(ctx, o.Paths, o.Seed, frames); err != nil {
			return nil, err
		}
	}
	return d.Run(ctx, data, frames, o)
}

// maxFrames is the most frames of a run: their times are kept.
const maxFrames = 1 << 20

// checkFrames refuses more frames than can be counted; asked says that they are
// not the layer's batch.
func (d *Design) checkFrames(frames int, asked bool) error {
	wrong := func(value, allowed string) error { return d.Layer.Wrong("input.batch", value, allowed) }
	if asked {
		wrong = func(value, allowed string) error { return fmt.Errorf("--frames %s; allowed: %s", value, allowed) }
	}
	if frames < 0 || frames > maxFrames {
		return wrong(fmt.Sprint(frames), fmt.Sprintf("0..%d", maxFrames))
	}
	if beats := d.MostBeats(frames); beats > mapping.MaxCycles {
		return wrong(fmt.Sprintf("%d: a stage moves %.3g beats", frames, beats), "at most 2^52 beats")
	}
	if _, err := d.Layer.Conv.Resolve(frames, d.Layer.Height, d.Layer.Width); err != nil {
		return wrong(fmt.Sprintf("%d: %v", frames, err), "fewer frames")
	}
	return nil
}

// Run runs the design on data, nil for time only. With more frames than data
// has images, images are taken again from the first on. Cancelling ctx ends the
// run early, with its error.
func (d *Design) Run(ctx context.Context, data *Data, frames int, o Options) (*Outcome, error) {
	t, err := d.Time(int64(frames), TimeOptions{EveryBeat: o.EveryBeat, Record: o.Record, Done: ctx.Done()})
	if err != nil {
		return nil, cmp.Or(context.Cause(ctx), err)
	}
	out := &Outcome{Report: d.report(t, int64(frames)), Records: t.Records}
	if data == nil {
		return out, ctx.Err()
	}
	if err := d.values(ctx, data, frames, t, out, o.Progress); err != nil {
		return nil, err
	}
	out.Report.OutputSHA256 = sha(out.Output)
	if !o.NoVerify {
		out.Wrong, err = d.verify(ctx, data, frames, out)
		if err != nil {
			return nil, err
		}
		ok := out.Wrong == nil
		out.Report.Verified = &ok
		out.Report.ExpectMet = ok && data.Expect != nil
	}
	return out, nil
}

// values runs the value plane and puts its output into out.
func (d *Design) values(ctx context.Context, data *Data, frames int, t *clock.Result, out *Outcome, progress func(done, total int)) error {
	if d.Layer.DType.Input.IsFloat() {
		p := d.floatPlane(data, frames)
		p.progress = progress
		y, err := p.run(ctx)
		if err != nil {
			return err
		}
		out.Output, err = tensor.From(tensor.Float32, y, d.outputShape(data, frames)...)
		return cmp.Or(err, p.moves(d.Plan, t))
	}
	var held spanOf
	p, err := d.intPlane(data, frames, &held)
	if err != nil {
		return err
	}
	p.progress = progress
	y, err := p.run(ctx)
	if err != nil {
		return err
	}
	out.Report.Accumulator = d.accumulatorUse(held.span)
	out.Output, err = integers(d.Layer.DType.Output, y, d.outputShape(data, frames))
	return cmp.Or(err, p.moves(d.Plan, t))
}

// integers makes a tensor of y, which it may keep.
func integers(dtype tensor.DType, y []int32, shape []int) (*tensor.Tensor, error) {
	if dtype == tensor.Int32 {
		return tensor.From(dtype, y, shape...)
	}
	return tensor.FromInt32s(dtype, y, shape...)
}

// outputShape is NCHW, or CHW when the input was.
func (d *Design) outputShape(data *Data, frames int) []int {
	shape := slices.Clone(d.Fold.Shape.OutputShape())
	shape[0] = frames
	if data.Unbatched && frames == 1 {
		return shape[1:]
	}
	return shape
}

// accumulator is the register outputs are summed up in.
func (d *Design) accumulator() conv.Accumulator {
	a := d.Hardware.Accumulator
	return conv.Accumulator{Bits: a.Bits, Saturate: a.Overflow == configs.Saturate}
}

// images returns how many images the input tensor holds, and where image i is.
func images(data *Data, perImage int) int {
	if perImage == 0 {
		return 0
	}
	return data.Input.Len() / perImage
}

func (d *Design) intPlane(data *Data, frames int, held *spanOf) (*plane[int32], error) {
	s := d.Fold.Shape
	zero := int32(d.Layer.ZeroPoint.Input)
	perImage := s.InChannels * s.InHeight * s.InWidth
	have := images(data, perImage)
	requantizer, err := d.requantizer()
	if err != nil {
		return nil, d.Layer.Locate(err)
	}
	x := pe.SpanOf(d.Layer.DType.Input).Minus(int64(zero))
	p := &plane[int32]{fold: d.Fold, frames: frames}
	p.data = operands[int32]{weights: d.weights(data), row: func(dst []int32, image, channel, y int) []int32 {
		at := (image%have)*perImage + (channel*s.InHeight+y)*s.InWidth
		dst = data.Input.Int32s(dst, at, s.InWidth)
		for i := range dst {
			dst[i] -= zero
		}
		return dst
	}}
	if data.Bias != nil {
		p.data.bias = data.Bias.Int32s(nil, 0, data.Bias.Len())
	}
	acc := d.accumulator()
	p.kernel = func(rows [][]int32, bias []int32, beats pe.Beats) pe.Kernel[int32] {
		w := pe.NewIntWeights(rows, bias, beats, acc, x)
		return func(dst, x []int32, vectors int) { held.add(w.Multiply(dst, x, vectors)) }
	}
	if requantizer != nil {
		p.requantize = func(ctx context.Context, rows int, in, out *flow.Stream[int32]) error {
			return pe.RequantizeValues(ctx, d.Fold, rows, requantizer, in, out)
		}
	}
	return p, nil
}

func (d *Design) floatPlane(data *Data, frames int) *plane[float32] {
	s := d.Fold.Shape
	perImage := s.InChannels * s.InHeight * s.InWidth
	have := images(data, perImage)
	p := &plane[float32]{fold: d.Fold, frames: frames}
	p.data = operands[float32]{
		weights: data.Weight.Float32s(nil, 0, data.Weight.Len()),
		row: func(dst []float32, image, channel, y int) []float32 {
			return data.Input.Float32s(dst, (image%have)*perImage+(channel*s.InHeight+y)*s.InWidth, s.InWidth)
		}}
	if data.Bias != nil {
		p.data.bias = data.Bias.Float32s(nil, 0, data.Bias.Len())
	}
	p.kernel = func(rows [][]float32, bias []float32, beats pe.Beats) pe.Kernel[float32] {
		return pe.NewFloatWeights(rows, bias, beats).Multiply
	}
	return p
}

// weights returns the integer weights with their zero points taken off.
func (d *Design) weights(data *Data) []int32 {
	w := data.Weight.Int32s(nil, 0, data.Weight.Len())
	zero := d.Layer.ZeroPoint.Weight
	if len(zero) == 0 {
		return w
	}
	per := len(w) / d.Fold.Shape.OutChannels
	for i := range w {
		w[i] -= int32(zero[(i/per)%len(zero)])
	}
	return w
}

// requantizer returns the layer's rule, nil if the output is the accumulators.
func (d *Design) requantizer() (pe.Requantizer, error) {
	q := d.Layer.Requantize
	if q == nil {
		return nil, nil
	}
	out := pe.Output{ZeroPoint: int32(q.OutputZeroPoint), Range: pe.SpanOf(q.DType)}
	channels := d.Fold.Shape.OutChannels
	scales := pe.Scales{Input: q.InputScale, Output: q.OutputScale, Weight: q.WeightScale}
	switch q.Rule {
	case configs.ONNX:
		return pe.NewONNX(scales, channels, out)
	case configs.TFLite:
		return pe.NewTFLite(scales, channels, out)
	case configs.Shift:
		return pe.NewShift(q.Shift, channels, out)
	}
	return nil, fmt.Errorf("sim: requantisation rule %q", q.Rule)
}

// accumulatorUse reports how wide the accumulators had to be.
func (d *Design) accumulatorUse(held pe.Span) *AccumulatorUse {
	a := d.accumulator()
	u := &AccumulatorUse{Bits: a.Bits, Overflow: string(d.Hardware.Accumulator.Overflow), Min: held.Min, Max: held.Max,
		NeededBits: held.NeededBits()}
	lo, hi := a.Range()
	u.Overflowed = held.Min < lo || held.Max > hi
	return u
}
