package clock

import "slices"

// Filler is a process with a side that runs ahead of its loop, into a memory; its first
// account is that side's. At a boundary of the loop Fill moves the side as far as the times
// known allow. While it waits neither for room nor for the end of a frame, it and the chain
// in front of it repeat themselves whatever the loop does.
type Filler interface {
	// Hold keeps the process at a boundary of its loop, or lets it go on. Beats that it takes
	// at once meanwhile are those that Fill would take.
	Hold(held bool)
	// Fill stops, and reports so, where the side may repeat itself.
	Fill() (boundary bool)
	// Filling shows v the side by itself, in one section.
	Filling(v *Registers)
	// FillAlike says how many more times the side may move by shift events, having just
	// moved so from event number from on, while nothing but what is in front limits it.
	FillAlike(from, shift int64) int64
}

// front skips periods of that side and of the chain from a source to it.
type front struct {
	part
	filler Filler
	idle   int // boundaries since the last success
	late   int // of them since one was due
}

// mostFront is how many of the newest states of a front are kept; after so many without
// success the search rests for as many times as long.
const (
	mostFront  = 8
	restsFront = 4
)

// findFront finds the chain in front of the driving process, nil if there is none, or that does not fill a
// memory, or anything else reaches into the chain.
func (f *forwarder) findFront(drives int) *front {
	s := f.s
	if drives < 0 {
		return nil
	}
	filler, ok := s.procs[drives].Process.(Filler)
	if !ok || s.tapes != nil || f.watch {
		return nil
	}
	t := &front{part: part{f: f, memory: &s.work.states, owner: drives, show: filler.Filling, tally: tally{accounts: s.procs[drives].Accounts()[:1:1]}}, filler: filler}
	for at := drives; ; {
		if len(s.procs[at].in) != 1 {
			return nil
		}
		in := s.procs[at].in[0]
		at = slices.IndexFunc(s.procs, func(p node) bool { return len(p.out) == 1 && p.out[0] == in })
		if at < 0 {
			return nil
		}
		for i := range s.edges {
			if &s.edges[i] == in {
				t.edges, t.tally.edges = append(t.edges, i), append(t.tally.edges, in)
			}
		}
		t.procs = append(t.procs, at)
		t.tally.accounts = append(t.tally.accounts, s.procs[at].Accounts()...)
		if _, ok := s.procs[at].Process.(*Source); ok {
			t.gated()
			return t
		}
	}
}

// boundary compares the state of the front with those of the boundaries before and skips
// what it can. All else is at rest.
func (t *front) boundary() {
	if t.idle++; t.idle > mostFront && t.idle%(mostFront*restsFront) >= 2*mostFront {
		return
	}
	at := t.tally.accounts[0].last
	if !t.due(at) || !t.paid() {
		return
	}
	now := t.capture(at)
	for i := len(t.past) - 1; i >= 0; i-- {
		if t.try(t.past[i], now) {
			t.memory.keep(now)
			t.forget()
			t.found()
			t.idle = 0
			return
		}
	}
	t.keep(now, mostFront)
}

// due reports whether a state in cycle at may be one that is kept, or else the newest of these is
// some boundaries old: a source with a period is in the phase of one at few boundaries.
func (t *front) due(at Cycle) bool {
	for _, old := range t.past {
		if inPhase(t.gates, at-old.base, false) {
			t.late = 0
			return true
		}
	}
	if t.late++; len(t.past) > 0 && t.late < mostFront/2 {
		return false
	}
	t.late = 0
	return true
}

// try skips as many periods as the loops allow if the state now is that of old.
func (t *front) try(old, now *Registers) bool {
	if !t.same(old, now, false) {
		return false
	}
	n := int64(Unlimited)
	if t.shifts[0] != 0 {
		n = t.filler.FillAlike(old.sections[0].count, t.shifts[0])
	}
	if n = t.periods(old, now, 0, n); n < 1 {
		return false
	}
	t.skip(old, now, n)
	return true
}
