package clock

// stopGate is a gate that shuts for good when done is closed: the time plane
// then comes to rest, whatever is left to simulate. It also tells how far the run is,
// which may be one turn of a source.
type stopGate struct {
	Gate
	done    <-chan struct{}
	tell    func() // nil: nobody is told
	queries int
	shut    bool
}

// stopEvery is how many queries of a gate pass between two looks at done.
const stopEvery = 64

// stopping makes a gate stop when done is closed; nil never is.
func (s *solver) stopping(g Gate, done <-chan struct{}) Gate {
	stop := &stopGate{Gate: g, done: done}
	switch {
	case s.progress != nil || s.midway != nil:
		stop.tell = s.tell
	case done == nil:
		return g
	}
	return stop
}

// Next is that of the gate within, Never once done is closed.
func (g *stopGate) Next(t Cycle) Cycle {
	if g.queries%stopEvery == 0 && !g.shut {
		g.shut = isClosed(g.done)
	}
	g.queries++
	if g.tell != nil && g.queries%tellEvery == 0 {
		g.tell()
	}
	if g.shut {
		return Never
	}
	return g.Gate.Next(t)
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}
