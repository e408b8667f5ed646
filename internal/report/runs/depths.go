package runs

import (
	"context"

	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

const (
	mostSteps   = 1 << 27 // cycles of single blocks simulated for all curves together
	deepest     = 1 << 10 // beats
	mostCurves  = 8
	sameAs      = 1.005 // an interval within this of the best is as good
	curveFrames = 4     // enough for a pace
)

// curves finds how the pace of a machine depends on the depths of its FIFOs: of all
// together, and of each that matters, alone. What cannot be simulated within bounds is
// left out.
func curves(ctx context.Context, p *pipeline.Plan, t *clock.Result) ([]runpage.Curve, error) {
	c := &curver{ctx: ctx, plan: p, left: mostSteps, work: &clock.Workspace{}}
	all, err := c.curve("", func(depth int) *pipeline.Plan {
		q := *p
		q.Edges = append([]pipeline.Edge(nil), p.Edges...)
		for i := range q.Edges {
			if q.Edges[i].Depth > 0 {
				q.Edges[i].Depth = depth
			}
		}
		return &q
	})
	if err != nil {
		return nil, err
	}
	all.Edge, all.Depth = "all FIFOs", common(p)
	list := []runpage.Curve{all}
	for i, e := range p.Edges {
		if e.Depth == 0 || len(list) > mostCurves || t.Edges[i].Full == 0 && len(p.Edges) > mostCurves {
			continue
		}
		one, err := c.curve(e.Name, func(depth int) *pipeline.Plan { return p.WithDepth(e.Name, depth) })
		if err != nil {
			return nil, err
		}
		one.Depth = e.Depth
		if matters(one) {
			list = append(list, one)
		}
	}
	if len(list) == 1 && len(all.Points) < 2 {
		return nil, nil
	}
	return list, nil
}

// common is the depth all FIFOs have, 0 where they differ.
func common(p *pipeline.Plan) int {
	depth := 0
	for _, e := range p.Edges {
		if depth > 0 && e.Depth > 0 && e.Depth != depth {
			return 0
		}
		depth = max(depth, e.Depth)
	}
	return depth
}

// matters reports whether the depth changes the pace.
func matters(c runpage.Curve) bool {
	for _, d := range c.Points[min(1, len(c.Points)):] {
		if d != (runpage.Depth{Depth: d.Depth, Interval: c.Points[0].Interval, Dead: c.Points[0].Dead}) {
			return true
		}
	}
	return false
}

// curver simulates machines that differ in depths.
type curver struct {
	ctx  context.Context
	plan *pipeline.Plan
	left int64 // cycles that may still be simulated
	work *clock.Workspace
}

// spend counts what has been simulated.
func (c *curver) spend(cycles int64) { c.left -= cycles * int64(len(c.plan.Nodes)) }

// curve doubles the depth until twice in a row nothing is gained.
func (c *curver) curve(edge string, with func(depth int) *pipeline.Plan) (runpage.Curve, error) {
	curve := runpage.Curve{Edge: edge}
	best, idle := 0.0, 0
	for depth := 1; depth <= deepest && idle < 2 && c.left > 0; depth *= 2 {
		d := runpage.Depth{Depth: depth}
		r, err := clock.Solve(with(depth), clock.Options{Frames: curveFrames, Done: c.ctx.Done(), Work: c.work})
		switch err := err.(type) {
		case nil:
			c.spend(int64(r.Total) - r.Skipped)
			pace, _ := r.Pace()
			d.Interval = pace.Mean
		case *clock.Deadlock:
			c.spend(int64(err.At))
			d.Dead = true
		default:
			return curve, context.Cause(c.ctx)
		}
		curve.Points = append(curve.Points, d)
		switch {
		case d.Dead:
		case best == 0 || d.Interval < best:
			best, idle = d.Interval, 0
		default:
			idle++
		}
	}
	for _, d := range curve.Points {
		if !d.Dead && d.Interval <= best*sameAs {
			curve.Knee = d.Depth
			break
		}
	}
	return curve, nil
}
