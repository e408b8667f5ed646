package clock

import "slices"

// apart is a source with a period of its own and the FIFO behind it. While a beat is on
// offer in every cycle in which the consumer could take one, the consumer cannot tell when
// it came: the rest of the plan repeats itself whatever the phase of the source is. Then the
// two are left out when states are compared, and when the rest skips its periods, they are
// simulated by themselves: the beats leave when they did in the last period, later.
//
// That is exact only if the FIFO goes on like that; every beat is looked at, and the first
// that would come too late ends the skip.
type apart struct {
	source *Source
	out    *Edge
	owner  int     // the source's number
	edge   int     // the edge's
	left   []Cycle // when the newest beats left the FIFO
	behind int64   // beats that were not on offer in the cycle after the one before had left
	saved  savedEnd

	tally   tally
	pattern []Cycle   // those of the last period
	mover   Registers // moves the two in a skip of their own
}

// savedEnd is the state of the two, to go back to.
type savedEnd struct {
	source Source
	out    Edge
	times  []Cycle
	left   int
}

// mostLeft is how many beats are remembered at most.
const mostLeft = 1 << 16

// findApart finds the first source that may be left out, nil if there is none.
func (f *forwarder) findApart() *apart {
	s := f.s
	if s.tapes != nil || f.watch {
		return nil
	}
	for i := range s.procs {
		source, ok := s.procs[i].Process.(*Source)
		if !ok || source.gate.Period() == 1 || source.spacing > 0 || source.out.depth == 0 || source.out.ram != nil || source.out.watched {
			continue
		}
		for e := range s.edges {
			if &s.edges[e] == source.out {
				a := &apart{source: source, out: source.out, owner: i, edge: e, left: f.s.work.left[:0],
					tally: tally{source.Accounts(), []*Edge{source.out}}}
				source.out.apart = a
				return a
			}
		}
	}
	return nil
}

// take notes that the next beat, which entered the FIFO in cycle in, leaves it in cycle t.
func (a *apart) take(in, t Cycle) {
	if in+Cycle(a.out.latency) > a.out.lastPop()+1 {
		a.behind++
	}
	if len(a.left) == mostLeft {
		a.left = a.left[:0]
	}
	a.left = append(a.left, t)
}

// note notes in a state how often the consumer could have waited, and when it took its
// last beat, from which some of its own state follows.
func (a *apart) note(v *Registers, f *forwarder) {
	if a != nil {
		v.behind, v.popped, v.moved = a.behind, a.out.lastPop(), f.s.moved()
	}
}

// moved is how many beats left the FIFO in a period.
func (a *apart) moved(s *solver, old *Registers, shifts []int64) int64 {
	if a == nil {
		return 0
	}
	return shifts[slices.IndexFunc(old.sections, func(b section) bool { return b.owner == len(s.procs)+a.edge })]
}

// repeat notes that the newest beats left n times more, each time a period later.
func (a *apart) repeat(beats, n int64, period Cycle) {
	if a == nil || beats == 0 {
		return
	}
	size := int64(len(a.left))
	if beats > size || beats*n > mostLeft-size {
		a.left = a.left[:0]
		return
	}
	for i := size - beats; i < size-beats+beats*n; i++ {
		a.left = append(a.left, a.left[i]+period)
	}
}

// is reports whether a section is of what is left out.
func (a *apart) is(s *solver, owner int) bool {
	return a != nil && (owner == a.owner || owner == len(s.procs)+a.edge)
}

// end gives back the memory.
func (a *apart) end(w *Workspace) {
	if a != nil {
		a.out.apart, w.left = nil, a.left
	}
}

// tryApart is try of all but the source that may be left out, which is simulated for as
// long as the rest is skipped.
func (f *forwarder) tryApart(old, now *Registers) bool {
	a := f.apart
	if a == nil || old.behind < now.behind || !f.s.inPhase(now.base-old.base, a) || !f.same(old, now, a) {
		return false
	}
	n, beats := f.periods(old, now, a), a.moved(f.s, old, f.shifts)
	if n < 1 || beats > 0 && now.popped-old.popped != now.base-old.base || !a.worth(n, beats, old, now) {
		return false
	}
	if n = f.replay(beats, n, now.base-old.base); n < 1 {
		return false
	}
	f.same(old, now, a) // for how far the rest moves
	for i, b := range old.sections {
		if a.is(f.s, b.owner) {
			f.shifts[i] = 0
		}
	}
	at, cycles := *a.out, a.source.account.cycles
	f.skip(old, now, n)
	a.out.full, a.out.empty, a.out.late, a.out.waited, a.source.account.cycles = at.full, at.empty, at.late, at.waited, cycles
	return true
}

