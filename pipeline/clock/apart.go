package clock

import "slices"

// apart is an end with a period of its own and the FIFO beside it. While a beat is on offer in
// every cycle in which the first stage could take one, that stage cannot tell when it came;
// while the last stage finds room whenever it has a beat, it cannot tell when those before it
// left. The rest of the plan then repeats itself whatever the phase of the end is: the two are
// left out when states are compared, and when the rest skips its periods, they are simulated by
// themselves, with beats that pass the FIFO as in the last period.
//
// That is exact only if the FIFO goes on like that; every beat is looked at, and the first
// of which the rest could tell ends the skip.
type apart struct {
	source *Source // the end, or
	sink   *Sink
	fifo   *Edge
	number int     // of the ends
	owner  int     // the end's number
	edge   int     // the FIFO's
	passed []Cycle // when the newest beats left the FIFO for the plan, or entered it from there
	era    int     // how often that was begun anew
	bound  int64   // beats of which the plan could tell
	tight  int64   // beats of which it could tell if the end were in another phase, those of the source
	reset  int64   // number of the first beat of a frame that waited for room for so long that none before it matters, -1: none
	turn   Cycle   // the period of its gate
	off    bool    // it is left out of the states compared last
	seen   bool    // the plan could tell some beat since the newest state, or can now

	tally   tally
	kept    keptTally
	first   savedEnd // before a skip
	saved   savedEnd // before a period of it
	pattern []Cycle  // when beats passed in the last period
	mover   Registers
}

// mostApart is how many ends may be left out: a source and a sink.
const mostApart = 2

// mostPassed is how many beats are remembered at most, mostAgain how many of periods that are
// all alike.
const (
	mostPassed = 1 << 16
	mostAgain  = 1 << 8
)

// findApart finds the first source and the first sink that may be left out.
func (f *forwarder) findApart() (all []*apart) {
	s := f.s
	if s.tapes != nil || f.watch {
		return nil
	}
	var from, to *apart
	for i := range s.procs {
		switch p := s.procs[i].Process.(type) {
		case *Source:
			if from == nil && p.spacing == 0 {
				from = f.newApart(apart{source: p, fifo: p.out, owner: i}, p.gate)
			}
		case *Sink:
			if to == nil && p.pace == None && p.in.short {
				to = f.newApart(apart{sink: p, fifo: p.in, owner: i, number: 1}, p.gate)
			}
		}
	}
	if from != nil {
		all = append(all, from)
		from.fifo.giver = from
	}
	if to != nil && (from == nil || to.fifo != from.fifo) {
		all = append(all, to)
		to.fifo.drain = to
	}
	return all
}

// newApart completes an end, in the memory of an older one, nil if it may not be left out.
func (f *forwarder) newApart(a apart, g Gate) *apart {
	s, e := f.s, a.fifo
	if g.Period() == 1 || e.depth == 0 || e.ram != nil || e.watched {
		return nil
	}
	old := s.work.aparts[a.number]
	if old == nil {
		old = &apart{}
	}
	s.work.aparts[a.number] = nil
	a.turn = g.Period()
	a.tally = tally{s.procs[a.owner].Accounts(), append(old.tally.edges[:0], e)}
	a.passed, a.pattern, a.mover.shifts = old.passed[:0], old.pattern, old.mover.shifts
	a.first.times, a.saved.times = old.first.times, old.saved.times
	*old = a
	return f.newEnd(old)
}

// newEnd finds the number of the FIFO.
func (f *forwarder) newEnd(a *apart) *apart {
	for a.edge = range f.s.edges {
		if &f.s.edges[a.edge] == a.fifo {
			break
		}
	}
	return a
}

// gate is that of the end.
func (a *apart) gate() Gate {
	if a.source != nil {
		return a.source.gate
	}
	return a.sink.gate
}

// took notes that the first stage took the next beat, which entered the FIFO in cycle in, in
// cycle t.
func (a *apart) took(in, t Cycle) {
	late := in + Cycle(a.fifo.latency) - a.fifo.lastPop - 1
	if late > 0 {
		a.bound++
	}
	if late+a.turn > 0 {
		a.tight++
	}
	a.pass(t)
}

// waited notes that the next beat waited for room for so many cycles.
func (a *apart) waited(cycles Cycle) {
	if a.reset < 0 && cycles >= a.turn {
		a.reset = a.fifo.sent + a.fifo.skipped
	}
}

