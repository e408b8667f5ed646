package clock

import "slices"

// Registers visits the complete state of a process. It is shown each field
// once, and either notes it, relative to now, or moves it by whole periods.
//
// A process has one or more sections, always the same number in the same order.
// Between two boundaries a section either moves, by some number of events, or
// it stays exactly as it is. A process writes
//
//	v.Section(p.done)
//	if v.Moving() {
//		p.done += v.Beats()
//		v.Move(&p.heldAt)
//		return
//	}
//	v.Exact(p.heldAt)
//
// A section that stands still during a skip is neither moving nor noting: what
// is shown then is ignored.
type Registers struct {
	base Cycle // when the boundary was reached

	// What is noted.
	sections []section
	values   []shown
	repeated int64 // numbers more that these stand for
	counters []int64
	held     []int64          // beats held per edge
	bound    [mostApart]int64 // see apart
	rim      [mostApart]Cycle
	far      far
	moved    int64  // beats simulated up to now
	marks    []mark // of tapes
	blind    bool   // some process cannot be skipped
	owner    int    // whose state is shown

	// What is moved, and how far.
	skip    bool
	next    int     // section
	shifts  []int64 // of every section in one period
	shift   int64   // of the section at hand
	periods int64
	time    Cycle // of all periods
	period  Cycle // of one
}

// shown is a number or time, as it is compared where the section moves, times relative to
// base, and where it stands.
type shown struct{ moving, standing int64 }

// section is where one begins in values, and its events so far.
type section struct {
	owner int // process, or behind all processes edge
	part  int // which section of the owner's
	count int64
	from  int
}

// past stands for every time that can bind nothing any more.
const past = -1 << 62

// Section begins a section with the number of its events so far.
func (v *Registers) Section(count int64) {
	if v.skip {
		v.shift = v.shifts[v.next]
		v.next++
		return
	}
	part := 0
	if n := len(v.sections); n > 0 && v.sections[n-1].owner == v.owner {
		part = v.sections[n-1].part + 1
	}
	v.sections = append(v.sections, section{v.owner, part, count, len(v.values)})
}

// Moving reports that the section is to be moved by Beats events and Time.
func (v *Registers) Moving() bool { return v.skip && v.shift != 0 }

// Beats is how many events the section moves by in all.
func (v *Registers) Beats() int64 { return v.shift * v.periods }

// Shift is how many events it moves by in a period, and Period how long that is.
func (v *Registers) Shift() int64 { return v.shift }

// Period is how long one period is.
func (v *Registers) Period() Cycle { return v.period }

// Move moves times.
func (v *Registers) Move(times ...*Cycle) {
	for _, t := range times {
		*t += v.time
	}
}

// MoveAll moves all times of a list.
func (v *Registers) MoveAll(times []Cycle) {
	for i := range times {
		times[i] += v.time
	}
}

// MoveAccount moves the newest event of an account.
func (v *Registers) MoveAccount(a *Account) { a.last += v.time }

// Time notes a time that matters only when it lies after floor.
func (v *Registers) Time(t, floor Cycle) {
	if t <= floor {
		v.Value(past)
		return
	}
	v.Exact(t)
}

// Exact notes a time that matters however long ago it was.
func (v *Registers) Exact(t Cycle) {
	if !v.skip {
		v.values = append(v.values, shown{int64(t - v.base), int64(t)})
	}
}

// Value notes a number.
func (v *Registers) Value(n int64) {
	if !v.skip {
		v.values = append(v.values, shown{n, n})
	}
}

// Place notes a place: where it is as seen from what moves with the section, and, for
// as long as the section stands still, where it stands.
func (v *Registers) Place(moving, standing int64) {
	if !v.skip {
		v.values = append(v.values, shown{moving, standing})
	}
}

// Flag notes a yes or no.
func (v *Registers) Flag(b bool) {
	n := int64(0)
	if b {
		n = 1
	}
	v.Value(n)
}

// size is how many numbers were looked at.
func (v *Registers) size() int64 { return int64(len(v.values)) + v.repeated }

// Blind says that the process holds something that cannot be skipped.
func (v *Registers) Blind() { v.blind = true }

// reset makes the registers ready to note a boundary at base.
func (v *Registers) reset(base Cycle) {
	v.base, v.blind, v.repeated = base, false, 0
	v.sections, v.values, v.counters = v.sections[:0], v.values[:0], v.counters[:0]
	v.held, v.marks = v.held[:0], v.marks[:0]
}

// Equal reports whether two states show the same numbers, for tests of what a
// process shows.
func Equal(a, b *Registers) bool {
	return slices.Equal(a.sections, b.sections) && slices.Equal(a.values, b.values)
}

// end is where the values of section i end.
func (v *Registers) end(i int) int {
	if i+1 < len(v.sections) {
		return v.sections[i+1].from
	}
	return len(v.values)
}