// worth reports whether simulating n periods of the two alone is cheaper than all that a
// period took until now.
func (a *apart) worth(n, beats int64, old, now *Registers) bool {
	const dearer = 2 // a beat that passes the FIFO alone, than one of those of a run that passes some edge
	return dearer*beats*min(n, 2*a.phases(now.base-old.base)) < n*(now.moved-old.moved)
}

// phases is after how many periods the source is in phase again.
func (a *apart) phases(period Cycle) int64 {
	p, rest := a.source.gate.Period(), period
	for rest != 0 {
		p, rest = rest, p%rest
	}
	return int64(a.source.gate.Period() / p)
}

// replay simulates the source and the FIFO for up to n periods in which as many beats
// leave as in the last one, and returns for how many the consumer cannot tell.
func (f *forwarder) replay(beats, n int64, period Cycle) int64 {
	a, size := f.apart, int64(len(f.apart.left))
	if beats > size || !a.there() {
		return 0
	}
	if beats == 0 {
		return n
	}
	defer func(waits bool) { a.out.waits = waits }(a.out.waits)
	a.out.waits = true // beats do not go on to the consumer
	a.pattern = append(a.pattern[:0], a.left[size-beats:]...)
	phases, old := a.phases(period), (*Registers)(nil)
	for i := int64(0); i < n; i++ {
		if i%phases == 0 && n >= 3*phases {
			now := a.capture(f.s, Cycle(i)*period)
			if old != nil {
				i += phases * f.leap(old, now, (n-i)/phases, beats*phases)
				f.s.work.keepState(old)
			}
			if old = now; i == n {
				break
			}
		}
		a.save()
		for _, t := range a.pattern {
			a.out.Take(t + Cycle(i+1)*period)
			if a.source.Advance(); !a.there() {
				a.restore()
				f.s.work.keepState(old)
				return i
			}
		}
	}
	f.s.work.keepState(old)
	return n
}

// capture takes the state of the two.
func (a *apart) capture(s *solver, base Cycle) *Registers {
	v := s.work.state()
	v.reset(base)
	a.visit(s, v)
	a.tally.note(v)
	return v
}

func (a *apart) visit(s *solver, v *Registers) {
	v.owner = a.owner
	a.source.Registers(v)
	v.owner = len(s.procs) + a.edge
	a.out.registers(v)
}

// leap skips up to n periods of the two if they repeat themselves, and returns how many.
func (f *forwarder) leap(old, now *Registers, n, beats int64) int64 {
	a := f.apart
	if !f.same(old, now, nil) {
		return 0
	}
	n = min(n, a.source.Alike(0, old.sections[0].count, f.shifts[0]), a.out.alike(beats))
	if n < 1 || f.shifts[0] != beats {
		return 0
	}
	period := now.base - old.base
	a.mover = Registers{skip: true, shifts: f.shifts, periods: n, period: period, time: Cycle(n) * period}
	a.visit(f.s, &a.mover)
	a.tally.again(old, now, n)
	a.repeat(beats, n, period)
	return n
}

// there reports whether the next beat is on offer from when the consumer could take one.
func (a *apart) there() bool {
	o, ok := a.out.Head()
	return ok && o <= a.out.lastPop()+1
}

// save keeps the state of the two.
func (a *apart) save() {
	s := &a.saved
	s.source, s.out, s.left = *a.source, *a.out, len(a.left)
	s.times = append(s.times[:0], a.out.times...)
}

// restore goes back to it. What was remembered is given up where it has begun anew since.
func (a *apart) restore() {
	s := &a.saved
	*a.source, *a.out = s.source, s.out
	copy(a.out.times, s.times)
	a.left = a.left[:min(len(a.left), s.left)]
	if len(a.left) < s.left {
		a.left = a.left[:0]
	}
}
