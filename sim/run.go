package sim

import (
	"context"
	"fmt"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// Options say what a run does.
type Options struct {
	Frames    int       // in a row; 0 means the batch
	NoValues  bool      // time only
	NoVerify  bool      // no comparison with the reference
	Naive     bool      // compare with the definition, however long it takes
	EveryBeat bool      // no fast-forward
	Record    bool      // keep every handshake
	Histories int       // most runs of the history of every stage and edge; 0: none
	Deeper    bool      // look for a FIFO that should be deeper
	Wave      *Waveform // nil: none
	Timeline  *Span     // nil: none
	Seed      uint64
	Paths     Paths
	Progress  func(done, total int)   // called per row of outputs, once time is known; nil for none
	Timing    func(done, total int64) // the same of the beats that come out, while time is solved
	Drawing   func(done, total int64) // and while the waveform is written
	Checking  func(done, total int)   // the same of parts of outputs, or of nodes, that are compared
}

// Outcome is a finished run.
type Outcome struct {
	Report  *Report
	Time    *clock.Result
	Output  *tensor.Tensor     // nil without values
	Records []clock.EdgeRecord // per edge, when recorded
	Wrong   *Mismatch          // the first element that is not what it should be, nil when all are
	opinion *opinion           // of the second implementation on it, nil for not asked yet
	made    *made              // nil without values

	checking func(done, total int) // told of parts compared, nil for nobody
}

// Failure says why the outputs are not accepted, nil if they are, or have not
// been checked.
func (o *Outcome) Failure() error {
	switch {
	case o.Wrong != nil:
		return o.Wrong
	case o.Report.Overflow != nil && !o.Report.Overflow.Allowed:
		return o.Report.Overflow
	}
	return nil
}

// Release leaves the memory of the output to later runs, which need not ask for new one. Nobody
// may look at it any more.
func (o *Outcome) Release() {
	if o.made == nil {
		return
	}
	for _, k := range o.made.Kernels {
		if k, ok := k.(wiring.Collector); ok {
			k.Sink().Forget()
		}
	}
	o.Output, o.made = nil, nil
}

// Run runs a layer on a hardware: time, and beside it values, which are compared with the
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
		if data, err = d.LoadData(ctx, o.Paths, o.Seed, frames); err != nil {
			return nil, err
		}
	}
	return d.Run(ctx, data, frames, o)
}

// MaxFrames is the most frames of a run: their times are kept.
const MaxFrames = 1 << 20

// checkFrames refuses more frames than can be counted; asked says that they are
// not the layer's batch.
func (d *Design) checkFrames(frames int, asked bool) error {
	wrong := func(value, allowed string) error { return d.Layer.Wrong("input.batch", value, allowed) }
	if asked {
		wrong = func(value, allowed string) error { return fmt.Errorf("--frames %s; allowed: %s", value, allowed) }
	}
	if frames < 0 || frames > MaxFrames {
		return wrong(fmt.Sprint(frames), fmt.Sprintf("0..%d", MaxFrames))
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
	out := &Outcome{}
	work := workspaces.Get().(*clock.Workspace)
	defer workspaces.Put(work)
	u := &underway{Design: d, data: data, frames: frames, opt: o, out: out, talk: later{tell: o.valuing()},
		timing: TimeOptions{EveryBeat: o.EveryBeat, Record: o.Record, Histories: o.Histories, Done: ctx.Done(), Progress: o.Timing, Work: work}}
	if err := u.begin(ctx); err != nil {
		return nil, err
	}
	if err := u.show(ctx); err != nil {
		return nil, err
	}
	if data == nil {
		return out, ctx.Err()
	}
	defer func() { out.Report.OutputSHA256 = out.made.hash() }()
	if !o.NoVerify {
		if o.Naive {
			out.Report.VerifiedBy = ByDefinition
		}
		out.checking = o.Checking
		if err := d.verify(ctx, data, frames, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Constants are the tensors the plan's blocks keep, by node.
func (d *Design) Constants(data *Data) []flow.Constants {
	list := make([]flow.Constants, len(d.Plan.Nodes))
	for i, n := range d.Plan.Nodes {
		switch n.Block.(type) {
		case wiring.Source:
			list[i] = flow.Constants{"images": data.Input}
		case pe.Weights:
			list[i] = flow.Constants{"weight": data.Weight}
		case pe.Array:
			list[i] = d.arrayConstants(data)
		}
	}
	return list
}

// arrayConstants are the tensors the arrays keep.
func (d *Design) arrayConstants(data *Data) flow.Constants {
	c := flow.Constants{"weight": data.Weight, "bias": data.Bias}
	if zero := d.Layer.ZeroPoint.Weight; len(zero) > 0 {
		values := make([]int32, len(zero))
		for i, v := range zero {
			values[i] = int32(v)
		}
		c["weight_zero"], _ = tensor.From(tensor.Int32, values, len(values))
	}
	return c
}

// moves checks that, on every edge, the value plane moved as many elements as
// the time plane moved beats, times the lanes of a beat. Beats of the last
// frame that no output needs may come after the end of the run's time.
func moves(plan *pipeline.Plan, t *clock.Result, elements []int64) error {
	for i, e := range t.Edges[:min(len(t.Edges), len(plan.Edges))] {
		lanes := int64(plan.Edges[i].Stream.Lanes)
		if n := elements[i]; n != (e.Beats+e.Unneeded)*lanes {
			return fmt.Errorf("sim: on %s %d elements moved, but %d beats of %d lanes", e.Name, n, e.Beats+e.Unneeded, lanes)
		}
	}
	return nil
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

// images returns how many images the input tensor holds, of the given number of
// elements each.
func images(data *Data, perImage int) int {
	if perImage == 0 {
		return 0
	}
	return data.Input.Len() / perImage
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

// accumulatorUse reports how wide the accumulators had to be.
func (d *Design) accumulatorUse(held pe.Span) *AccumulatorUse {
	a := d.Accumulator()
	u := &AccumulatorUse{Bits: a.Bits, Overflow: string(d.Hardware.Accumulator.Overflow), Min: held.Min, Max: held.Max,
		NeededBits: held.NeededBits()}
	lo, hi := a.Range()
	u.Overflowed = held.Min < lo || held.Max > hi
	return u
}
