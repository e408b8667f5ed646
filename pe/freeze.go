package pe

import "github.com/convsim/convsim/pipeline/clock"

// freeze is the output of a pipeline that stops as a whole while its results
// cannot leave: FINN's cores before they got an output queue.
//
// A result is due in the cycle in which it stands at the pipeline's end. Two
// registers follow, a side and an output register. A result that is due while
// the side register is empty moves on; the pipeline stands still
//   - (early) while the side register is full: the result fills it when the one
//     before stays in the output register, else it passes it by;
//   - (late) while the side register is full and a result is due: each result
//     passes the side register, and enters it when it was empty before.
type freeze struct {
	latency clock.Cycle
	late    bool

	due   []clock.Cycle // of the results in the pipeline, as far as the stops are known
	moved clock.Cycle   // when the newest result left the side register (late)
	stops []stop        // known, not yet over when the newest beat was computed

	first   bool        // a result is in the side register (late), and when it leaves is not known
	entered clock.Cycle // when it came there
}

// stop is the first and last cycle of a standstill.
type stop struct{ first, last clock.Cycle }

func (s stop) cycles() clock.Cycle { return s.last - s.first + 1 }

// computed notes a result, which every stop that is still to come delays.
func (f *freeze) computed(out *clock.Edge, t clock.Cycle) {
	due := t + f.latency
	for _, s := range f.stops {
		due += s.cycles()
	}
	f.due = append(f.due, due)
	f.emit(out)
}

// emit offers results as far as the one before is known to have left, and reports
// whether anything moved.
func (f *freeze) emit(out *clock.Edge) bool {
	moved := false
	for f.next(out) {
		moved = true
	}
	return moved
}

// next moves the oldest result on, if it can.
func (f *freeze) next(out *clock.Edge) bool {
	if f.late {
		return f.enter() || f.load(out)
	}
	if len(f.due) == 0 || !out.Open() {
		return false
	}
	due, left := f.pop(), out.LastSent()
	out.Offer(max(due, left) + 1)
	f.stop(stop{due + 1, left})
	return true
}

// enter moves the oldest result into the first of two registers once the one
// before is known to have moved on to the second.
func (f *freeze) enter() bool {
	if len(f.due) == 0 || f.first {
		return false
	}
	due := f.pop()
	f.first, f.entered = true, max(due, f.moved+1)
	f.stop(stop{due, f.moved})
	return true
}

// load moves it on to the second, whose result is known to have left.
func (f *freeze) load(out *clock.Edge) bool {
	if !f.first || !out.Open() {
		return false
	}
	f.moved = max(f.entered+1, out.LastSent())
	f.first, f.entered = false, 0
	out.Offer(f.moved + 1)
	return true
}

// pop takes the oldest result out of the pipeline.
func (f *freeze) pop() clock.Cycle {
	due := f.due[0]
	f.due = f.due[:copy(f.due, f.due[1:])]
	return due
}

// stop notes a standstill, unless it is of no cycle; it delays all that is in the pipeline.
func (f *freeze) stop(s stop) {
	if s.cycles() <= 0 {
		return
	}
	f.stops = append(f.stops, s)
	for i := range f.due {
		f.due[i] += s.cycles()
	}
}

// undecided is the first cycle of which it is not known whether the pipeline
// stands still: the oldest result may stop it from then on.
func (f *freeze) undecided() clock.Cycle {
	switch {
	case len(f.due) == 0:
		return clock.Never
	case f.late:
		return f.due[0]
	}
	return f.due[0] + 1
}

func (f *freeze) open(t clock.Cycle) (clock.Cycle, bool) {
	over := 0
	for over < len(f.stops) && f.stops[over].first <= t {
		t = max(t, f.stops[over].last+1)
		over++
	}
	if t >= f.undecided() {
		return 0, false
	}
	f.stops = f.stops[:copy(f.stops, f.stops[over:])]
	return t, true
}

func (f *freeze) sure() clock.Cycle {
	if len(f.stops) > 0 {
		return f.stops[0].first - 1
	}
	return f.undecided() - 1
}

// runs holds up to what is not decided, unless there are stops.
func (f *freeze) runs(out *clock.Edge, t clock.Cycle) (until clock.Cycle, ok bool) {
	f.emit(out)
	until = f.undecided() - 1
	return until, len(f.stops) == 0 && t <= until
}

// passes knows of no rows of results.
func (f *freeze) passes(*clock.Edge, clock.Cycle, int64) int64 { return 0 }
func (f *freeze) pass(*clock.Edge, clock.Cycle, int64)         {}

func (f *freeze) release(*clock.Workspace) {}

// registers shows the results in the pipeline and the stops that may bind.
func (f *freeze) registers(v *clock.Registers) {
	if v.Moving() {
		v.Move(&f.moved)
		if f.first {
			v.Move(&f.entered)
		}
		v.MoveAll(f.due)
		for i := range f.stops {
			v.Move(&f.stops[i].first)
			v.Move(&f.stops[i].last)
		}
		return
	}
	if f.late { // else it stands still
		v.Exact(f.moved)
	}
	v.Flag(f.first)
	if f.first {
		v.Exact(f.entered)
	}
	v.Value(int64(len(f.due)))
	for _, t := range f.due {
		v.Exact(t)
	}
	for _, s := range f.stops {
		v.Exact(s.first)
		v.Exact(s.last)
	}
}
