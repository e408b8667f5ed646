package sizing

import (
	"slices"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// piece is a part of a plan as a plan of its own.
type piece struct {
	plan  *pipeline.Plan
	edges []int // the edge of the whole that each edge is, -1 for ends that stand for the rest
	out   []int // the edge of the whole that each one is, or stands for
}

// cutOut makes a plan of some nodes, given in order, with the depths given: sources
// always open stand for what is upstream, such sinks for what is downstream.
func cutOut(p *pipeline.Plan, depths []int, nodes []int) piece {
	c := piece{plan: &pipeline.Plan{}}
	if len(nodes) == len(p.Nodes) {
		c.plan.Nodes, c.plan.Edges = p.Nodes, slices.Clone(p.Edges)
		for i := range c.plan.Edges {
			c.plan.Edges[i].Depth = depths[i]
			c.edges, c.out = append(c.edges, i), append(c.out, i)
		}
		return c
	}
	at := map[int]int{}
	in := make(map[int][]int, len(nodes))
	for i, e := range p.Edges {
		in[e.To.Node] = append(in[e.To.Node], i)
	}
	for _, n := range nodes {
		from := make([]pipeline.Port, len(in[n]))
		for k, i := range in[n] {
			e := p.Edges[i]
			if up, ok := at[e.From.Node]; ok {
				from[k] = pipeline.Port{Node: up, Port: e.From.Port}
			} else {
				from[k] = pipeline.Port{Node: c.plan.Add("", wiring.Source{Stream: e.Stream, Pattern: clock.Always{}})}
			}
		}
		at[n] = c.plan.Add(p.Nodes[n].Layer, p.Nodes[n].Block)
		for k, i := range in[n] {
			e := p.Edges[i]
			_, inside := at[e.From.Node]
			c.join(e, i, depths[i], from[k], pipeline.Port{Node: at[n], Port: e.To.Port}, inside)
		}
	}
	for i, e := range p.Edges {
		if _, inside := at[e.To.Node]; inside {
			continue
		}
		if n, ok := at[e.From.Node]; ok {
			sink := c.plan.Add("", wiring.Sink{Stream: e.Stream, Pattern: clock.Always{}})
			c.join(e, i, depths[i], pipeline.Port{Node: n, Port: e.From.Port}, pipeline.Port{Node: sink}, false)
		}
	}
	return c
}

// join adds edge i of the whole. One that leads out moves a beat a cycle.
func (c *piece) join(e pipeline.Edge, i, depth int, from, to pipeline.Port, inside bool) {
	c.out = append(c.out, i)
	e.From, e.To, e.Depth = from, to, depth
	if !inside {
		e.Depth, e.Memory, i = e.Latency+1, pipeline.ShiftRegisters, -1
	}
	c.plan.Edges = append(c.plan.Edges, e)
	c.edges = append(c.edges, i)
}
