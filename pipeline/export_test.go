package pipeline

import "slices"

// Boundaries runs the graph and calls visit whenever its driving window has
// reached a boundary and all else has come to rest, until visit returns false.
func (g *Graph) Boundaries(visit func(level Level, index int64) bool) {
	g.bind()
	g.forward = &forwarder{g: g}
	g.wakeAll()
	for {
		at := g.advance(-1)
		if at < 0 {
			return
		}
		g.advance(at)
		if !visit(g.forward.level, g.forward.index) {
			return
		}
		g.wake(at)
	}
}

// Finish simulates what is left after Boundaries was stopped.
func (g *Graph) Finish() (*Result, error) {
	g.forward = nil
	g.settle()
	return g.finish()
}

// Capture takes the state at a boundary.
func (g *Graph) Capture() *State { return g.forward.capture() }

// Same reports whether both states say the same, counts included.
func (s *State) Same(o *State) bool {
	return slices.Equal(s.sections, o.sections) && slices.Equal(s.absolute, o.absolute) && slices.Equal(s.counters, o.counters)
}

// SkipOne skips one period if the state now is that of old, with room for it.
func (g *Graph) SkipOne(old, now *State) bool {
	f := g.forward
	if !f.gatesRepeat(now.base-old.base) || f.periods(old, now, now.index-old.index) < 1 {
		return false
	}
	f.skip(old, now, 1)
	return true
}

// Later moves the boundary the next Capture is relative to.
func (g *Graph) Later(t Cycle, units int64) {
	g.forward.base += t
	g.forward.index += units
}

// Between returns what lies between two boundaries.
func Between(old, now *State) (Cycle, int64) { return now.base - old.base, now.index - old.index }

// Parts returns all processes and edges.
func (g *Graph) Parts() []any {
	var out []any
	for _, p := range g.procs {
		out = append(out, p.Process)
	}
	for _, e := range g.edges {
		out = append(out, e)
	}
	return out
}
