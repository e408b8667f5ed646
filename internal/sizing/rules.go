package sizing

import (
	"context"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Rule is a rule of thumb for depths, to compare with.
type Rule struct {
	Name string `json:"name"`
	Bits int64  `json:"bits"`
	// Depths by edge of the plan; wires stay wires.
	Depths []int `json:"-"`
}

// Rules are the depths that rules of thumb give: as full as each FIFO gets when all
// are ample, a row of what its reader takes, and, where streams meet, the cycles by
// which one path is longer than the other and 64 more. No FIFO is below the least.
func Rules(ctx context.Context, p *pipeline.Plan, o Options) ([]Rule, error) {
	s, err := newSearch(ctx, p, o)
	if err != nil {
		return nil, err
	}
	var rules []Rule
	for _, r := range []struct {
		name   string
		depths func() ([]int, error)
	}{{"peak occupancy", s.peak}, {"a row of the consumer", s.rows}, {"path difference + 64", s.differences}} {
		depths, err := r.depths()
		if err != nil {
			return nil, err
		}
		rule := Rule{Name: r.name, Depths: depths}
		for i, e := range p.Edges {
			rule.Bits += int64(depths[i]) * int64(e.Stream.Bits())
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// peak is how full FIFOs get that hold a frame more than the least.
func (s *search) peak() ([]int, error) {
	deep := s.planned()
	for i := range deep.Edges {
		if e := &deep.Edges[i]; s.sized(i) {
			e.Depth = int(min(e.Stream.Frame()+int64(s.least(i)), clock.Unbounded))
		}
	}
	r, err := clock.Solve(deep, clock.Options{Frames: s.options.Frames, Done: s.ctx.Done(), Work: s.work})
	if err != nil {
		return nil, err
	}
	return s.atLeast(func(i int) int64 { return r.Edges[i].MaxOccupancy }), nil
}

// rows is a row of what a FIFO's reader takes.
func (s *search) rows() ([]int, error) {
	return s.atLeast(func(i int) int64 {
		to := s.plan.Edges[i].To
		in, _ := s.plan.Nodes[to.Node].Block.Streams()
		return in[to.Port].Pixels * in[to.Port].Beats
	}), nil
}

// differences are, where streams meet, the cycles between the first beats of one and
// of the last to come, and 64 more.
func (s *search) differences() ([]int, error) {
	const more = 64
	in, _ := s.plan.Wiring()
	wait := map[int]int64{}
	for _, edges := range in {
		if len(edges) < 2 {
			continue
		}
		come := make([]int64, len(edges))
		last := int64(0)
		for k, i := range edges {
			var err error
			if come[k], err = s.comes(i); err != nil {
				return nil, err
			}
			last = max(last, come[k])
		}
		for k, i := range edges {
			if come[k] < last {
				wait[i] = last - come[k] + more
			}
		}
	}
	return s.atLeast(func(i int) int64 { return wait[i] }), nil
}

// comes is the cycle of the first beat of an edge, when nothing holds it up.
func (s *search) comes(edge int) (int64, error) {
	deep := make([]int, len(s.plan.Edges))
	for i := range deep {
		if s.sized(i) {
			deep[i] = s.ample(i)
		}
	}
	cut := cutOut(s.plan, deep, s.upstream(s.plan.Edges[edge].From.Node))
	r, err := clock.Solve(cut.plan, clock.Options{Frames: 1, Done: s.ctx.Done(), Work: s.work})
	if err != nil {
		return 0, err
	}
	sink := 0
	for i, n := range cut.plan.Nodes {
		if _, out := n.Block.Streams(); len(out) > 0 {
			continue
		}
		for k, e := range cut.plan.Edges {
			if e.To.Node == i && cut.out[k] == edge {
				return int64(r.Sinks[sink][0].First), nil
			}
		}
		sink++
	}
	panic("sizing: an edge without an end")
}

// upstream are a node and all that lead to it.
func (s *search) upstream(node int) []int {
	wanted := make([]bool, node+1)
	wanted[node] = true
	for n := node; n >= 0; n-- {
		for _, e := range s.plan.Edges {
			if wanted[n] && e.To.Node == n {
				wanted[e.From.Node] = true
			}
		}
	}
	var list []int
	for n, ok := range wanted {
		if ok {
			list = append(list, n)
		}
	}
	return list
}

// atLeast are depths by edge, none below the least, no wire deepened.
func (s *search) atLeast(depth func(edge int) int64) []int {
	list := make([]int, len(s.plan.Edges))
	for i := range list {
		if s.sized(i) {
			list[i] = int(min(max(int64(s.least(i)), depth(i)), clock.Unbounded))
		}
	}
	return list
}
