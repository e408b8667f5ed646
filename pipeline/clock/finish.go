package clock

// finish closes a run that has come to rest: what moves up to the last output
// counts, the rest must move without being left over.
func (s *solver) finish() (*Result, error) {
	if d := s.deadlock(); d != nil {
		return nil, s.stopped(d)
	}
	total := s.total()
	s.setHorizon(total)
	s.lift()
	skipped, period := s.forward.stop()
	s.settle()
	r := s.collect(total)
	r.Skipped, r.Period = skipped, period
	s.setHorizon(Never)
	s.settle()
	if l := s.leftover(); l != nil {
		return nil, l
	}
	for i := range s.edges {
		e := &s.edges[i]
		r.Edges[i].Unneeded = e.taken + e.skipped - r.Edges[i].Beats
	}
	return r, nil
}

// stopped fills in what happened up to a deadlock: the cycle after the last that a stage
// was busy in counts, so that the fill of FIFOs is that in which nothing moves.
func (s *solver) stopped(d *Deadlock) *Deadlock {
	s.forward.stop()
	total := s.latest() + 2
	for _, a := range s.accounts {
		a.horizon = total
	}
	d.Stopped = s.collect(total)
	return d
}

func (s *solver) total() Cycle {
	total := Cycle(0)
	if s.drain {
		for _, k := range s.sources {
			total = max(total, k.account.last+1)
		}
	}
	for _, k := range s.sinks {
		total = max(total, k.account.last+1)
	}
	return total
}

func (s *solver) collect(total Cycle) *Result {
	r := &Result{Total: total, Stages: make([]StageCycles, 0, len(s.accounts)), Edges: make([]EdgeUse, 0, len(s.edges)),
		Records: s.records, Tapes: s.tapes}
	for _, p := range s.procs {
		p.Close(total)
	}
	for i, a := range s.accounts {
		a.close(total)
		r.Stages = append(r.Stages, StageCycles{s.owners[i], a.Name, a.StarvedOn, a.BlockedOn, a.HeldBy, a.cycles, a.Overfull > 0 && a.Overfull < total})
		if a.tape != nil {
			a.tape.end(total)
			a.tape = nil
		}
	}
	for i := range s.edges {
		s.edges[i].finishTapes(total)
		s.edges[i].record, s.edges[i].watched = nil, false
		r.Edges = append(r.Edges, s.edges[i].use(total))
	}
	if s.play != nil {
		s.hear(total)
	}
	if s.histories != nil {
		r.Histories, r.Passing, r.Tapes = s.histories, s.passing, nil
	}
	for _, k := range s.sources {
		r.Sources = append(r.Sources, k.log.times())
	}
	for _, k := range s.sinks {
		r.Sinks = append(r.Sinks, k.log.times())
	}
	return r
}

// keep gives all memory that the next run can use back to the workspace.
func (s *solver) keep() {
	for _, p := range s.procs {
		if k, ok := p.Process.(interface{ Release(*Workspace) }); ok {
			k.Release(s.work)
		}
	}
	for i := range s.edges {
		Keep(s.work, s.edges[i].times)
	}
	Keep(s.work, s.edges)
	Keep(s.work, s.procs)
	Keep(s.work, s.dirty)
	Keep(s.work, s.accounts)
	Keep(s.work, s.owners)
}
