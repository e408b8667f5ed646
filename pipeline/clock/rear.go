package clock

import "slices"

// Emptier is a Filler with a side that empties its memory; its second account is that side's.
// While all that it takes has been there for long, it and all that follows repeat themselves
// whatever the side that fills does. When it may write again is told to that side.
type Emptier interface {
	Filler
	// Ahead is how long after the newest event of the side that empties the newest one of
	// the side that fills is; 0 while the one waits for the other.
	Ahead() Cycle
	// Emptying shows v the side that empties by itself, in one section.
	Emptying(v *Registers)
	// EmptyAlike says how many more times that side may move by shift events, having just
	// moved so from cycle since on, when all that it has taken since then and will take was
	// there in that cycle.
	EmptyAlike(since Cycle, shift int64) int64
}

// rear skips periods of that side and of all that is not in the front.
type rear struct {
	part
	emptier Emptier
	leads   [Row]Cycle // of the front at the newest boundaries
}

// mostRear is how many of the newest states of a rear are kept.
const mostRear = 8

// findRear finds what does not lie in front of the driving process, nil if there is no such front.
func (f *forwarder) findRear() *rear {
	t := f.front
	if t == nil {
		return nil
	}
	emptier, ok := t.filler.(Emptier)
	if !ok {
		return nil
	}
	r := &rear{part: part{f: f, memory: &f.s.work.states, owner: t.owner, show: emptier.Emptying}, emptier: emptier}
	for i := range f.s.procs {
		if i != t.owner && !slices.Contains(t.procs, i) {
			r.procs = append(r.procs, i)
		}
	}
	r.gated()
	for i := range f.s.edges {
		if !slices.Contains(t.edges, i) {
			r.edges, r.tally.edges = append(r.edges, i), append(r.tally.edges, &f.s.edges[i])
		}
	}
	for _, a := range f.s.accounts {
		if !slices.Contains(t.tally.accounts, a) {
			r.tally.accounts = append(r.tally.accounts, a)
		}
	}
	return r
}

// skipRear skips what the rear can at a boundary that process number at reached, as long as
// the front is ahead of it, and lets the front follow. It reports whether the whole plan need
// not be looked at there: it does not recur while the lead of the front changes.
func (f *forwarder) skipRear(at int, p Progress) bool {
	r := f.rear
	if r == nil || at != r.owner || p.Level >= Row {
		return false
	}
	lead, before := r.emptier.Ahead(), r.leads[p.Level]
	r.leads[p.Level] = lead
	if lead < farAhead {
		r.forget()
		return false
	}
	if !r.paid() {
		return lead != before
	}
	now := r.capture(p.At)
	f.look()
	for i := len(r.past) - 1; i >= 0; i-- {
		if r.follow(r.past[i], now) {
			r.memory.keep(now)
			r.found()
			return true
		}
	}
	r.keep(now, mostRear)
	return lead != before
}

// farAhead is by how many cycles a front is ahead for the rear to be looked at alone.
const farAhead = 64

// follow skips what lies between old and now again and again, for as long as the front,
// which moves on in between, is far enough ahead.
func (r *rear) follow(old, now *Registers) bool {
	if !r.same(old, now, true) || r.shifts[0] == 0 {
		return false
	}
	period, gone := now.base-old.base, int64(0)
	for {
		// Once it has come up with the front, both repeat themselves together: going further changes no
		// result, but takes more beats and memory.
		most := int64(r.emptier.Ahead()) / int64(period)
		n := r.periods(old, now, gone, min(most, r.emptier.EmptyAlike(old.base+Cycle(gone)*period, r.shifts[0])))
		if n = r.f.alone(old, now, n); n < 1 {
			return gone > 0
		}
		r.skip(old, now, n)
		gone += n
		r.f.s.rest(r.owner)
	}
}
