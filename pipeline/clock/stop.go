package clock

// stopGate is a gate that shuts for good when done is closed: the time plane
// then comes to rest, whatever is left to simulate. It also tells how far the run is,
// which may be one turn of a source.
type stopGate struct {
	Gate
	done  <-chan struct{}
	tell  func() // nil: nobody is told
	until int    // queries until the next look
	looks int
	shut  bool
}

// stopEvery is how many queries of a gate pass between two looks at done.
const stopEvery = 64

// stopping makes a gate stop when done is closed; nil never is. What makes it stop is nil where
// nothing does.
func (s *solver) stopping(g Gate, done <-chan struct{}) (Gate, *stopGate) {
	stop := &stopGate{Gate: g, done: done}
	switch {
	case s.progress != nil || s.midway != nil:
		stop.tell = s.tell
	case done == nil:
		return g, nil
	}
	return stop, stop
}

// Next is that of the gate within, Never once done is closed.
func (g *stopGate) Next(t Cycle) Cycle {
	if g.shuts() {
		return Never
	}
	return g.Gate.Next(t)
}

// shuts is a query of an end that need not ask a gate which is always open, only whether it is shut
// for good. It may be called on nil.
func (g *stopGate) shuts() bool {
	if g == nil {
		return false
	}
	if g.until--; g.until < 0 {
		g.look()
	}
	return g.shut
}

// look looks at done, and tells now and then how far the run is.
func (g *stopGate) look() {
	g.until = stopEvery - 1
	g.shut = g.shut || isClosed(g.done)
	if g.looks++; g.tell != nil && g.looks%(tellEvery/stopEvery) == 0 {
		g.tell()
	}
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}
