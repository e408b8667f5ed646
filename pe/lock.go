package pe

import (
	"math/bits"

	"github.com/convsim/convsim/pipeline/clock"
)

// lock is the output of a pipeline that never stops: an output FIFO, an output
// register, and the registered signal that stops computing one cycle after a
// result is held up and until the FIFO has drained. The FIFO always has room for
// what is in flight when the lock closes.
//
// Result r enters the FIFO at pushed(r), moves to the register at
// popped(r) = max(pushed(r)+1, left(r-1)), and is offered from the next cycle
// until it leaves at left(r). The lock closes one cycle after the first in which
// the FIFO holds result r+1 while r sits in the register not taken; it opens one
// cycle after the first that starts with an empty FIFO.
type lock struct {
	latency clock.Cycle // of the pipeline
	slots   []result    // a ring of a power of two
	results int64       // computed
	emitted int64       // moved to the register
	head    int64       // oldest result that may still close the lock
	closed  bool
	room    int64       // results FINN's queue has room for, 0 if that is not known
	over    clock.Cycle // the first in which it would have held more, 0 if it never did
}

type result struct{ pushed, popped clock.Cycle }

// undecided bounds the results between head and results beyond those in the
// pipeline: the pair the lock looks at, and those computed in the cycles between
// the second one's arrival and the lock's closing.
const undecided = 5

// newLock makes the lock of arrays of a latency, in front of a queue of so many
// places as FINN's has.
func newLock(w *clock.Workspace, latency, room int) *lock {
	return &lock{latency: clock.Cycle(latency), room: int64(min(room, latency+undecided-1)), slots: clock.Take[result](w, int64(1)<<bits.Len(uint(latency+undecided-1)))}
}

func (l *lock) at(r int64) *result { return &l.slots[r&int64(len(l.slots)-1)] }

// computed notes a result, which enters the FIFO when it leaves the pipeline.
func (l *lock) computed(out *clock.Edge, t clock.Cycle) {
	if size := int64(len(l.slots)); l.results-l.head >= size {
		if l.settle(); l.results-l.head >= size {
			panic("pe: more results in flight than computing can be ahead of the lock")
		}
	}
	*l.at(l.results) = result{pushed: t + l.latency}
	if r := l.results - l.room; l.room > 0 && r >= 0 && r < l.emitted {
		l.overfill(r)
	}
	l.results++
	l.emit(out)
}

// overfill notes when result r is still in the queue while as many as there is room
// for come behind it.
func (l *lock) overfill(r int64) {
	pushed := l.at(r + l.room).pushed
	if l.at(r).popped > pushed && (l.over == 0 || pushed < l.over) {
		l.over = pushed
	}
}

// emit moves results to the output register as far as the one before is known to have
// left, and reports whether there was one.
func (l *lock) emit(out *clock.Edge) bool {
	moved := false
	for l.emitted < l.results && out.Open() {
		r := l.at(l.emitted)
		r.popped = max(r.pushed+1, out.LastSent())
		if l.room > 0 && l.emitted+l.room < l.results {
			l.overfill(l.emitted)
		}
		l.emitted++
		out.Offer(r.popped + 1)
		moved = true
	}
	return moved
}

// sure is up to when the lock found open stays so.
func (l *lock) sure() clock.Cycle {
	switch l.settle(); {
	case l.closed:
		return 0
	case l.head+1 >= l.results:
		return clock.Never
	}
	return l.blocked()
}

// runs holds up to the first result that may be held up for long enough.
func (l *lock) runs(out *clock.Edge, t clock.Cycle) (until clock.Cycle, ok bool) {
	if l.emitted < l.results {
		l.emit(out)
	}
	until = l.sure()
	return until, t <= until && !l.closed
}

// passes holds where nothing is in the queue: no result waits there then, and none closes the lock.
func (l *lock) passes(out *clock.Edge, t clock.Cycle, n int64) int64 {
	offer := t + l.latency + 2
	if l.emitted < l.results || !out.Open() || out.LastSent() >= offer {
		return 0
	}
	return out.Passes(offer, n)
}

func (l *lock) pass(out *clock.Edge, t clock.Cycle, n int64) {
	for i := max(0, n-int64(len(l.slots))); i < n; i++ {
		pushed := t + clock.Cycle(i) + l.latency
		*l.at(l.results + i) = result{pushed, pushed + 1}
	}
	l.results += n
	l.emitted, l.head = l.results, l.results-1
	out.PassRow(t+l.latency+2, n)
}

// settle passes by what is known not to close the lock.
func (l *lock) settle() {
	for !l.closed && l.emitted > l.head+1 && l.blocked() >= l.at(l.head+1).popped {
		l.head++
	}
}

// blocked is the last cycle in which the lock is open if the result behind the head
// does not move up.
func (l *lock) blocked() clock.Cycle { return max(l.at(l.head).popped, l.at(l.head+1).pushed) + 1 }

// release gives the memory back after the run.
func (l *lock) release(w *clock.Workspace) { clock.Keep(w, l.slots) }

// open finds the first cycle from t on in which the lock is open. A lock found open
// again is used at once: a result that closes it anew would have to come before it
// opened.
func (l *lock) open(t clock.Cycle) (clock.Cycle, bool) {
	for {
		if l.head == l.results { // no result is under way
			return t, true
		}
		h := l.at(l.head)
		waiting := l.head+1 < l.results
		switch {
		case l.closed && (!waiting || l.at(l.head+1).pushed > h.popped):
			l.closed, t = false, max(t, h.popped+2)
			continue
		case !l.closed && !waiting:
			return t, true
		}
		blocked := l.blocked()
		if !l.closed && t <= blocked {
			return t, true
		}
		if l.emitted <= l.head+1 { // when the head leaves is not known
			return 0, false
		}
		// The next result moves up when the head leaves, or one cycle after its
		// arrival, which is not after blocked.
		if blocked < l.at(l.head+1).popped {
			l.closed = true
		}
		l.head++
	}
}

// registers shows the lock's part. How many results there are and how many have
// been emitted follows from the beats computed and offered; how many may still
// close the lock, from how many numbers this adds.
func (l *lock) registers(v *clock.Registers) {
	if v.Moving() {
		for i := range l.slots {
			v.Move(&l.slots[i].pushed, &l.slots[i].popped)
		}
		return
	}
	l.settle()
	v.Flag(l.closed)
	for r := l.head; r < l.results; r++ {
		v.Exact(l.at(r).pushed)
		if r < l.emitted {
			v.Exact(l.at(r).popped)
		}
	}
}
