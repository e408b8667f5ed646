package fit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// FIFOs of networks so large that a run takes seconds, of so many beats a frame on all edges,
// are not searched, and a frame may take a share longer; intervals are tried in such steps.
const (
	large   = 1 << 22
	allowed = 0.01
)

// apart are intervals of which none is less than what is allowed longer than one before.
func apart(targets []float64) []float64 {
	var list []float64
	for _, t := range targets {
		if n := len(list); n == 0 || t > list[n-1]*(1+allowed) {
			list = append(list, t)
		}
	}
	return list
}

// withRoom is the cheapest design of an interval, and whether it has room for its FIFOs. Of a
// large one those by rule are known soon: where they do not fit, the next leaves room for them.
func (s *search) withRoom(interval float64) (c candidate, fits bool, err error) {
	all := s.reserve
	defer func() { s.reserve = all }()
	const tries = 3
	for range tries {
		next, err := s.cheapest(interval)
		switch {
		case err != nil:
			return c, false, err
		case !s.hasRoom(next.Design) && c.Design != nil:
			return c, false, nil
		case !s.hasRoom(next.Design) || s.quick || beatsOf(next.Unsized) <= large:
			return next, s.hasRoom(next.Design), nil
		}
		c = next
		with := *c.Design
		if c.ruled, err = s.ruled(c); err == nil && c.ruled != nil {
			err = s.build(&with, c.layers, named(c.ruled))
		}
		if err != nil || c.ruled == nil || s.fits(&with) {
			return c, err == nil && c.ruled != nil, err
		}
		before := s.reserve
		s.reserve = before.Most(with.Cost.Less(c.Cost).Less(c.waits))
		if c.Design = &with; s.reserve == before || s.impossible(interval) {
			break
		}
	}
	return c, false, nil
}

// ruled is a plan of a design with FIFOs by rule, nil if none are deep enough.
func (s *search) ruled(c candidate) (*pipeline.Plan, error) {
	if p, known := s.rules[string(c.Text)]; known {
		return p, nil
	}
	s.tell(fmt.Sprintf("FIFOs by rule, a frame every %.0f cycles", c.Interval))
	p, err := s.roomy(c.layers, inFront(c.Plan))
	if err != nil {
		return nil, err
	}
	oneWaits(p)
	const frames = 2
	_, err = hold(p, frames, sim.TimeOptions{Done: s.ctx.Done(), Work: &clock.Workspace{}})
	var dead *clock.Deadlock
	if errors.As(err, &dead) {
		p, err = nil, nil
	}
	if err == nil {
		s.rules[string(c.Text)] = p
	}
	return p, err
}

// oneWaits lets streams wait where they meet, but not the one that passes more layers than all
// others: they wait for it, and what it waits for itself can wait in front of these layers.
func oneWaits(p *pipeline.Plan) {
	passed := make([]int, len(p.Nodes)) // layers, on the way to a node and through it
	into := make([][]int, len(p.Nodes))
	for i, e := range p.Edges { // upstream ones first
		passed[e.To.Node] = max(passed[e.To.Node], passed[e.From.Node])
		into[e.To.Node] = append(into[e.To.Node], i)
		if multiplies(p.Nodes[e.To.Node]) && e.To.Port == 0 {
			passed[e.To.Node]++
		}
	}
	for n, edges := range into {
		if multiplies(p.Nodes[n]) || len(edges) < 2 {
			continue
		}
		slices.SortStableFunc(edges, func(a, b int) int { return passed[p.Edges[b].From.Node] - passed[p.Edges[a].From.Node] })
		if longest, next := p.Edges[edges[0]], p.Edges[edges[1]]; passed[longest.From.Node] > passed[next.From.Node] {
			p.Edges[edges[0]].Depth = 2
		}
	}
}

// coarsely gives a large design its FIFOs by a run: as far as there is room from those by rule
// to those that hold what ample ones do.
func (s *search) coarsely(c candidate) error {
	found, err := s.sized(prompt(c.Plan), sizing.Options{Rough: true, Interval: c.Interval * (1 + allowed)})
	if err != nil {
		return err
	}
	most := deep(c.ruled, found.Plan)
	for share := shares; ; share /= 2 {
		if err := s.build(c.Design, c.layers, named(between(c.ruled, most, share))); err != nil {
			return err
		}
		if share == 0 || s.fits(c.Design) {
			return s.runs(c.Design)
		}
	}
}

// shares are the steps from FIFOs by rule to those that are never full.
const shares = 8

// between is a plan whose FIFOs are so many shares of the way from one to the other.
func between(least, most *pipeline.Plan, share int) *pipeline.Plan {
	p := &pipeline.Plan{Nodes: least.Nodes, Edges: slices.Clone(least.Edges)}
	for i := range p.Edges {
		if more := most.Edges[i].Depth - p.Edges[i].Depth; more > 0 {
			p.Edges[i].Depth += (more*share + shares - 1) / shares
		} else if share == shares {
			p.Edges[i].Depth += more
		}
	}
	return p
}
