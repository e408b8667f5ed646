package sim

import (
	"cmp"
	"context"
	"runtime"
	"sync"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// underway is a run of a layer.
type underway struct {
	*Design
	data   *Data // nil for time only
	frames int
	opt    Options
	timing TimeOptions
	talk   later
	out    *Outcome
}

// workspaces are memories of runs that have ended.
var workspaces = sync.Pool{New: func() any { return new(clock.Workspace) }}

// made is what the value plane has made.
type made struct {
	*flow.Outcome
	output *tensor.Tensor
	hash   func() string // of it
}

// begin solves time, and beside it computes values and what the second implementation thinks
// of them, where there are processors for both and nobody wants to see values cycle by cycle.
func (u *underway) begin(ctx context.Context) error {
	if u.data == nil || u.opt.Wave != nil || runtime.GOMAXPROCS(0) < 2 {
		return u.solve(ctx)
	}
	come := make(chan struct{})
	output := func() *tensor.Tensor {
		if <-come; u.out.made == nil {
			return nil
		}
		return u.out.made.output
	}
	var once sync.Once
	compare := func(ctx context.Context) { // for who has nothing else to do first
		if s := u.batch(u.data, u.frames); !u.opt.NoVerify && !u.opt.Naive && s.Batch > 0 {
			once.Do(func() {
				u.out.opinion = &opinion{}
				u.out.opinion.found, u.out.opinion.ok = u.compareSecond(ctx, s, u.data, u.frames, output)
			})
		}
	}
	err := beside(ctx, func(ctx context.Context) error {
		err := u.solve(ctx)
		if err == nil {
			compare(ctx)
		}
		return err
	}, func(ctx context.Context) (err error) {
		u.out.made, err = u.values(ctx, nil)
		if close(come); err == nil {
			compare(ctx)
		}
		return err
	})
	if m := u.out.made; err != nil && m != nil {
		m.hash()
		u.out.made = nil
	}
	return err
}

// beside solves time, and does other work meanwhile: neither needs the other. What is wrong
// with time is told first, and ends the other.
func beside(ctx context.Context, solve, other func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	solved := make(chan error, 1)
	go func() {
		err := solve(ctx)
		if err != nil {
			cancel()
		}
		solved <- err
	}()
	err := other(ctx)
	return cmp.Or(<-solved, err)
}

// solve puts into out in which cycles all moves, and the report of it.
func (u *underway) solve(ctx context.Context) error {
	frames, timing := int64(u.frames), u.timing
	t, err := u.Time(frames, timing)
	if err != nil {
		return cmp.Or(context.Cause(ctx), u.opt.Wave.ofDeadlock(ctx, u.Plan, u.clock(frames, timing), err))
	}
	pace, err := Steady(u.Plan, t, frames, timing)
	if err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	out := u.out
	out.Report, out.Time, out.Records = u.report(t, frames, pace), t, t.Records
	if u.opt.Deeper {
		if out.Report.DeeperFIFO, err = u.deeper(ctx, out.Report, timing); err != nil {
			return err
		}
	}
	u.talk.now()
	return nil
}

// values runs the value plane.
func (u *underway) values(ctx context.Context, w watches) (*made, error) {
	const perNanosecond = 128 // multiply-accumulates, about
	o, err := flow.Run(ctx, u.Plan, u.Constants(u.data), flow.Options{Frames: u.frames, Watch: w, Progress: u.talk.progress,
		Work: u.Fold.Shape.MACs() / perNanosecond})
	if err != nil {
		return nil, u.Layer.Locate(err)
	}
	m := &made{Outcome: o}
	for _, k := range o.Kernels {
		if k, ok := k.(wiring.Collector); ok {
			if m.output, err = k.Sink().Tensor().Reshape(u.outputShape(u.data, u.frames)...); err != nil {
				return nil, err
			}
		}
	}
	m.hash = sync.OnceValue(func() string { return sha(m.output) })
	if u.opt.NoVerify {
		m.hash()
	} else {
		go m.hash() // while it is compared, which leaves it as it is
	}
	return m, nil
}

// keep puts into out what values were, which must have moved as many elements as time did;
// it computes them first if they are not there yet.
func (u *underway) keep(ctx context.Context, w watches) (err error) {
	out := u.out
	if out.made == nil {
		if out.made, err = u.values(ctx, w); err != nil {
			return err
		}
	}
	out.Output = out.made.output
	for _, k := range out.made.Kernels {
		if k, ok := k.(pe.Summing); ok {
			out.Report.Accumulator = u.accumulatorUse(k.Held())
		}
	}
	return moves(u.Plan, out.Time, out.made.Elements)
}

// show draws what is wanted of the run, and keeps its values.
func (u *underway) show(ctx context.Context) (err error) {
	var values func(watches) error
	if u.data != nil {
		values = func(w watches) error { return u.keep(ctx, w) }
	}
	timing := u.timing
	timing.Progress = u.opt.Drawing
	shown := only(u.Plan, u.clock(int64(u.frames), timing), u.out.Time, values)
	if err = u.opt.Wave.draw(ctx, nil, shown); err != nil {
		return err
	}
	u.out.Report.Timeline, err = u.opt.Timeline.timeline(ctx, shown)
	return err
}

// later is progress that is told once it is its turn, first of all that was done before.
type later struct {
	tell        func(done, total int) // nil for nobody
	mu          sync.Mutex
	turn        bool
	done, total int
}

// progress says that so many are done, one more than before.
func (l *later) progress(done, total int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done, l.total = done, total; l.turn && l.tell != nil {
		l.tell(done, total)
	}
}

// now says that it is the turn.
func (l *later) now() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn = true
	for done := 1; done <= l.done && l.tell != nil; done++ {
		l.tell(done, l.total)
	}
}
