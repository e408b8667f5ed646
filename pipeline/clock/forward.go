package clock

import "slices"

// Unlimited is more than any run has of anything.
const Unlimited = 1 << 60

// forwarder skips periods in which the whole plan repeats itself. At the
// boundaries the driving process reports, it compares the complete relative
// state with the newest ones before and with a marked older one (Brent's cycle
// search: the mark moves to boundaries 1, 2, 4, 8, ...). When both are equal,
// what happened in between will happen again, as long as every loop stays in a
// region that looks the same one period later.
//
// A state is as large as what FIFOs hold, and no two are equal while one fills. So
// a state is taken only where as many beats are held on every edge as at the
// boundary before or at the mark, or where ports keep time, and within frames only as
// long as all that was taken without success is small against the beats simulated.
// Where nothing recurs for long, only some of the boundaries within rows are looked at.
type forwarder struct {
	s       *solver
	tracks  [levels]track
	beside  beside
	skipped Cycle
	saved   int64 // beats of the newest skip
	shifts  []int64
	held    []int64 // beats held per edge now
	ports   bool    // some gate has a period: a state may recur after several boundaries
	watch   bool    // look for the period only
	period  Period
	mover   Registers // moves everything in a skip
	tally   tally
	front   *front // nil: none
	rear    *rear  // nil: none
	aparts  []*apart
	even    evenly
	gates   []gated
	lull    lull
}

// track is the search at one level.
type track struct {
	past       []*Registers // newest last
	mark       *Registers
	held       []int64 // beats held per edge at the boundary before
	taken      bool    // the state then was taken
	owed       bool    // it was too dear
	seen, next int64   // boundaries looked at; at which one the mark moves
	idle       int64   // boundaries since the last success
	spent      int64   // numbers taken and moved so far, less what successes were worth
	signs      []int64 // of the newest boundaries
}

// mostPast is how many states are kept where ports keep time, mostFrames how many at the
// ends of frames, which may come round late, and mostNumbers how much these may hold.
const (
	mostPast    = 16
	mostFrames  = 128
	mostNumbers = 1 << 20
)

// How many beats pay for taking a number of a state, and how many numbers may be taken
// before beats pay, at the start and after a success.
const (
	price = 8
	spare = 1 << 13
	cheap = 1 // the price where the sign of the state has been there before
)

// stop ends fast-forward, so that the tail of a run is simulated, and returns
// how many cycles were skipped, and the period found.
func (f *forwarder) stop() (int64, Period) {
	if f == nil {
		return 0, Period{}
	}
	f.s.forward = nil
	for l := range f.tracks {
		f.forget(&f.tracks[l])
	}
	f.lose()
	f.s.segments.end()
	f.front, f.rear, f.s.segments = nil, nil, nil
	f.forget(&f.beside.track)
	f.endApart()
	Keep(f.s.work, f.lull.lists)
	f.s.work.spare, f.s = f, nil
	return int64(f.skipped), f.period
}

// patience is how many boundaries without success make the search at a level rest:
// from then on it looks at an eighth of them, in a row.
const patience = 256

// rests reports whether a boundary is not looked at.
func (f *forwarder) rests(l Level) bool {
	tr := &f.tracks[l]
	tr.idle++
	return l < Row && tr.idle > patience && tr.idle%patience >= patience/8
}

// boundary compares the state with the past and skips what it can.
func (f *forwarder) boundary(at int, p Progress) {
	tr := f.trackOf(at, &p)
	tr.seen++
	f.count()
	tr.taken = f.worth(tr, p) || p.Level == Frame
	if tr.taken && f.compare(tr, p) {
		return
	}
	tr.held, f.held = f.held, tr.held
}

// trackOf is where to search at the boundary that process number at reached.
func (f *forwarder) trackOf(at int, p *Progress) *track {
	if at != f.s.drives {
		p.Level = Row
		return &f.beside.track
	}
	for l := Vector; l < p.Level; l++ {
		f.forget(&f.tracks[l])
	}
	if p.Level == Frame { // the plan's period is seen at frames of the driving process, one by one
		f.forget(&f.beside.track)
	}
	return &f.tracks[p.Level]
}

