package main

import (
	"context"
	"errors"
	"io"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// machine is what a run is of, for what is told of it whether or not it finishes.
type machine struct {
	plan                   func() *pipeline.Plan // once it has run; nil: none
	hardware, model, layer string
}

// drawn writes the graph of a plan, if it is wanted, and the report of a run that
// could not finish, which err says, where JSON is asked for. It returns err.
func (f *runFlags) drawn(ctx context.Context, s streams, m machine, err error) error {
	var dead *clock.Deadlock
	if err != nil && !errors.As(err, &dead) || m.plan == nil {
		return err
	}
	if drawErr := f.dot.write(ctx, s, func(w io.Writer) error { return sim.WriteDOT(w, m.plan(), dead) }); drawErr != nil {
		return errors.Join(err, drawErr)
	}
	if dead == nil || !f.json {
		return err
	}
	return errors.Join(err, writeReport(s.beside(f.dot).out, sim.ReportDeadlock(m.hardware, m.model, m.layer, dead)))
}
