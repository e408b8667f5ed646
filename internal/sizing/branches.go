package sizing

import (
	"cmp"
	"slices"
)

// branches sizes the FIFOs within each part that holds any: where streams part and
// meet again, one of them waits for the other.
func (s *search) branches() error {
	for part, nodes := range s.parts.nodes {
		edges := s.within(part)
		if len(edges) == 0 {
			continue
		}
		if err := s.inside(nodes, edges); err != nil {
			return err
		}
	}
	return nil
}

// within are the FIFOs inside a part.
func (s *search) within(part int) []int {
	var edges []int
	for i, e := range s.plan.Edges {
		if s.sized(i) && s.parts.of[e.From.Node] == part && s.parts.of[e.To.Node] == part {
			edges = append(edges, i)
		}
	}
	return edges
}

// inside sizes some FIFOs between some nodes. All are ample at first. Then as many
// as can be are made as shallow as may be, those last where streams meet, for that is
// where one waits; what must be deeper is then sized one by one, most bits first.
func (s *search) inside(nodes, edges []int) error {
	var meet, pass []int
	for _, i := range edges {
		s.depths[i] = s.ample(i)
		if in, _ := s.plan.Nodes[s.plan.Edges[i].To.Node].Block.Streams(); len(in) > 1 {
			meet = append(meet, i)
		} else {
			pass = append(pass, i)
		}
	}
	if err := s.asFull(nodes, edges); err != nil {
		return err
	}
	for _, list := range [][]int{pass, meet} {
		if err := s.flatten(nodes, list); err != nil {
			return err
		}
	}
	deep := slices.DeleteFunc(slices.Clone(edges), func(i int) bool { return s.depths[i] == s.least(i) })
	for len(deep) > 0 {
		if err := s.asFull(nodes, deep); err != nil {
			return err
		}
		slices.SortStableFunc(deep, func(a, b int) int { return cmp.Compare(s.bits(b), s.bits(a)) })
		if err := s.shallowest(nodes, deep[0]); err != nil {
			return err
		}
		deep = deep[1:]
	}
	return nil
}

// bits is the size of a FIFO.
func (s *search) bits(edge int) int64 {
	return int64(s.depths[edge]) * int64(s.plan.Edges[edge].Stream.Bits())
}

// flatten makes as many FIFOs as it can as shallow as may be: all at once, else
// half of them, and so on.
func (s *search) flatten(nodes, edges []int) error {
	if len(edges) == 0 {
		return nil
	}
	before := slices.Clone(s.depths)
	for _, i := range edges {
		s.depths[i] = s.least(i)
	}
	ok, err := s.enough(nodes)
	if err == nil && ok {
		return nil
	}
	copy(s.depths, before)
	if err != nil || len(edges) == 1 {
		return err
	}
	if err := s.flatten(nodes, edges[:len(edges)/2]); err != nil {
		return err
	}
	return s.flatten(nodes, edges[len(edges)/2:])
}

// asFull makes some FIFOs as deep as they get: a depth that is never reached
// changes nothing.
func (s *search) asFull(nodes, edges []int) error {
	before := slices.Clone(s.depths)
	peaks, err := s.peaks(nodes)
	if err != nil || peaks == nil {
		return err
	}
	for _, i := range edges {
		s.depths[i] = min(s.depths[i], max(s.least(i), int(peaks[i])))
	}
	ok, err := s.enough(nodes)
	if err != nil || !ok {
		copy(s.depths, before) // the run was too short to fill them
	}
	return err
}

// shallowest finds the least depth of a FIFO with which some nodes are fast enough;
// that it has is enough.
func (s *search) shallowest(nodes []int, edge int) error {
	enough := s.depths[edge]
	s.depths[edge] = s.least(edge)
	p, err := s.tried(nodes)
	if err != nil {
		s.depths[edge] = enough
		return err
	}
	if s.fast(p) {
		return nil
	}
	b := bracket{enough: enough, most: enough}
	b.tried(s.least(edge), p, false)
	return s.narrow(nodes, edge, b)
}