// compare takes the state and skips what repeats, which ends the search, or else
// keeps the state. It reports whether something was skipped.
func (f *forwarder) compare(tr *track, p Progress) bool {
	now := f.capture(p.At)
	if p.Level == Frame {
		f.even.note(now)
	}
	tr.spent += now.size()
	f.look()
	for i := len(tr.past) - 1; i >= -1; i-- {
		old := tr.mark
		if i >= 0 {
			old = tr.past[i]
		}
		if f.try(p.Level, old, now) {
			tr.spent = max(min(tr.spent, f.s.moved()/price), tr.spent-f.saved) + now.size()
			f.s.work.states.keep(now)
			f.forget(tr)
			f.found(tr)
			return true
		}
	}
	for most := f.most(tr, p.Level, now); len(tr.past) >= most; {
		if tr.past[0] != tr.mark {
			f.s.work.states.keep(tr.past[0])
		}
		tr.past = tr.past[:copy(tr.past, tr.past[1:])]
	}
	tr.past = append(tr.past, now)
	if p.Level == Frame {
		f.frames(tr, now)
	}
	if tr.seen >= tr.next {
		if !slices.Contains(tr.past, tr.mark) {
			f.s.work.states.keep(tr.mark)
		}
		tr.mark, tr.next = now, 2*tr.seen
	}
	return false
}

// most is how many of the newest states of a search are kept, each as large as now.
func (f *forwarder) most(tr *track, l Level, now *Registers) int {
	most, numbers := mostFrames, mostNumbers
	switch {
	case tr == &f.beside.track: // layers of strides behind it come round after several of its rows
		most, numbers = mostPast, mostNumbers/8
	case !f.ports:
		return 1
	case l < Frame:
		return mostPast
	}
	return max(1, min(most, numbers/max(1, int(now.size()))))
}

// count counts the beats held on every edge.
func (f *forwarder) count() {
	f.held = f.held[:0]
	for i := range f.s.edges {
		f.held = append(f.held, f.s.edges[i].holds())
	}
}

// worth reports whether the state now may be that of the past, or is to be the
// mark, and whether taking it is not too dear.
func (f *forwarder) worth(tr *track, p Progress) bool {
	if f.signed(tr, p) && tr.spent <= f.s.moved()/cheap+spare {
		return true
	}
	alike := f.ports || tr == &f.beside.track || slices.Equal(f.held, tr.held) || tr.mark != nil && slices.Equal(f.held, tr.mark.held)
	paid, second := tr.spent <= f.s.moved()/price+spare, tr.taken && !tr.owed // two in a row are needed
	tr.owed = !paid
	return (alike || tr.seen >= tr.next) && (paid || second)
}

// signed reports whether one of the newest boundaries had the sign of this one: as many beats
// on every edge, gates in the same phase, and the front as far ahead. States that are the
// same have.
func (f *forwarder) signed(tr *track, p Progress) bool {
	sign := int64(0)
	add := func(n int64) { sign = (sign ^ n) * 0x100000001b3 }
	for _, n := range f.held {
		add(n)
	}
	for _, g := range f.gates {
		add(int64(p.At % g.period))
	}
	if f.rear != nil {
		add(int64(f.rear.emptier.Ahead()))
	}
	was := slices.Contains(tr.signs, sign)
	if len(tr.signs) == mostPast {
		tr.signs = tr.signs[:copy(tr.signs, tr.signs[1:])]
	}
	tr.signs = append(tr.signs, sign)
	return was
}

// moved is how many beats have been simulated.
func (s *solver) moved() int64 {
	n := int64(0)
	for i := range s.edges {
		n += s.edges[i].taken
	}
	return n
}

// forget starts the search anew.
func (f *forwarder) forget(tr *track) {
	if !slices.Contains(tr.past, tr.mark) {
		f.s.work.states.keep(tr.mark)
	}
	for _, v := range tr.past {
		f.s.work.states.keep(v)
	}
	*tr = track{past: tr.past[:0], held: tr.held[:0], signs: tr.signs[:0], spent: tr.spent, idle: tr.idle}
}

// capture takes the state of everything at the boundary.
func (f *forwarder) capture(base Cycle) *Registers {
	f.s.segments.write()
	v := f.s.work.states.take()
	v.reset(base)
	f.visit(v)
	v.held = append(v.held, f.held...)
	f.tally.note(v)
	v.marks = f.s.marks(v.marks)
	f.note(v)
	return v
}

