package runs

import (
	"cmp"
	"context"
	"math"

	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/probe"
)

// mostLevels is in how many columns the fill of a FIFO is given that histories do not tell.
const mostLevels = 1200

// alone is the turn of a machine that is alone.
func alone(ctx context.Context, p *pipeline.Plan, t *clock.Result, frames int64) *probe.Turn {
	return &probe.Turn{Plan: p, Result: t, Run: clock.Options{Frames: frames, Done: ctx.Done()}}
}

// levels adds how full FIFOs are of which histories gave up the order of cycles: once more
// through time.
func levels(ctx context.Context, run *runpage.Run, turns ...*probe.Turn) error {
	coarse := map[string]bool{}
	for _, e := range run.Edges {
		if run.Histories[e.In].Fine() > 0 || run.Histories[e.Out].Fine() > 0 {
			coarse[e.Name] = true
		}
	}
	if len(coarse) == 0 {
		return nil
	}
	found := probe.NewLevels(mostLevels, func(edge string) bool { return coarse[edge] })
	p := probe.New(turns, probe.Options{To: clock.Never}, found)
	for _, t := range turns {
		if err := p.Show(t); err != nil {
			return cmp.Or(context.Cause(ctx), err)
		}
	}
	var all []byte
	for i := range run.Edges {
		e := &run.Edges[i]
		means := found.Means[e.Name]
		if means == nil {
			continue
		}
		e.Levels = new(int)
		*e.Levels = len(all)
		for _, mean := range means {
			all = append(all, byte(math.Round(math.MaxUint8*mean/float64(max(1, e.Most)))))
		}
		run.Columns = len(means)
	}
	run.Levels = all
	return p.Close()
}
