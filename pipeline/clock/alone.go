package clock

// alone simulates the ends that are left out for as long as the rest skips what lies between
// old and now, which is n periods at most, and returns for how many the rest cannot tell.
func (f *forwarder) alone(old, now *Registers, n int64) int64 {
	period := now.base - old.base
	if n = min(n, f.hidden(old, now, n)); n < 1 {
		return 0
	}
	for _, a := range f.aparts {
		if a.off && !a.start(a.beats(f.s, old, now)) {
			a.seen = true
			return 0
		}
	}
	for i := 0; i < len(f.aparts) && n > 0; i++ {
		a := f.aparts[i]
		if !a.off {
			continue
		}
		if m := f.replay(a, n, period); m < n {
			for _, b := range f.aparts[:i+1] {
				if b.off {
					b.restore(&b.first)
				}
			}
			n, i = m, -1
		}
	}
	return n
}

// start keeps the state of the two, and when beats passed in the last period, of which there
// were so many, and reports whether that is known, and the plan can tell none as yet.
func (a *apart) start(beats int64) bool {
	size := int64(len(a.passed))
	if beats > size || !a.hides() {
		return false
	}
	a.pattern = append(a.pattern[:0], a.passed[size-beats:]...)
	a.save(&a.first)
	return true
}

// hidden is for how many periods the rest could do without the ends that are left out, if it
// could not tell their beats in the last one, and simulating them is cheaper than all that a
// period took until now.
func (f *forwarder) hidden(old, now *Registers, n int64) int64 {
	const dearer = 2 // a beat that passes the FIFO alone, than one of those of a run that passes some edge
	period, cost, least, copied := now.base-old.base, int64(0), int64(0), int64(0)
	for _, a := range f.aparts {
		if !a.off {
			continue
		}
		beats, i := a.beats(f.s, old, now), a.number
		a.seen = a.seen || old.bound[i] != now.bound[i] || now.bound[i] < 0
		if a.seen || beats > 0 && now.rim[i]-old.rim[i] != period {
			return 0
		}
		if a.sink != nil && beats > 0 {
			n = min(n, a.fifo.alike(beats))
		}
		cost += dearer * beats
		least += dearer * beats * min(n, 2*a.phases(period))
		copied += a.copied()
	}
	if gain := now.moved - old.moved; cost > 0 && copied+min(n*cost, least) >= n*gain {
		return 0
	}
	return n
}

// copied is as many beats as take as long as to keep the state of the two.
func (a *apart) copied() int64 { return int64(len(a.fifo.times) / 16) }

// phases is after how many periods the end is in phase again.
func (a *apart) phases(period Cycle) int64 { return turns(a.turn, period) }

// replay simulates an end and its FIFO for up to n periods in which as many beats pass as in
// the last one, and returns for how many the plan cannot tell.
func (f *forwarder) replay(a *apart, n int64, period Cycle) int64 {
	beats := int64(len(a.pattern))
	if beats == 0 {
		return n
	}
	if a.source != nil {
		defer func(waits bool) { a.fifo.waits = waits }(a.fifo.waits)
		a.fifo.waits = true // beats do not go on to the plan
	}
	phases, old, from, leapt, held, spent := a.phases(period), (*Registers)(nil), int64(0), false, int64(-1), int64(-spare)
	often := max(savedFor, a.copied()/(2*beats))
	for i := int64(0); i < n; i++ {
		look := i%phases == 0 && n >= 3*phases
		if look { // a state is as large as what the FIFO holds, and no two are equal while that changes
			was := held
			held = a.fifo.holds()
			look = (held == was || held <= beats*phases) && spent <= i*beats
		}
		if look {
			spent += held
			now := a.capture(f.s, Cycle(i)*period)
			if old != nil {
				n := phases * a.leap(f.s, old, now, (n-i)/phases, beats*phases)
				i, leapt = i+n, n > 0
				f.s.work.states.keep(old)
			}
			if old = now; i == n {
				break
			}
		}
		if i-from >= often || i == 0 || leapt {
			a.save(&a.saved)
			from, leapt = i, false
		}
		if !a.period(Cycle(i+1) * period) {
			a.restore(&a.saved)
			for ; from < i; from++ {
				a.period(Cycle(from+1) * period)
			}
			f.s.work.states.keep(old)
			return i
		}
	}
	f.s.work.states.keep(old)
	return n
}

