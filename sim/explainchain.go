package sim

import (
	"github.com/convsim/convsim/pipeline/clock"
)

// chain follows the edges from the slowest stage to a source and to a sink: where
// there is a choice, the one with which the next stage waits most.
func (e *explainer) chain(x *Explanation) {
	byNode := make([]clock.StageCycles, len(e.now.plan.Nodes))
	for _, s := range e.now.time.Stages {
		if was := byNode[s.Node]; was.Name == "" || workOf(s) > workOf(was) {
			byNode[s.Node] = s
		}
	}
	in, out := e.now.plan.Wiring()
	at := e.limits[0]
	x.Slowest = e.cause(byNode[at])
	for n := at; len(in[n]) > 0; {
		n = e.worst(in[n], func(edge int) int { return e.now.plan.Edges[edge].From.Node }, byNode, clock.Blocked)
		x.Upstream = append(x.Upstream, e.cause(byNode[n]))
	}
	for n := at; len(out[n]) > 0; {
		n = e.worst(out[n], func(edge int) int { return e.now.plan.Edges[edge].To.Node }, byNode, clock.Starved)
		x.Downstream = append(x.Downstream, e.cause(byNode[n]))
	}
}

// worst is the node beyond some edges that spends most cycles so.
func (e *explainer) worst(edges []int, beyond func(int) int, stages []clock.StageCycles, c clock.Cause) int {
	best := beyond(edges[0])
	for _, edge := range edges[1:] {
		if n := beyond(edge); stages[n].Of(c) > stages[best].Of(c) {
			best = n
		}
	}
	return best
}

// cause is what a stage does most.
func (e *explainer) cause(s clock.StageCycles) Cause {
	most := clock.Busy
	for _, c := range []clock.Cause{clock.Starved, clock.Blocked, clock.Throttled, clock.Turnaround, clock.Finished} {
		if s.Of(c) > s.Of(most) {
			most = c
		}
	}
	c := Cause{Stage: s.Name, Layer: e.now.plan.Nodes[s.Node].Layer, Does: most.String(), Cycles: s.Of(most), Of: s.Total()}
	switch most {
	case clock.Starved:
		c.WaitsOn = s.StarvedOn
	case clock.Blocked:
		c.WaitsOn = s.BlockedOn
	case clock.Throttled:
		c.WaitsOn = s.HeldBy
	}
	return c
}
