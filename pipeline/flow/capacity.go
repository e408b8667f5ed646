package flow

import (
	"runtime"

	"github.com/convsim/convsim/pipeline"
)

// underway lets neighbouring kernels overlap; it is no FIFO depth, which only
// the time plane knows.
const underway = 2

// more is how many slabs an edge may hold besides, so that kernels run for a while before they
// wait for each other: as many as lie in the cache with those of the other edges. Slabs of
// scattered elements take less than it seems.
func more(p *pipeline.Plan, edge int) int {
	const least, most, all, each = 14, 62, 16 << 20, 512 << 10
	if runtime.GOMAXPROCS(0) == 1 { // nobody runs meanwhile, and what is small stays in the nearest cache
		return int(max(underway, min(most, each/16/rowBytes(p, edge))))
	}
	return int(max(least, min(most, min(each, int64(all/len(p.Edges)))/rowBytes(p, edge))))
}

// patience is how many slabs it takes to do something for a while, of as many as a stream
// holds.
func patience(p *pipeline.Plan, edge, slabs int) int {
	const aWhile = 64 << 10
	return int(max(1, min(int64(slabs/2), aWhile/rowBytes(p, edge))))
}

// rowBytes is the size of a row of an edge.
func rowBytes(p *pipeline.Plan, edge int) int64 {
	s := p.Edges[edge].Stream
	return max(1, s.Pixels*s.Beats*int64(s.Lanes*s.Elem.Size()))
}

// Capacities says how many slabs every stream of a plan must hold so that the
// plan cannot hang.
//
// In a chain any number will do. Elsewhere it is found by moving rows one by one
// for two frames, always the row that the outputs wait for: what a stream holds
// at most then is what some order of running needs, and a network with blocking
// streams of at least that size finishes in every order.
func Capacities(p *pipeline.Plan) []int {
	c := counting{plan: p, held: make([]int64, len(p.Edges)), most: make([]int64, len(p.Edges)),
		nodes: make([]progress, len(p.Nodes))}
	c.in, c.out = p.Wiring()
	slabs := make([]int, len(p.Edges))
	if !c.chain() {
		c.run()
	}
	for i, n := range c.most {
		slabs[i] = int(n) + underway
	}
	return slabs
}

// counting moves rows without values.
type counting struct {
	plan       *pipeline.Plan
	in, out    [][]int
	held, most []int64 // rows, by edge
	nodes      []progress
}

// progress is what a node has done of its frame.
type progress struct {
	made  int64   // rows sent on each output
	taken []int64 // rows taken, by input
}

func (c *counting) chain() bool {
	for i := range c.in {
		if len(c.in[i]) > 1 || len(c.out[i]) > 1 {
			return false
		}
	}
	return true
}

func (c *counting) run() {
	const frames = 2
	for i := range c.nodes {
		c.nodes[i].taken = make([]int64, len(c.in[i]))
	}
	for range frames {
		for i := range c.nodes {
			if len(c.out[i]) == 0 {
				for port, e := range c.in[i] {
					c.take(i, port, c.plan.Edges[e].Stream.Rows)
				}
				clear(c.nodes[i].taken)
			}
		}
	}
}

// take has node i take rows up to number upTo of its frame from an input.
func (c *counting) take(i, port int, upTo int64) {
	e := c.in[i][port]
	for n := &c.nodes[i]; n.taken[port] < upTo; n.taken[port]++ {
		if c.held[e] == 0 {
			c.make(c.plan.Edges[e].From.Node)
		}
		c.held[e]--
	}
}

// make has node i send its next row; with the last one of a frame it takes what
// is left of its inputs.
func (c *counting) make(i int) {
	n, block := &c.nodes[i], c.plan.Nodes[i].Block
	n.made++
	wanted := make([]int64, len(c.out[i]))
	last := true
	for port, e := range c.out[i] {
		s := c.plan.Edges[e].Stream
		wanted[port] = min(n.made, s.Rows) * s.Pixels * s.Beats
		last = last && n.made >= s.Rows
	}
	for port, beats := range block.Needs(wanted) {
		s := c.plan.Edges[c.in[i][port]].Stream
		row := s.Pixels * s.Beats
		c.take(i, port, (beats+row-1)/row)
	}
	for _, e := range c.out[i] {
		if n.made <= c.plan.Edges[e].Stream.Rows {
			c.held[e]++
			c.most[e] = max(c.most[e], c.held[e])
		}
	}
	if last {
		c.drain(i)
	}
}

// drain ends the frame of node i.
func (c *counting) drain(i int) {
	for port, e := range c.in[i] {
		c.take(i, port, c.plan.Edges[e].Stream.Rows)
	}
	n := &c.nodes[i]
	n.made = 0
	clear(n.taken)
}
