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

	// Write calls play once, with what begins the waveform, and puts what that writes
	// where it belongs if play returns no error.
	Write func(play func(open probe.Open) error) error
}

// watches is what sees the elements of edges while values run.
type watches map[int]func(flow.Slab)

// draw writes the waveform of a run of so many cycles, if it is wanted: once more
// through time, with the values beside it, if they run, which are told what else sees
// them.
func (w *Waveform) draw(ctx context.Context, p *pipeline.Plan, run clock.Options, total clock.Cycle, values func(watches) error) error {
	if w == nil {
		if values == nil {
			return nil
		}
		return values(nil)
	}
	o := probe.Options{From: w.From, To: w.To, Edge: w.Edge, Total: total}
	write := func() error {
		return w.Write(func(open probe.Open) error { return probe.Write(p, run, o, open) })
	}
	if values == nil || run.Frames == 0 {
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
	if failed := w.draw(ctx, p, run, dead.Stopped.Total, nil); failed != nil {
		return errors.Join(err, failed)
	}
	return err
}
