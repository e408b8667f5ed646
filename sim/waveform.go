package sim

import (
	"cmp"
	"context"
	"errors"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/pipeline/probe"
)

// Waveform says what is shown of a run cycle by cycle, and where that goes.
type Waveform struct {
	From, To clock.Cycle            // the cycles shown, To not included
	Edge     func(name string) bool // whether an edge is; nil: all are

	NoData bool // show no elements, though values run

	// Write calls play once, with the form of what is shown, and puts what that writes
	// where it belongs if play returns no error.
	Write func(play func(probe.Form) error) error
}

// watches is what sees the elements of edges while values run.
type watches map[int]func(flow.Slab)

// draw writes the waveform of a run, if it is wanted: once more
// through time, with the values beside it, if they run, which are told what else sees
// them.
func (w *Waveform) draw(ctx context.Context, p *pipeline.Plan, run clock.Options, r *clock.Result, values func(watches) error) error {
	if w == nil {
		if values == nil {
			return nil
		}
		return values(nil)
	}
	o := probe.Options{From: w.From, To: w.To, Edge: w.Edge, Run: r}
	write := func() error {
		return w.Write(func(form probe.Form) error { return probe.Write(p, run, o, form) })
	}
	if values == nil || w.NoData || run.Frames == 0 {
		err := write()
		if values != nil {
			err = cmp.Or(values(nil), err)
		}
		return cmp.Or(context.Cause(ctx), err)
	}
	o.Values = probe.NewValues(p, o)
	written := make(chan error, 1)
	go func() {
		defer o.Values.Stop()
		written <- write()
	}()
	err := values(o.Values.Watch())
	o.Values.End(err)
	failed := <-written
	return cmp.Or(context.Cause(ctx), err, failed)
}

// ofDeadlock writes the waveform of a run that stopped, if it is wanted, and returns why
// that did.
func (w *Waveform) ofDeadlock(ctx context.Context, p *pipeline.Plan, run clock.Options, err error) error {
	var dead *clock.Deadlock
	if w == nil || !errors.As(err, &dead) {
		return err
	}
	if failed := w.draw(ctx, p, run, dead.Stopped, nil); failed != nil {
		return errors.Join(err, failed)
	}
	return err
}
