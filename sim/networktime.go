package sim

import (
	"context"
	"slices"
	"sync/atomic"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// timing is a run of a plan in time, in a workspace of its own. It may begin while it is still
// being found how deep FIFOs are where streams meet: with as much as they needed in the first
// frame, which mostly is what they need in the next one, too. If not, it was in vain.
type timing struct {
	plan *pipeline.Plan
	how  clock.Options
	work clock.Workspace
	time *clock.Result
	err  error

	stop  context.CancelFunc
	ended chan struct{}
	heard atomic.Bool // how far it is
}

// run solves the plan.
func (t *timing) run() {
	t.how.Work = &t.work
	t.time, t.err = clock.Solve(t.plan, t.how)
}

// beginTiming begins to run a plan, and says nothing of how far it is yet.
func beginTiming(ctx context.Context, p *pipeline.Plan, how clock.Options) *timing {
	ctx, stop := context.WithCancel(ctx)
	t := &timing{plan: p, how: how, stop: stop, ended: make(chan struct{})}
	t.how.Done = ctx.Done()
	if tell := how.Progress; tell != nil {
		t.how.Progress = func(done, total int64) {
			if t.heard.Load() {
				tell(done, total)
			}
		}
	}
	go func() {
		defer close(t.ended)
		t.run()
	}()
	return t
}

// orOf is the run, nil if none has begun, if it is that of p, or else one of that plan.
func (t *timing) orOf(p *pipeline.Plan, how clock.Options) *timing {
	if t.of(p) {
		return t
	}
	t = &timing{plan: p, how: how}
	t.run()
	return t
}

// of waits for the end of a run ahead, if there is one, and reports whether it is that of p: of a
// plan whose FIFOs are as deep. Any other is given up, as by nil.
func (t *timing) of(p *pipeline.Plan) bool {
	if t == nil {
		return false
	}
	defer t.stop()
	same := p != nil && slices.EqualFunc(t.plan.Edges, p.Edges, func(x, y pipeline.Edge) bool { return x.Depth == y.Depth })
	if t.heard.Store(same); !same {
		t.stop()
	}
	<-t.ended
	return same
}
