package clock

import "slices"

// Shares are numbers of cycles by what they are called.
type Shares [causes]int64

// Run is a stretch of a history: so many cycles of one cause, or a list of runs, one
// time or again and again.
type Run struct {
	Cycles Cycle // of one time
	Times  int64
	Cause  Cause   // of all cycles, when neither Of nor Mix is there
	Of     []Run   // what one time is made of
	Mix    *Shares // what one time is made of where its order was not kept
}

// All is the cycles of all times.
func (r *Run) All() Cycle { return r.Cycles * Cycle(r.Times) }

// Shares are the cycles of all times.
func (r *Run) Shares() (s Shares) {
	switch {
	case r.Mix != nil:
		s = *r.Mix
	case r.Of != nil:
		for i := range r.Of {
			s.add(r.Of[i].Shares())
		}
	default:
		s[r.Cause] = int64(r.Cycles)
	}
	for i := range s {
		s[i] *= r.Times
	}
	return s
}

func (s *Shares) add(t Shares) {
	for i, n := range t {
		s[i] += n
	}
}

// History is what was done in every cycle from 0 on: a Tape as runs. Periods that
// fast-forward skips are in it as what they are: runs that repeat. A history that would
// become longer than it may keeps the shares of short stretches instead of their order.
type History struct {
	Runs []Run

	so   Shares // of all cycles
	most int    // runs it may hold, those within runs included
	held int    // runs it holds
	fine Cycle  // stretches shorter than this have lost their order, 0 for none
}

// Fine is the length of the stretches whose order was given up, 0 when that of all
// cycles is known.
func (h *History) Fine() Cycle { return h.fine }

// add appends a run.
func (h *History) add(r Run) {
	last := len(h.Runs) - 1
	if !r.plain() {
		h.so.add(r.Shares())
	} else if h.so[r.Cause] += int64(r.Cycles); last >= 0 && h.Runs[last].Cause == r.Cause && h.Runs[last].plain() {
		h.Runs[last].Cycles += r.Cycles
		return
	}
	if len(h.Runs) == cap(h.Runs) { // twice as many: append alone would copy them five times
		h.Runs = slices.Grow(h.Runs, len(h.Runs)+1)
	}
	h.Runs = append(h.Runs, r)
	if h.held += 1 + held(r.Of); h.held > h.most {
		h.coarsen()
	}
}

// Nth is the cycle of busy cycle number n, counted from 0, and whether the history is
// fine enough to know; Never when there are fewer.
func (h *History) Nth(n int64) (Cycle, bool) {
	if n >= h.so[Busy] {
		return Never, true
	}
	return nth(h.Runs, n)
}

// nth finds busy cycle number n, which is there.
func nth(runs []Run, n int64) (Cycle, bool) {
	at := Cycle(0)
	for i := range runs {
		r := &runs[i]
		busy := r.Shares()[Busy]
		if n >= busy {
			n -= busy
			at += r.All()
			continue
		}
		one := busy / r.Times
		at += r.Cycles * Cycle(n/one)
		n %= one
		switch {
		case r.Mix != nil:
			return at + r.Cycles*Cycle(n)/Cycle(one), false
		case r.Of != nil:
			within, exact := nth(r.Of, n)
			return at + within, exact
		}
		return at + Cycle(n), true
	}
	return Never, true
}

// plain reports whether the run is a single stretch of one cause.
func (r *Run) plain() bool { return r.Times == 1 && r.Of == nil && r.Mix == nil }

// Within returns the history with at most so many runs: itself, or a coarser one.
func (h *History) Within(most int) *History {
	c := &History{Runs: h.Runs, so: h.so, most: most, held: h.held, fine: h.fine}
	if c.held > most {
		c.coarsen()
	}
	return c
}

// Between returns the history with cycles before and behind it in which there was
// nothing to do.
func (h *History) Between(before, after Cycle) *History {
	b := &History{most: h.most + 2, held: h.held, fine: h.fine, so: h.so}
	idle := func(n Cycle) {
		if n > 0 {
			b.Runs = append(b.Runs, Run{Cycles: n, Times: 1, Cause: Finished})
			b.held++
			b.so[Finished] += int64(n)
		}
	}
	idle(before)
	b.Runs = append(b.Runs, h.Runs...)
	idle(after)
	return b
}

// coarsen gives up the order of short stretches until the history is half as long
// as it may be.
func (h *History) coarsen() {
	var total Cycle
	for i := range h.Runs {
		total += h.Runs[i].All()
	}
	fine := max(h.fine, 2)
	for fine < total/Cycle(h.most) {
		fine *= 2
	}
	for ; fine/2 <= total; fine *= 2 {
		h.Runs = squeezed(h.Runs, fine)
		h.fine = fine
		if h.held = held(h.Runs); h.held <= h.most/2 {
			return
		}
	}
}

// held counts runs and those within them.
func held(runs []Run) int {
	n := len(runs)
	for i := range runs {
		n += held(runs[i].Of)
	}
	return n
}

// squeezed mixes what lies beside each other until every run is at least so long,
// but for the last one.
func squeezed(runs []Run, fine Cycle) []Run {
	var out []Run
	var mix Shares
	var length Cycle
	flush := func() {
		if length > 0 {
			shares := mix
			out = append(out, Run{Cycles: length, Times: 1, Mix: &shares})
			mix, length = Shares{}, 0
		}
	}
	for _, r := range runs {
		if r.All() < fine {
			mix.add(r.Shares())
			if length += r.All(); length >= fine {
				flush()
			}
			continue
		}
		flush()
		out = append(out, r.squeezed(fine))
	}
	flush()
	return out
}

// squeezed gives up the order within a run where it is shorter than fine.
func (r Run) squeezed(fine Cycle) Run {
	switch {
	case r.Of == nil:
	case r.Cycles >= fine:
		r.Of = squeezed(r.Of, fine)
	default:
		one := r
		one.Times = 1
		shares := one.Shares()
		r.Of, r.Mix = nil, &shares
	}
	return r
}