// note notes what is to be known of ends that may be left out.
func (f *forwarder) note(v *Registers) {
	for _, a := range f.aparts {
		a.note(v)
		v.moved = f.s.moved()
	}
}

// visit shows v all processes and edges.
func (f *forwarder) visit(v *Registers) {
	for i, p := range f.s.procs {
		v.owner = i
		p.Registers(v)
	}
	for i := range f.s.edges {
		v.owner = len(f.s.procs) + i
		f.s.edges[i].registers(v)
	}
}

// lose starts the searches of parts anew.
func (f *forwarder) lose() {
	f.s.segments.lose()
	if f.front != nil {
		f.front.forget()
	}
	if f.rear != nil {
		f.rear.forget()
	}
}

// try skips as many periods as the loops allow if the state now is that of old.
func (f *forwarder) try(level Level, old, now *Registers) bool {
	if old == nil || now.blind {
		return false
	}
	if loose := level < Frame; !inPhase(f.gates, now.base-old.base, loose) || !f.same(old, now, loose) {
		return false
	}
	if level == Frame && f.period.Frames == 0 {
		f.period = f.s.periodOf(f.shifts, old, now)
		f.tally.forever(old, now)
	}
	if f.watch {
		return false
	}
	n := f.alone(old, now, f.periods(old, now))
	if n > 0 {
		f.skip(old, now, n)
	}
	return n > 0
}

// same reports whether the states are equal, each section either moved or as it
// was, and notes how far the sections moved. If the comparison is to be loose, an end that may
// be left out is where it differs.
func (f *forwarder) same(old, now *Registers, loose bool) bool {
	f.shifts = f.shifts[:0]
	for i, b := range now.sections {
		f.shifts = append(f.shifts, b.count-old.sections[i].count)
		if alike(old, now, i) {
			continue
		}
		a := f.of(b.owner)
		if a == nil || !loose {
			return false
		}
		a.off = true
	}
	return true
}

// alike compares a section of two states.
func alike(old, now *Registers, i int) bool {
	a, b := old.sections[i], now.sections[i]
	x, y := old.values[a.from:old.end(i)], now.values[b.from:now.end(i)]
	if len(x) != len(y) {
		return false
	}
	if a.count == b.count {
		for k := range x {
			if x[k].standing != y[k].standing {
				return false
			}
		}
		return true
	}
	for k := range x {
		if x[k].moving != y[k].moving {
			return false
		}
	}
	return true
}

// periods returns for how many more periods all loops look the same, and all that
// has moved stays within the horizon: some stages may be ahead of the driving one.
func (f *forwarder) periods(old, now *Registers) int64 {
	period := int64(now.base - old.base)
	n := min(int64(f.s.horizon-now.base)/period-1, int64(f.s.horizon-1-f.tally.latest())/period)
	n = min(n, f.s.recorded(old, now.base-old.base))
	for i, b := range old.sections {
		shift := f.shifts[i]
		switch {
		case shift == 0 || f.isOff(b.owner):
		case b.owner < len(f.s.procs):
			n = min(n, f.s.procs[b.owner].Alike(b.part, b.count, shift))
		default:
			n = min(n, f.s.edges[b.owner-len(f.s.procs)].alike(shift))
		}
	}
	return n
}

// latest is the cycle of the newest event of all.
func (s *solver) latest() Cycle {
	t := s.newest()
	for _, a := range s.accounts {
		t = max(t, a.last)
	}
	return t
}

// skip skips n times what lies between old and now.
func (f *forwarder) skip(old, now *Registers, n int64) {
	period := now.base - old.base
	f.stay(old, f.shifts)
	f.s.segments.write()
	v := &f.mover
	*v = Registers{skip: true, shifts: f.shifts, periods: n, period: period, time: Cycle(n) * period}
	f.s.recordAgain(old, n)
	f.visit(v)
	f.again(old, now, n, &f.tally)
	f.skipped += v.time
	f.saved = 0
	for i, b := range now.sections {
		if b.owner >= len(f.s.procs) {
			f.saved += n * f.shifts[i]
		}
	}
	f.lull.since = f.s.moved()
	f.lose()
	f.s.wakeAll()
}
