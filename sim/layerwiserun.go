package sim

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"runtime"
	"sync"

	"github.com/sourcegraph/conc/pool"

	"github.com/convsim/convsim/internal/abreast"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/tensor"
)

// stepping is a run of all steps.
type stepping struct {
	*Layerwise
	inputs   map[string]*tensor.Tensor
	frames   int
	opt      Options
	how      clock.Options
	valuing  later
	out      *LayerwiseOutcome
	elements [][]int64 // that moved, by edge, of the steps whose values are there

	mu    sync.Mutex // of what comparing found
	wrong int        // the step of out.Wrong
}

// Run runs all steps: their times, and beside them values, each step on what those before it
// made, which are compared node by node with the definitions. Inputs are by name; the first
// axis of each are the frames.
func (l *Layerwise) Run(ctx context.Context, inputs map[string]*tensor.Tensor, o Options) (*LayerwiseOutcome, error) {
	frames := l.frames(o)
	if err := checkFrames(frames); err != nil {
		return nil, err
	}
	r := &stepping{Layerwise: l, inputs: inputs, frames: frames, opt: o, out: &LayerwiseOutcome{}, valuing: later{tell: o.Progress},
		how: clock.Options{Frames: int64(frames), EveryBeat: o.EveryBeat, Done: ctx.Done()}}
	if !o.NoValues {
		r.out.Tensors, r.out.Outputs = maps.Clone(inputs), map[string]*tensor.Tensor{}
	}
	var err error
	if o.NoValues || o.Wave != nil || runtime.GOMAXPROCS(0) < 2 {
		err = r.times(ctx, abreast.All)
	} else {
		err = beside(ctx, func(ctx context.Context) error { return r.times(ctx, runtime.GOMAXPROCS(0)-1) }, r.values)
	}
	if err == nil {
		err = r.show(ctx)
	}
	if err != nil {
		return nil, err
	}
	return r.out, ctx.Err()
}

// times solves every step twice: at the port, and with one that is never busy; so many steps at
// a time, none of which needs another.
func (r *stepping) times(ctx context.Context, most int) error {
	steps, errs := make([]StepTime, len(r.Steps)), make([]error, len(r.Steps))
	solved, mu := int64(0), sync.Mutex{}
	abreast.Do(ctx, len(steps), most, func() func(int) {
		alone := r.how
		alone.Done, alone.Work = ctx.Done(), &clock.Workspace{}
		return func(i int) {
			steps[i], errs[i] = r.time(i, alone)
			mu.Lock()
			defer mu.Unlock()
			if solved++; r.opt.Timing != nil {
				r.opt.Timing(solved, int64(len(steps)))
			}
		}
	})
	if err := cmp.Or(context.Cause(ctx), firstOf(errs)); err != nil {
		return err
	}
	if r.out.Steps = steps; r.Hardware.DRAM.Overlap && len(steps) > 0 {
		r.out.First = load(r.Steps[0])
	}
	r.valuing.now()
	return nil
}

// firstOf is the error of the first that has one.
func firstOf(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// time solves a step.
func (r *stepping) time(i int, alone clock.Options) (t StepTime, err error) {
	s, atPort := r.Steps[i], alone
	atPort.Histories = r.opt.Histories
	if t.Plan = r.machine(i); !r.Hardware.DRAM.Overlap {
		t.Load = load(s)
	}
	if t.Time, err = clock.Solve(t.Plan, atPort); err == nil {
		t.Compute, err = unhindered(s, alone)
	}
	if err != nil {
		return t, fmt.Errorf("layer %s: %w", s.Name(), err)
	}
	return t, nil
}

// values computes the values of all steps, and compares those of a step while the next ones are
// computed.
func (r *stepping) values(ctx context.Context) error {
	checks := pool.New().WithContext(ctx).WithMaxGoroutines(runtime.GOMAXPROCS(0)).WithFirstError()
	var err error
	for i := 0; i < len(r.Steps) && err == nil; i++ {
		err = r.step(ctx, i, nil, func(check func(context.Context) error) error {
			checks.Go(check)
			return nil
		})
	}
	return cmp.Or(err, checks.Wait())
}

// step runs the value plane of a step on the tensors made so far; what compares them is given to
// compare.
func (r *stepping) step(ctx context.Context, i int, watch watches, compare func(check func(context.Context) error) error) error {
	r.valuing.progress(i, len(r.Steps))
	s, part := r.Steps[i], &NetworkOutcome{}
	n, inputs := &Network{r.Hardware, s.Net}, map[string]*tensor.Tensor{}
	for _, in := range s.Graph.Inputs {
		inputs[in.Name] = r.out.Tensors[in.Name]
	}
	if err := n.values(ctx, inputs, r.frames, part, nil, watch); err != nil {
		return fmt.Errorf("layer %s: %w", s.Name(), err)
	}
	r.elements = append(r.elements, part.elements)
	maps.Copy(r.out.Tensors, part.Tensors)
	if r.opt.NoVerify {
		return nil
	}
	return compare(func(ctx context.Context) error {
		wrong, checked, err := n.verify(ctx, part, Options{Naive: r.opt.Naive})
		r.checked(i, wrong, checked, part.Second)
		return err
	})
}

// checked notes what comparing a step found.
func (r *stepping) checked(step int, wrong *WrongNode, nodes, second int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out.Checked, r.out.Second = r.out.Checked+nodes, r.out.Second+second
	if wrong != nil && (r.out.Wrong == nil || step < r.wrong) {
		r.out.Wrong, r.wrong = wrong, step
	}
}

// show draws what is wanted of the run, and ends with its values.
func (r *stepping) show(ctx context.Context) (err error) {
	how := r.how
	how.Work = &clock.Workspace{}
	turns := r.turns(r.out, how)
	for i := range turns {
		if !r.opt.NoValues && len(r.elements) == 0 {
			turns[i].values = func(w watches) error {
				return r.step(ctx, i, w, func(check func(context.Context) error) error { return check(ctx) })
			}
		}
	}
	if err = r.opt.Wave.draw(ctx, r.spans(r.out), turns...); err != nil {
		return err
	}
	if r.out.Timeline, err = r.opt.Timeline.timeline(ctx, turns...); err != nil || r.opt.NoValues {
		return err
	}
	for i, s := range r.Steps {
		if err := moves(s.Net.Plan, r.out.Steps[i].Time, r.elements[i]); err != nil {
			return fmt.Errorf("layer %s: %w", s.Name(), err)
		}
	}
	r.out.Tensors = asModel(r.plain, r.out.Tensors, r.frames)
	for _, name := range r.Graph.Outputs {
		r.out.Outputs[name] = r.out.Tensors[name]
	}
	return nil
}
