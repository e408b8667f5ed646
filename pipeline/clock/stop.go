package clock

// stopGate is a gate that shuts for good when done is closed: the time plane
// then comes to rest, whatever is left to simulate.
type stopGate struct {
	Gate
	done    <-chan struct{}
	queries int
	shut    bool
}

// stopEvery is how many queries of a gate pass between two looks at done.
const stopEvery = 64

// stopping makes a gate stop when done is closed; nil never is.
func stopping(g Gate, done <-chan struct{}) Gate {
	if done == nil {
		return g
	}
	return &stopGate{Gate: g, done: done}
}

// Next is that of the gate within, Never once done is closed.
func (g *stopGate) Next(t Cycle) Cycle {
	if g.queries%stopEvery == 0 && !g.shut {
		g.shut = isClosed(g.done)
	}
	g.queries++
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
