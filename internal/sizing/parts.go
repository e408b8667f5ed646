package sizing

import (
	"slices"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// parts are a plan taken apart where a FIFO is all that joins two sides: branches
// that part and meet again stay together, and so do nodes joined by wires.
type parts struct {
	nodes   [][]int // by part, in the order of the plan
	of      []int   // the part of every node
	bridges []int   // the edges between parts
	links   [][]link
	// throttled says that an end opens and shuts.
	throttled bool
	whole     bool // the plan cannot be taken apart: what its ends do depends on each other
}

// link leads from a part to one beside it.
type link struct{ bridge, to int }

// partsOf takes a plan apart.
func partsOf(p *pipeline.Plan) parts {
	bridge := Bridges(p)
	pt := parts{whole: coupled(p), throttled: slices.ContainsFunc(p.Nodes, opensAndShuts)}
	together := newSets(len(p.Nodes))
	for i, e := range p.Edges {
		if pt.whole || !bridge[i] || e.Depth == 0 {
			together.join(e.From.Node, e.To.Node)
		} else {
			pt.bridges = append(pt.bridges, i)
		}
	}
	pt.nodes, pt.of = together.lists()
	pt.links = make([][]link, len(pt.nodes))
	for _, i := range pt.bridges {
		a, b := pt.of[p.Edges[i].From.Node], pt.of[p.Edges[i].To.Node]
		pt.links[a] = append(pt.links[a], link{i, b})
		pt.links[b] = append(pt.links[b], link{i, a})
	}
	return pt
}

// coupled reports whether ends of a plan share a port, or open at random, so that a
// part of it says nothing about the whole.
func coupled(p *pipeline.Plan) bool {
	seen := map[clock.Share]bool{}
	for _, n := range p.Nodes {
		port := clock.PortOf(n.Block)
		if port.Given() && seen[port] {
			return true
		}
		seen[port] = true
	}
	return !clock.Repeats(p)
}

// opensAndShuts reports whether a node is an end that is not always open.
func opensAndShuts(n pipeline.Node) bool {
	end, ok := wiring.EndOf(n.Block)
	return ok && end.Pattern != clock.Pattern(clock.Always{})
}

// clusters are the nodes that wires join.
func clusters(p *pipeline.Plan) [][]int {
	together := newSets(len(p.Nodes))
	for _, e := range p.Edges {
		if e.Depth == 0 {
			together.join(e.From.Node, e.To.Node)
		}
	}
	lists, _ := together.lists()
	return lists
}

// Bridges reports for every edge whether the plan falls into two without it.
func Bridges(p *pipeline.Plan) []bool {
	b := bridgeFinder{at: make([][]int, len(p.Nodes)), plan: p, seen: make([]int, len(p.Nodes)), low: make([]int, len(p.Nodes)),
		found: make([]bool, len(p.Edges))}
	for i, e := range p.Edges {
		b.at[e.From.Node] = append(b.at[e.From.Node], i)
		b.at[e.To.Node] = append(b.at[e.To.Node], i)
	}
	for n := range p.Nodes {
		if b.seen[n] == 0 {
			b.visit(n, -1)
		}
	}
	return b.found
}

// bridgeFinder goes through a plan in depth (Tarjan): low is the earliest node that
// those beyond a node lead back to.
type bridgeFinder struct {
	plan      *pipeline.Plan
	at        [][]int // edges by node
	seen, low []int   // when a node was seen, from 1 on
	count     int
	found     []bool
}

func (b *bridgeFinder) visit(n, by int) {
	b.count++
	b.seen[n], b.low[n] = b.count, b.count
	for _, i := range b.at[n] {
		if i == by {
			continue
		}
		e := b.plan.Edges[i]
		m := e.From.Node + e.To.Node - n
		if b.seen[m] != 0 {
			b.low[n] = min(b.low[n], b.seen[m])
			continue
		}
		b.visit(m, i)
		b.low[n] = min(b.low[n], b.low[m])
		b.found[i] = b.low[m] > b.seen[n]
	}
}

// sets are disjoint sets of nodes.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s sets) first(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s sets) join(i, j int) {
	a, b := s.first(i), s.first(j)
	s[max(a, b)] = min(a, b)
}

// lists are the sets, each in order, and which one every node is in.
func (s sets) lists() (lists [][]int, of []int) {
	of = make([]int, len(s))
	for i := range s {
		if f := s.first(i); f != i {
			of[i] = of[f]
		} else {
			of[i] = len(lists)
			lists = append(lists, nil)
		}
		lists[of[i]] = append(lists[of[i]], i)
	}
	return lists, of
}
