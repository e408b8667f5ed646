package clock

import "slices"

// Filler is a process with a side that runs ahead of its loop, into a memory; its first
// account is that side's. At a boundary of the loop Fill moves the side as far as the times
// known allow. While it waits neither for room nor for the end of a frame, it and the chain
// in front of it repeat themselves whatever the loop does.
type Filler interface {
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
	f      *forwarder
	filler Filler
	owner  int // the filler's number
	procs  []int
	edges  []int
	tally  tally
	past   []*Registers // newest last
	idle   int          // boundaries since the last success
	shifts []int64
	mover  Registers
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
	t := &front{f: f, filler: filler, owner: drives, tally: tally{accounts: s.procs[drives].Accounts()[:1:1]}}
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
	now := t.capture()
	for i := len(t.past) - 1; i >= 0; i-- {
		if t.try(t.past[i], now) {
			t.f.s.work.keepState(now)
			t.forget()
			t.idle = 0
			return
		}
	}
	if len(t.past) == mostFront {
		t.f.s.work.keepState(t.past[0])
		t.past = t.past[:copy(t.past, t.past[1:])]
	}
	t.past = append(t.past, now)
}

// forget starts the search anew: after a skip of the whole plan what is kept of the past
// does not lie where the filler's memory has it.
func (t *front) forget() {
	if t == nil {
		return
	}
	for _, v := range t.past {
		t.f.s.work.keepState(v)
	}
	t.past = t.past[:0]
}

// capture takes the state of the front.
func (t *front) capture() *Registers {
	v := t.f.s.work.state()
	v.reset(t.tally.accounts[0].last)
	t.visit(v)
	t.tally.note(v)
	return v
}

// visit shows v the side that fills, and the processes and edges in front of it.
func (t *front) visit(v *Registers) {
	s := t.f.s
	v.owner = t.owner
	t.filler.Filling(v)
	for _, i := range t.procs {
		v.owner = i
		s.procs[i].Registers(v)
	}
	for _, i := range t.edges {
		v.owner = len(s.procs) + i
		s.edges[i].registers(v)
	}
}

// try skips as many periods as the loops allow if the state now is that of old.
func (t *front) try(old, now *Registers) bool {
	s := t.f.s
	if now.blind || !s.inPhase(now.base-old.base, nil) || !t.f.same(old, now, nil) {
		return false
	}
	n := t.periods(old, now)
	if n < 1 {
		return false
	}
	period := now.base - old.base
	t.shifts = append(t.shifts[:0], t.f.shifts...)
	t.mover = Registers{skip: true, shifts: t.shifts, periods: n, period: period, time: Cycle(n) * period}
	t.visit(&t.mover)
	t.tally.again(old, now, n)
	t.f.apart.repeat(t.f.apart.moved(s, old, t.shifts), n, period)
	s.wakeAll()
	return true
}

// periods returns for how many more periods all loops of the front look the same.
func (t *front) periods(old, now *Registers) int64 {
	s, period := t.f.s, int64(now.base-old.base)
	latest := Cycle(-1)
	for _, a := range t.tally.accounts {
		latest = max(latest, a.last)
	}
	for _, e := range t.tally.edges {
		latest = max(latest, e.newest())
	}
	n := int64(s.horizon-1-latest) / period
	for i, b := range old.sections {
		shift := t.f.shifts[i]
		switch {
		case shift == 0:
		case b.owner == t.owner:
			n = min(n, t.filler.FillAlike(b.count, shift))
		case b.owner < len(s.procs):
			n = min(n, s.procs[b.owner].Alike(b.part, b.count, shift))
		default:
			n = min(n, s.edges[b.owner-len(s.procs)].alike(shift))
		}
	}
	return n
}
