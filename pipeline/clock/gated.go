package clock

// gated is an end with a gate that keeps time.
type gated struct {
	owner  int
	period Cycle
	apart  *apart // nil: the end may not be left out
}

// keepingTime are the ends whose gates keep time.
func (s *solver) keepingTime() (list []gated) {
	for i := range s.procs {
		if g := gateOf(s.procs[i].Process); g != nil && g.Period() != 1 {
			list = append(list, gated{owner: i, period: g.Period()})
		}
	}
	return list
}

// findParts finds what may be looked at by itself.
func (f *forwarder) findParts() {
	f.aparts = f.findApart()
	for i := range f.gates {
		f.gates[i].apart = f.of(f.gates[i].owner)
	}
	f.front = f.findFront(f.s.drives)
	f.rear = f.findRear()
	f.findLull()
}

// gateOf is the gate of a process that is an end, nil of others.
func gateOf(p Process) Gate {
	if source, ok := p.(*Source); ok {
		return source.gate
	}
	if sink := sinkOf(p); sink != nil {
		return sink.gate
	}
	return nil
}

// inPhase reports whether all gates repeat themselves after dt. If that is to be loose, ends
// that may be left out are where they do not.
func inPhase(gates []gated, dt Cycle, loose bool) bool {
	for i := range gates {
		g := &gates[i]
		fits := dt%g.period == 0
		if g.apart != nil {
			g.apart.off = loose && !fits
		}
		if !fits && (g.apart == nil || !loose) {
			return false
		}
	}
	return true
}

// turns is after how many periods a gate with one of its own is in phase again.
func turns(own, period Cycle) int64 { return int64(own / gcd(own, period)) }

func gcd(a, b Cycle) Cycle {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
