package clock

// Passing is when beats entered an edge and when they left it: in a busy cycle a
// beat moved, in a starved one none. On a wire both are one.
type Passing struct{ In, Out *History }

// remember makes every stage and every edge keep its history, in at most so many
// runs each: as what their tapes tell, which are forgotten then.
func (s *solver) remember(most int) {
	if most == 0 {
		return
	}
	if s.tapes != nil {
		panic("clock: histories and tapes of one run")
	}
	s.tape(&Tapes{To: Never, Play: func(*Recording, Cycle) { s.absorb() }}, nil)
	made := map[*Tape]*History{}
	s.tapes.each(func(t *Tape) {
		made[t] = &History{most: most}
		t.Play()
		s.remembered = append(s.remembered, made[t])
	})
	for _, t := range s.tapes.Stages {
		s.histories = append(s.histories, made[t])
	}
	for _, e := range s.tapes.Edges {
		s.passing = append(s.passing, &Passing{In: made[e.In], Out: made[e.Out]})
	}
}

// absorb puts what tapes have told into histories.
func (s *solver) absorb() {
	i, stages := 0, len(s.tapes.Stages)
	s.tapes.each(func(t *Tape) {
		h, passes := s.remembered[i], i >= stages
		for {
			r, ok := t.reel.run(passes)
			if !ok {
				break
			}
			h.add(r)
		}
		i++
	})
}

// run reads the next stretch, or a lap as a whole, of what a tape has told so far. Of
// what is on offer and does not move, passes reads that nothing moves.
func (r *Reel) run(passes bool) (Run, bool) {
	t := r.tape
	until := min(t.told, t.to)
	if r.at >= until {
		return Run{}, false
	}
	if r.rest == 0 && len(r.in) == 0 {
		if lap, ok := r.whole(until, passes); ok {
			return lap, true
		}
	}
	s, ok := r.piece(until)
	return Run{Cycles: s.Until - s.From, Times: 1, Cause: passed(s.Cause, passes)}, ok
}

// whole reads a lap that comes next, if it is told to its end.
func (r *Reel) whole(until Cycle, passes bool) (Run, bool) {
	at := r.pos
	if at == len(r.tape.log) {
		return Run{}, false
	}
	v := r.number()
	if v&again != again {
		r.pos = at
		return Run{}, false
	}
	times, cycles, size := int64(v>>causeBits), Cycle(r.number()), int(r.number())
	if r.at+Cycle(times)*cycles > until {
		r.pos = at
		return Run{}, false
	}
	turn := runsOf(r.tape.log[r.pos:r.pos+size], passes)
	r.pos += size
	r.at += Cycle(times) * cycles
	if len(turn) == 1 && turn[0].plain() {
		return Run{Cycles: Cycle(times) * cycles, Times: 1, Cause: turn[0].Cause}, true
	}
	return Run{Cycles: cycles, Times: times, Of: turn}, true
}

// runsOf are the runs of a piece of a log.
func runsOf(log []byte, passes bool) []Run {
	r := &Reel{tape: &Tape{log: log, told: Never, to: Never, grown: new(int)}}
	h := &History{most: Unlimited}
	for r.pos < len(log) || r.rest > 0 {
		run, ok := r.run(passes)
		if !ok {
			break
		}
		h.add(run)
	}
	return h.Runs
}

func passed(c Cause, passes bool) Cause {
	if passes && c != Busy {
		return Starved
	}
	return c
}

// entered and left note a beat at the ends of a watched edge, on offer there from cycle since on.
func (e *Edge) entered(since, t Cycle) {
	if e.record != nil {
		e.record.In.add(t)
	}
	if e.tapes != nil {
		e.tapes.In.moved(since, t)
	}
}

func (e *Edge) left(since, t Cycle) {
	if e.record != nil {
		e.record.Out.add(t)
	}
	if e.tapes != nil {
		e.tapes.Out.moved(since, t)
	}
}
