package fit

import (
	"context"
	"math"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/sim"
)

// multipliers and beats have a weight as resources have: what a Fold takes of
// Options.Multipliers, and the beats at the ports of its arrays.
const (
	multipliers = resources.Resource("multipliers")
	beats       = resources.Resource("beats")
)

// Quick is Find by formulas alone: of every stage the beats at its ports and what arrays
// compute. FIFOs are those that the plan has by itself. One run says how fast the design
// is, as it says of the hardware file.
func Quick(ctx context.Context, g *network.Graph, o Options) (*Result, error) {
	o.quick = true
	s, err := newSearch(ctx, g, &o)
	if err != nil {
		return nil, err
	}
	c, err := s.quickest()
	if err != nil {
		return s.stopped(&Result{}, err)
	}
	r := &Result{Design: c.Design}
	switch {
	case c.Design == nil:
		r.OnChip, _, err = s.cheapest(s.targets()[0])
		return r, err
	case o.Interval > 0 && !s.fits(c.Design):
		r.Design, r.Wanted = nil, c.Design
		return r, nil
	}
	s.best = c.Design
	if err := s.proven(c.Design, c.layers); err != nil {
		return s.stopped(r, err)
	}
	return r, nil
}

// quickest is the design of the interval wanted, or else of the shortest that fits, nil if
// none does. What folds take alone says where to begin to look.
func (s *search) quickest() (c candidate, err error) {
	if s.Interval > 0 {
		c.Design, c.layers, err = s.cheapest(s.Interval)
		return c, err
	}
	targets := s.targets()
	tooFew, _ := slices.BinarySearchFunc(targets, true, func(at float64, _ bool) int {
		if s.least(at) {
			return -1
		}
		return 1
	})
	return s.bisectOf(targets[:tooFew])
}

// least reports whether the folds of an interval keep within the limits by themselves.
func (s *search) least(interval float64) bool {
	sum, cost := 0, resources.Amount{}
	for _, l := range s.layers {
		f := l.folds[l.cheapest(interval, weighings(s.Options)[0], 0)]
		least := f.Cost
		if s.ultra() && f.Ultra.URAM > 0 {
			least.BRAM18 = f.Ultra.BRAM18 // one place of two is enough
		}
		sum, cost = sum+f.Multipliers, cost.Plus(least)
	}
	return (s.Multipliers == 0 || sum <= s.Multipliers) && len(Exceeded(cost, s.Limits)) == 0
}

// byFormula are the nodes of a plan as stages, each with the beats at its busiest port
// or the cycles that its arrays compute.
func byFormula(p *pipeline.Plan) []sizing.Stage {
	list := make([]sizing.Stage, len(p.Nodes))
	for i, n := range p.Nodes {
		list[i].Nodes = []int{i}
		if a, ok := n.Block.(pe.Array); ok {
			list[i].Interval = float64(a.Fold.ComputeCycles())
		}
	}
	for _, e := range p.Edges {
		for _, i := range []int{e.From.Node, e.To.Node} {
			list[i].Interval = max(list[i].Interval, float64(e.Stream.Frame()))
		}
		if _, ok := p.Nodes[e.To.Node].Block.(wiring.Concat); ok && e.Stream.Frame() > clock.Unbounded {
			list[e.To.Node].Interval = math.Inf(1) // a branch may wait for all of another, and no FIFO holds that
		}
	}
	return list
}

// proven gives a design its FIFOs, by name, and the interval of a run: those in front of
// layers first, then those that a plan with them has by itself where streams meet.
func (s *search) proven(d *Design, layers map[string]keys) error {
	s.tell("FIFOs")
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if err := s.build(d, layers, inFront(d.Plan)); err != nil {
		return err
	}
	if err := s.build(d, layers, named(d.Plan)); err != nil {
		return err
	}
	s.tell("a run of three frames")
	return s.pace(d, 3)
}

// inFront are the depths of FIFOs in front of layers that multiply: what they take at once
// as soon as there is room again, one pixel, or, with strides, the rows between.
func inFront(p *pipeline.Plan) map[string]int {
	folds := map[string]sched.Fold{}
	for _, n := range p.Nodes {
		if a, ok := n.Block.(pe.Array); ok {
			folds[n.Layer] = a.Fold
		}
	}
	depths := map[string]int{}
	for _, e := range p.Edges {
		layer := p.Nodes[e.To.Node].Layer
		f, multiplies := folds[layer]
		if !multiplies || p.Nodes[e.From.Node].Layer == layer {
			continue
		}
		rows := int64(f.Shape.Stride.H-1) * int64(f.Shape.InWidth)
		depths[e.Name] = int(max(2, f.PixelBeats()*max(1, rows)))
	}
	return depths
}

// pace gives a design the interval that a run of so many frames has.
func (s *search) pace(d *Design, frames int64) error {
	o := sim.TimeOptions{Done: s.ctx.Done(), Work: &clock.Workspace{}}
	r, err := clock.Solve(d.Plan, clock.Options{Frames: frames, Done: o.Done, Work: o.Work})
	if err != nil {
		return err
	}
	pace, err := sim.Steady(d.Plan, r, frames, o)
	if err != nil {
		return err
	}
	d.Interval, d.Proven = pace.Mean, true
	return nil
}