// gave notes that the last stage offered a beat in cycle offer, and that it entered in cycle t.
func (a *apart) gave(offer, t Cycle) {
	if t > offer {
		a.bound++
	}
	if a.fifo.spaced != nil {
		a.fifo.spaced.offered(offer)
	}
	a.pass(t)
}

func (a *apart) pass(t Cycle) {
	if len(a.passed) == mostPassed {
		a.passed, a.era = a.passed[:0], a.era+1
	}
	a.passed = append(a.passed, t)
}

// note notes in a state of how many beats the plan could tell, and when the last one passed,
// from which some of the state of the stage beside it follows.
func (a *apart) note(v *Registers) {
	switch {
	case a.source != nil:
		v.bound[a.number], v.rim[a.number] = a.bound, a.fifo.lastPop
	case a.fifo.Free() && a.fifo.sent == a.fifo.taken:
		v.bound[a.number], v.rim[a.number] = a.bound, a.fifo.lastSent
	default:
		v.bound[a.number] = -1 // it waits for room, or the horizon keeps the sink from what is there
	}
}

// look begins to compare a state with older ones.
func (f *forwarder) look() {
	for _, a := range f.aparts {
		a.off, a.seen = false, false
	}
}

// beats is how many beats passed the FIFO between two states.
func (a *apart) beats(s *solver, old, now *Registers) int64 {
	i := slices.IndexFunc(old.sections, func(b section) bool { return b.owner == len(s.procs)+a.edge })
	return now.sections[i].count - old.sections[i].count
}

// repeat notes that the newest beats passed n times more, each time a period later.
func (a *apart) repeat(beats, n int64, period Cycle) {
	size := int64(len(a.passed))
	if beats == 0 {
		return
	}
	if beats > min(size, mostPassed/2) {
		a.passed, a.era = a.passed[:0], a.era+1
		return
	}
	if times := max(1, mostAgain/beats); times < n || beats*n > mostPassed-size { // nobody needs as many
		times = min(times, n)
		a.era++
		a.passed = append(a.passed[:0], a.passed[size-beats:]...)
		for i := range a.passed {
			a.passed[i] += Cycle(n-times) * period
		}
		size, n = beats, times
	}
	a.passed = slices.Grow(a.passed, int(beats*n))[:size+beats*n]
	from, to := a.passed[size-beats:size+beats*(n-1)], a.passed[size:]
	for i, t := range from {
		to[i] = t + period
	}
}

// of is the end that an owner of a section is or lies beside, if it may be left out.
func (f *forwarder) of(owner int) *apart {
	for _, a := range f.aparts {
		if owner == a.owner || owner == len(f.s.procs)+a.edge {
			return a
		}
	}
	return nil
}

// stay takes what is left out from what moves.
func (f *forwarder) stay(old *Registers, shifts []int64) {
	for i, b := range old.sections {
		if f.isOff(b.owner) {
			shifts[i] = 0
		}
	}
}

// isOff reports whether a section is left out.
func (f *forwarder) isOff(owner int) bool {
	a := f.of(owner)
	return a != nil && a.off
}

// again notes that what lies between two states of a part is skipped n times, by the ends
// that are not left out, and that what those left out counted is not to be counted again.
func (f *forwarder) again(old, now *Registers, n int64, t *tally) {
	for _, a := range f.aparts {
		switch {
		case !slices.Contains(t.edges, a.fifo):
		case a.off:
			a.kept.keep(&a.tally)
		default:
			a.repeat(a.beats(f.s, old, now), n, now.base-old.base)
		}
	}
	t.again(old, now, n)
	for _, a := range f.aparts {
		if a.off && slices.Contains(t.edges, a.fifo) {
			a.kept.back(&a.tally)
		}
	}
}

// keptTally is what an account and an edge counted.
type keptTally struct {
	cycles            [causes]int64
	full, empty, late int64
	early             Cycle
	waited            bool
}

func (k *keptTally) keep(t *tally) {
	e := t.edges[0]
	a := t.accounts[0]
	*k = keptTally{a.cycles, e.full, e.empty, e.late, a.early, e.waited}
}

func (k *keptTally) back(t *tally) {
	e := t.edges[0]
	t.accounts[0].cycles, e.full, e.empty, e.late, t.accounts[0].early, e.waited = k.cycles, k.full, k.empty, k.late, k.early, k.waited
}

// endApart gives back the memory.
func (f *forwarder) endApart() {
	for _, a := range f.aparts {
		a.fifo.giver, a.fifo.drain, f.s.work.aparts[a.number] = nil, nil, a
	}
	f.aparts = nil
}