// savedFor is for how many periods the state of the two is kept at least: they are simulated once
// more when the plan could tell a beat.
const savedFor = 16

// period moves the beats of a period, and reports whether the plan can tell none.
func (a *apart) period(later Cycle) bool {
	for _, t := range a.pattern {
		if !a.move(t + later) {
			return false
		}
	}
	return true
}

// move moves the next beat out of the FIFO, or into it, in cycle t, and reports whether the
// plan cannot tell when those beyond it moved.
func (a *apart) move(t Cycle) bool {
	if a.source != nil {
		a.fifo.Take(t)
		a.source.Advance()
		return a.hides()
	}
	a.fifo.Offer(t)
	a.sink.Advance()
	return a.hides() && a.fifo.lastSent == t
}

// hides reports whether the next beat of a source is on offer from when it could be taken, or
// all of a sink have found room.
func (a *apart) hides() bool {
	if a.source == nil {
		return a.fifo.Free()
	}
	o, ok := a.fifo.Head()
	return ok && o <= a.fifo.lastPop+1
}

// capture takes the state of the two.
func (a *apart) capture(s *solver, base Cycle) *Registers {
	v := s.work.states.take()
	v.reset(base)
	a.visit(s, v)
	a.tally.note(v)
	return v
}

func (a *apart) visit(s *solver, v *Registers) {
	v.owner = a.owner
	s.procs[a.owner].Registers(v)
	v.owner = len(s.procs) + a.edge
	a.fifo.registers(v)
}

// leap skips up to n periods of the two if they repeat themselves, and returns how many.
func (a *apart) leap(s *solver, old, now *Registers, n, beats int64) int64 {
	a.mover.shifts = a.mover.shifts[:0]
	for i := range now.sections {
		if !alike(old, now, i) {
			return 0
		}
		a.mover.shifts = append(a.mover.shifts, now.sections[i].count-old.sections[i].count)
	}
	if a.mover.shifts[0] != beats {
		return 0
	}
	period := now.base - old.base
	n = min(n, s.procs[a.owner].Alike(0, old.sections[0].count, beats), a.fifo.alike(beats), int64(s.horizon-1-a.tally.latest())/int64(period))
	if n < 1 {
		return 0
	}
	a.mover = Registers{skip: true, shifts: a.mover.shifts, periods: n, period: period, time: Cycle(n) * period}
	a.visit(s, &a.mover)
	a.tally.again(old, now, n)
	a.repeat(beats, n, period)
	return n
}

// savedEnd is the state of the two, to go back to.
type savedEnd struct {
	source Source
	sink   Sink
	fifo   Edge
	times  []Cycle
	passed int
	era    int
	bound  int64
}

// save keeps the state of the two.
func (a *apart) save(s *savedEnd) {
	s.fifo, s.passed, s.era, s.bound = *a.fifo, len(a.passed), a.era, a.bound
	if a.source != nil {
		s.source = *a.source
	} else {
		s.sink = *a.sink
	}
	s.times = append(s.times[:0], a.fifo.times...)
}

// restore goes back to it. Of what was remembered the last period is left where it has begun
// anew since.
func (a *apart) restore(s *savedEnd) {
	*a.fifo, a.bound = s.fifo, s.bound
	if a.source != nil {
		*a.source = s.source
	} else {
		*a.sink = s.sink
	}
	copy(a.fifo.times, s.times)
	if a.era == s.era {
		a.passed = a.passed[:s.passed]
	} else if a.passed, a.era = a.passed[:0], a.era+1; s == &a.first {
		a.passed = append(a.passed, a.pattern...)
	}
}
