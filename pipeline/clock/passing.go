package clock

// Passing is when beats entered an edge and when they left it: in a busy cycle a
// beat moved, in a starved one none. On a wire both are one.
type Passing struct{ In, Out *History }

// moved notes a beat that moves in cycle t.
func (h *History) moved(t Cycle) {
	h.to(t, Starved)
	h.to(t+1, Busy)
}

// remember makes every stage and every edge keep its history, in at most so many
// runs each.
func (s *solver) remember(most int) {
	if most == 0 {
		return
	}
	for _, a := range s.accounts {
		a.history = &History{most: most}
	}
	for i := range s.edges {
		e := &s.edges[i]
		out := &History{most: most}
		e.passing = &Passing{In: out, Out: out}
		if e.depth > 0 {
			e.passing.In = &History{most: most}
		}
		e.watched = true
	}
}

// histories visits every history that is kept.
func (s *solver) histories(visit func(*History)) {
	for _, a := range s.accounts {
		if a.history != nil {
			a.tell()
			visit(a.history)
		}
	}
	for i := range s.edges {
		if p := s.edges[i].passing; p != nil {
			visit(p.Out)
			if p.In != p.Out {
				visit(p.In)
			}
		}
	}
}

// repeat notes in every history that n periods like that from old to now are
// skipped.
func (s *solver) repeat(old, now *Registers, n int64) {
	i := 0
	s.histories(func(h *History) {
		h.repeat(old.places[i], now.base-old.base, n)
		i++
	})
}

// entered and left note a beat at the ends of a watched edge, on offer there from cycle since on.
func (e *Edge) entered(since, t Cycle) {
	if e.record != nil {
		e.record.In.add(t)
	}
	if e.passing != nil {
		e.passing.In.moved(t)
	}
	if e.tapes != nil {
		e.tapes.In.moved(since, t)
	}
}

func (e *Edge) left(since, t Cycle) {
	if e.record != nil {
		e.record.Out.add(t)
	}
	if e.passing != nil {
		e.passing.Out.moved(t)
	}
	if e.tapes != nil {
		e.tapes.Out.moved(since, t)
	}
}
