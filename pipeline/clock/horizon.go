package clock

// Beats of the last frame that no output needs move only if they do so before the end of the
// run, which is not known while they do. They are held back by limits until all that does not
// wait for them has moved. Where streams part and meet, or ends share a port, what is left may
// be held up by them. So then all may move, but nothing from a horizon on, which is never put
// later than the end of the run can be: to where something moves next, and as many cycles after
// that as beats are still needed on one edge.

// lift lets all beats move.
func (s *solver) lift() {
	s.held = false
	for i := range s.edges {
		e := &s.edges[i]
		e.limit, e.stops = e.all, nil
	}
}

// setHorizon lets nothing move from cycle h on.
func (s *solver) setHorizon(h Cycle) {
	s.horizon, s.refused = h, Never
	for i := range s.edges {
		e := &s.edges[i]
		e.horizon, e.refused = h, Never
		if e.offered > e.sent && e.depth > 0 {
			e.push()
		}
		if e.ram != nil {
			e.moveRAM()
		}
	}
	for _, a := range s.accounts {
		a.horizon, a.refused = h, Never
	}
}

// approach moves what moves before the end of the run.
func (s *solver) approach() {
	for _, k := range s.sources {
		if s.drain {
			k.out.limit, k.out.needed = k.out.all, k.out.all
		}
	}
	for i := range s.edges {
		if e := &s.edges[i]; len(s.ports) > 0 && e.limit < e.all {
			e.stops = &s.held
			s.held = s.held || e.limit == 0
		}
	}
	s.settle()
	if s.unfinished() {
		s.lift()
		s.setHorizon(s.latest() + 1)
		s.settle()
	}
	for s.unfinished() && !isClosed(s.done) {
		next := s.upcoming()
		if next == Never {
			return // nothing will ever move
		}
		s.setHorizon(next + s.left())
		s.settle()
	}
}

// upcoming is the first cycle from the horizon on in which something may move, Never if all
// has come to rest for good.
func (s *solver) upcoming() Cycle {
	t := s.refused
	for i := range s.edges {
		t = min(t, s.edges[i].refused)
	}
	for _, a := range s.accounts {
		t = min(t, a.refused)
	}
	return t
}

// left is how many cycles it takes at least to move what is needed.
func (s *solver) left() Cycle {
	most := int64(1)
	for i := range s.edges {
		e := &s.edges[i]
		most = max(most, e.needed-e.sent-e.skipped)
	}
	return Cycle(most)
}

// unfinished reports whether beats are waited for at the end of the plan.
func (s *solver) unfinished() bool {
	for _, k := range s.sinks {
		if k.done < k.total {
			return true
		}
	}
	for _, k := range s.sources {
		if s.drain && k.done < k.total {
			return true
		}
	}
	return false
}
