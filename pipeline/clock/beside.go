package clock

// beside is the search at rows of other processes than the driving one. That one may have
// few rows or none for most of a run: a pooling over all that is left of an image, or
// layers of strides behind large ones. And while it is held at a boundary, what is in front
// of it runs ahead wherever a FIFO has room for a frame.
//
// The driving process and the others take turns, each for ever longer as long as nothing
// recurs. Of the others one is looked at each time: when it is silent while others come to
// the ends of their rows, or nothing recurs at its own, another one takes its place.
type beside struct {
	track
	some   bool // there are others
	turn   bool // it is theirs
	until  int  // turns of processes, as those of the solver, at which it ends
	budget int  // how long it is
	lead   int  // number of the process looked at
	silent int  // ends of rows of others since its last one
}

// How many rows of others come to their ends before one of them is looked at, how many
// rows are looked at in vain, and how long the first turn is.
const (
	mostSilent = 16
	mostVain   = 64
	firstTurn  = 1 << 17
)

// besides is the search at the start of a run, with the memory of an older one.
func besides(s *solver, old track) beside {
	return beside{track: track{past: old.past, held: old.held}, some: s.leads, turn: s.leads, until: firstTurn, budget: firstTurn, lead: -1, silent: mostSilent}
}

// looks reports whether the state is to be compared at the boundary that process number at
// reached. The end of a frame of the driving process always is, where more than two may
// be alike.
func (f *forwarder) looks(at int, l Level) bool {
	b := &f.beside
	if f.s.segments != nil {
		return f.frame(at, l)
	}
	if f.lulled() && l < Row {
		return false
	}
	if b.some && f.s.turns > b.until {
		b.turn, b.budget = !b.turn, 2*b.budget
		b.until = f.s.turns + b.budget
		f.forget(&b.track)
	}
	switch {
	case at == f.s.drives:
		return f.frame(at, l) || l < Frame && !b.turn && !f.rests(l)
	case !b.turn:
		return false
	case at != b.lead:
		if b.silent++; b.silent <= mostSilent {
			return false
		}
		f.forget(&b.track)
		b.lead, b.idle = at, 0
	}
	b.silent = 0
	if b.idle++; b.idle > mostVain {
		b.lead, b.silent = -1, mostSilent
	}
	return true
}

// frame reports whether process number at reached the end of a frame at which the plan's
// period may be seen.
func (f *forwarder) frame(at int, l Level) bool { return at == f.s.drives && l == Frame && f.s.many }

// found notes that a state recurred in a search: it goes on there.
func (f *forwarder) found(tr *track) {
	tr.idle = 0
	f.beside.budget = firstTurn
	f.beside.until = f.s.turns + firstTurn
}
