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

// data reports whether a waveform shows elements.
func (w *Waveform) data() bool { return w != nil && !w.NoData }

// valuing is who is told how far values are: nobody where a waveform shows them, since then
// they are as far as that is.
func (o Options) valuing() func(done, total int) {
	if o.Wave.data() {
		return nil
	}
	return o.Progress
}

// watches is what sees the elements of edges while values run.
type watches map[int]func(flow.Slab)

// turn is a machine at work, and what runs its values, nil if none do.
type turn struct {
	*probe.Turn
	values func(watches) error
}

// only is the turn of a machine that is alone.
func only(p *pipeline.Plan, run clock.Options, r *clock.Result, values func(watches) error) turn {
	return turn{&probe.Turn{Plan: p, Run: run, Result: r}, values}
}

// draw writes the waveform of a run, if it is wanted: once more through time, turn by
// turn, with the values beside it, if they run, which are told what else sees them.
func (w *Waveform) draw(ctx context.Context, spans []probe.Span, turns ...turn) error {
	if w == nil {
		for _, t := range turns {
			if err := t.run(nil); err != nil {
				return err
			}
		}
		return nil
	}
	o := probe.Options{From: w.From, To: w.To, Edge: w.Edge, Spans: spans}
	var list []*probe.Turn
	for _, t := range turns {
		if t.values != nil && w.data() {
			t.Values = probe.NewValues(t.Turn, o)
		}
		list = append(list, t.Turn)
	}
	err := w.Write(func(form probe.Form) error {
		shown := probe.New(list, o, form)
		for _, t := range turns {
			if err := t.show(shown); err != nil {
				return err
			}
		}
		return shown.Close()
	})
	return cmp.Or(context.Cause(ctx), err)
}

// run runs the values of a turn.
func (t turn) run(w watches) error {
	if t.values == nil {
		return nil
	}
	return t.values(w)
}

// show shows a turn while its values run.
func (t turn) show(p *probe.Probe) error {
	if t.Values == nil {
		if err := p.Show(t.Turn); err != nil {
			return err
		}
		return t.run(nil)
	}
	shown := make(chan error, 1)
	go func() {
		defer t.Values.Stop()
		shown <- p.Show(t.Turn)
	}()
	err := t.run(t.Values.Watch())
	t.Values.End(err)
	return cmp.Or(err, <-shown)
}

// ofDeadlock writes the waveform of a run that stopped, if it is wanted, and returns why
// that did.
func (w *Waveform) ofDeadlock(ctx context.Context, p *pipeline.Plan, run clock.Options, err error) error {
	var dead *clock.Deadlock
	if w == nil || !errors.As(err, &dead) {
		return err
	}
	if failed := w.draw(ctx, nil, only(p, run, dead.Stopped, nil)); failed != nil {
		return errors.Join(err, failed)
	}
	return err
}
