package sizing

import (
	"cmp"
	"slices"
)

// smaller makes every FIFO as shallow as it can be with the others as they are,
// most bits first: parts were sized before others beside them got deeper.
func (s *search) smaller() error {
	if ok, err := s.enough(s.all()); err != nil || !ok {
		return err
	}
	deep := s.deep()
	slices.SortStableFunc(deep, func(a, b int) int { return cmp.Compare(s.bits(b), s.bits(a)) })
	for _, edge := range deep {
		if err := s.lower(edge); err != nil {
			return err
		}
	}
	return nil
}

// deep are the FIFOs above the least depth.
func (s *search) deep() []int {
	var list []int
	for i, d := range s.depths {
		if d > s.least(i) {
			list = append(list, i)
		}
	}
	return list
}

// lower makes a FIFO as shallow as it can be.
func (s *search) lower(edge int) error {
	enough, small := s.depths[edge], s.least(edge)-1
	for try := enough - 1; enough-small > 1; try = small + (enough-small)/2 {
		ok, err := s.everywhere(edge, try)
		switch {
		case err != nil:
			return err
		case ok:
			enough = try
		default:
			small = try
		}
	}
	return nil
}

// everywhere reports whether a depth of a FIFO is enough for the whole plan, and if
// so sets it. What is not enough for the parts around it is not for the whole, and
// those are looked at first.
func (s *search) everywhere(edge, depth int) (bool, error) {
	for _, nodes := range s.scopes(edge) {
		before := s.depths[edge]
		s.depths[edge] = depth
		ok, err := s.enough(nodes)
		s.depths[edge] = before
		if err != nil || !ok {
			return false, err
		}
	}
	s.depths[edge] = depth
	return true, nil
}

// scopes are the nodes around an edge: ever more, and at last all.
func (s *search) scopes(edge int) [][]int {
	var list [][]int
	e := s.plan.Edges[edge]
	parts := []int{s.parts.of[e.From.Node], s.parts.of[e.To.Node]}
	for hops := reach; len(parts) < len(s.parts.nodes); hops *= 2 {
		parts = s.around(hops, parts...)
		list = append(list, s.nodesOf(parts))
	}
	return append(list, s.all())
}
