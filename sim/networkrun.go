package sim

import (
	"cmp"
	"context"
	"runtime"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/tensor"
)

// streaming is a run of a network.
type streaming struct {
	*Network
	valued            *Network // the same as it was planned, for values
	inputs            map[string]*tensor.Tensor
	frames            int
	opt               Options
	how               clock.Options
	valuing, checking later
	out               *NetworkOutcome
	done              bool // with values
}

// Run streams the images of the inputs through the network: time, and beside it values, which
// are compared node by node with the definitions. Inputs are by name; the first axis of
// each are the frames.
func (n *Network) Run(ctx context.Context, inputs map[string]*tensor.Tensor, o Options) (*NetworkOutcome, error) {
	frames := n.Frames()
	if o.Frames > 0 {
		frames = o.Frames
	}
	if err := checkFrames(frames); err != nil {
		return nil, err
	}
	planned := *n.Net
	s := &streaming{Network: n, valued: &Network{n.Hardware, &planned}, inputs: inputs, frames: frames, opt: o, out: &NetworkOutcome{},
		how:     clock.Options{Frames: int64(frames), EveryBeat: o.EveryBeat, Record: o.Record, Histories: o.Histories, Done: ctx.Done(), Progress: o.Timing},
		valuing: later{tell: o.valuing()}, checking: later{tell: o.Checking}}
	var err error
	if o.NoValues || o.Wave != nil || runtime.GOMAXPROCS(0) < 2 {
		err = s.solve(ctx)
	} else {
		err = beside(ctx, s.solve, func(ctx context.Context) error { return s.values(ctx, nil) })
	}
	if err == nil {
		err = s.show(ctx)
	}
	if err != nil {
		return nil, err
	}
	return s.out, ctx.Err()
}

// solve puts into out in which cycles all moves.
func (s *streaming) solve(ctx context.Context) error {
	s.how.Done = ctx.Done()
	run, err := s.settle(ctx)
	if err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	if run.err != nil {
		return cmp.Or(context.Cause(ctx), s.opt.Wave.ofDeadlock(ctx, s.Plan, s.how, relieved(s.Plan, clock.Options{Frames: s.how.Frames, Done: s.how.Done}, run.err)))
	}
	s.out.Time = run.time
	if s.out.Pace, err = Steady(s.Plan, run.time, int64(s.frames), TimeOptions{EveryBeat: s.opt.EveryBeat, Done: ctx.Done(), Work: &run.work}); err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	s.valuing.now()
	s.checking.now()
	return nil
}

// settle finds depths that are not known yet, which takes as long as two frames more, and runs
// the plan, beside that if there are processors for both.
func (s *streaming) settle(ctx context.Context) (*timing, error) {
	o := clock.Options{Done: s.how.Done}
	if tell := s.opt.Timing; tell != nil {
		settled := int64(0)
		s.how.Progress = func(done, total int64) { tell(settled+done, settled+total) }
		o.Progress = func(done, total int64) {
			settled = total
			tell(done, total+total/2*s.how.Frames)
		}
	}
	var begun *timing
	err := s.Settle(o, func(p *pipeline.Plan) {
		if runtime.GOMAXPROCS(0) > 1 {
			begun = beginTiming(ctx, p, s.how)
		}
	})
	if err != nil {
		begun.of(nil)
		return nil, err
	}
	return begun.orOf(s.Plan, s.how), nil
}

// values computes values, and what they should be.
func (s *streaming) values(ctx context.Context, w watches) error {
	s.done = true
	err := s.valued.values(ctx, s.inputs, s.frames, s.out, s.valuing.progress, w)
	if err != nil || s.opt.NoVerify {
		return err
	}
	s.out.Wrong, s.out.Checked, err = s.valued.verify(ctx, s.out, Options{Naive: s.opt.Naive, Checking: s.checking.progress})
	return err
}

// show draws what is wanted of the run, and ends with its values.
func (s *streaming) show(ctx context.Context) (err error) {
	var values func(watches) error
	if !s.opt.NoValues && !s.done {
		values = func(w watches) error { return s.values(ctx, w) }
	}
	s.how.Done, s.how.Progress = ctx.Done(), s.opt.Drawing
	shown := only(s.Plan, s.how, s.out.Time, values)
	if err := s.opt.Wave.draw(ctx, nil, shown); err != nil {
		return err
	}
	if s.out.Timeline, err = s.opt.Timeline.timeline(ctx, shown); err != nil || s.opt.NoValues {
		return err
	}
	if err := moves(s.Plan, s.out.Time, s.out.elements); err != nil {
		return err
	}
	s.out.Tensors, s.out.Outputs = asModel(s.Plain, s.out.Tensors, s.frames), asModel(s.Plain, s.out.Outputs, s.frames)
	return nil
}
