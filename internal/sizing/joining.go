package sizing

import (
	"errors"
	"slices"
)

// reach is how many parts lie on either side of a bridge that is looked at alone.
const reach = 3

// neighbours sizes the bridges as far as the parts near them say: what is too
// shallow there is too shallow in the whole, and small plans take no time.
func (s *search) neighbours() error {
	if s.parts.whole {
		return nil
	}
	for _, e := range s.parts.bridges {
		if err := s.join(s.near(e)); err != nil {
			return err
		}
	}
	return nil
}

// near are the parts around a bridge.
func (s *search) near(bridge int) []int {
	e := s.plan.Edges[bridge]
	return s.around(reach-1, s.parts.of[e.From.Node], s.parts.of[e.To.Node])
}

// around are some parts and those that are so many bridges away.
func (s *search) around(hops int, parts ...int) []int {
	list := slices.Clone(parts)
	for range hops {
		for _, p := range slices.Clone(list) {
			for _, l := range s.parts.links[p] {
				if !slices.Contains(list, l.to) {
					list = append(list, l.to)
				}
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// whole sizes the bridges so that the whole plan is fast enough.
func (s *search) whole() error {
	if s.parts.whole {
		return nil
	}
	list := make([]int, len(s.parts.nodes))
	for i := range list {
		list[i] = i
	}
	return s.join(list)
}

// join sizes the bridges between some parts, joined to one piece, that are fast
// enough each. If all together are not, they are cut in two at a bridge, each side is
// made fast enough, and then that bridge deep enough: a depth there is.
func (s *search) join(list []int) error {
	nodes := s.nodesOf(list)
	ok, err := s.enough(nodes)
	if err != nil || ok || len(list) < 2 {
		return err
	}
	bridge, a, b := s.halves(list)
	for _, side := range [][]int{a, b} {
		if err := s.join(side); err != nil {
			return err
		}
	}
	return s.deepen(list, bridge)
}

// deepen finds the least depth of a bridge with which some parts are fast enough, from
// the one it has on: first with those near it, then ever more, for what is too shallow
// there is too shallow among all, and more parts take longer.
func (s *search) deepen(list []int, bridge int) error {
	near := s.near(bridge)
	for hops := reach; ; hops *= 2 {
		before := len(near)
		near = s.around(hops, near...)
		inside := list
		if len(near) > before {
			inside = slices.DeleteFunc(slices.Clone(near), func(p int) bool { return !slices.Contains(list, p) })
		}
		nodes := s.nodesOf(inside)
		p, err := s.tried(nodes)
		if err != nil {
			return err
		}
		if !s.fast(p) {
			b := bracket{most: s.ample(bridge)}
			b.tried(s.depths[bridge], p, false)
			if err := s.narrow(nodes, bridge, b); err != nil {
				return err
			}
			if s.depths[bridge] == b.most {
				if err := s.loosen(nodes, bridge); err != nil {
					return err
				}
			}
		}
		if len(inside) == len(list) {
			return nil // the proof says what is missing
		}
	}
}

// loosen makes FIFOs between some nodes deeper that no depth of a bridge makes fast enough.
// Windows whose pixels come late lose cycles that they do not lose behind an ideal source:
// then FIFOs that were just deep enough there are not; and those as shallow as may be are
// not where sources that keep time were too fast a measure.
func (s *search) loosen(nodes []int, bridge int) error {
	if ok, err := s.enough(nodes); err != nil || ok {
		return err
	}
	const most = 1 << 10
	before := slices.Clone(s.depths)
	for more := 1; more <= most; more *= 2 {
		for i, e := range s.plan.Edges {
			if i != bridge && s.sized(i) && (s.open || before[i] > s.least(i)) && slices.Contains(nodes, e.From.Node) && slices.Contains(nodes, e.To.Node) {
				s.depths[i] = min(before[i]+more, max(before[i], s.ample(i)))
			}
		}
		ok, err := s.enough(nodes)
		if err != nil || ok {
			return errors.Join(err, s.shallowest(nodes, bridge))
		}
	}
	s.depths = before
	return nil // the proof says what is missing
}

// nodesOf are the nodes of some parts, in the order of the plan.
func (s *search) nodesOf(list []int) []int {
	var nodes []int
	for _, p := range list {
		nodes = append(nodes, s.parts.nodes[p]...)
	}
	slices.Sort(nodes)
	return nodes
}

// halves cuts parts that hang together at the bridge that leaves the larger side
// smallest; among equals the narrowest.
func (s *search) halves(list []int) (bridge int, a, b []int) {
	inside := map[int]bool{}
	for _, p := range list {
		inside[p] = true
	}
	bridge = -1
	for _, i := range s.parts.bridges {
		from, to := s.parts.of[s.plan.Edges[i].From.Node], s.parts.of[s.plan.Edges[i].To.Node]
		if !inside[from] || !inside[to] {
			continue
		}
		up, down := s.side(inside, i, from), s.side(inside, i, to)
		larger, best := max(len(up), len(down)), max(len(a), len(b))
		if bridge < 0 || larger < best || larger == best && s.plan.Edges[i].Stream.Bits() < s.plan.Edges[bridge].Stream.Bits() {
			bridge, a, b = i, up, down
		}
	}
	return bridge, a, b
}

// side are the parts on one side of a bridge.
func (s *search) side(inside map[int]bool, bridge, from int) []int {
	list, seen := []int{from}, map[int]bool{from: true}
	for k := 0; k < len(list); k++ {
		for _, l := range s.parts.links[list[k]] {
			if l.bridge != bridge && inside[l.to] && !seen[l.to] {
				seen[l.to] = true
				list = append(list, l.to)
			}
		}
	}
	slices.Sort(list)
	return list
}
