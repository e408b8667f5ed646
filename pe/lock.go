package pe

import (
	"math/bits"

	"github.com/convsim/convsim/pipeline/clock"
)

// lock is what stands between the adders and the output edge: an output FIFO,
// an output register, and the registered signal that stops computing.
//
// Result r enters the FIFO at pushed(r), moves to the register at
// popped(r) = max(pushed(r)+1, left(r-1)), and is offered from the next cycle
// until it leaves at left(r). The lock closes one cycle after the first in which
// the FIFO holds result r+1 while r sits in the register not taken; it opens one
// cycle after the first that starts with an empty FIFO.
type lock struct {
	slots   []result // a ring of a power of two
	results int64    // computed
	emitted int64    // moved to the register
	head    int64    // oldest result that may still close the lock
	closed  bool
	sure    clock.Cycle // up to here the lock stays open if no further result is computed
}

type result struct{ pushed, popped clock.Cycle }

// newLock makes the lock of arrays of a latency. Its slots bound the results
// between head and results: the lock looks at a pair of results before computing
// beyond the second one's arrival, which is latency cycles after its beat.
func newLock(w *clock.Workspace, latency int) lock {
	const pair, ahead = 2, 27
	return lock{slots: clock.Take[result](w, int64(1)<<bits.Len(uint(latency+pair+ahead-1)))}
}

func (l *lock) at(r int64) *result { return &l.slots[r&int64(len(l.slots)-1)] }

// result notes that a result enters the FIFO in cycle t.
func (l *lock) result(t clock.Cycle) {
	if l.results-l.head >= int64(len(l.slots))-1 {
		panic("pe: more results in flight than computing can be ahead of the lock")
	}
	*l.at(l.results) = result{pushed: t}
	l.results++
}

// emit moves the next result to the output register once the one before is
// known to have left, and reports whether there was one.
func (l *lock) emit(out *clock.Edge) bool {
	if l.emitted == l.results || !out.Open() {
		return false
	}
	r := l.at(l.emitted)
	r.popped = max(r.pushed+1, out.LastSent())
	l.emitted++
	out.Offer(r.popped + 1)
	return true
}

// open finds the first cycle from t on in which the lock is open, and notes in
// sure up to when it stays so; false when that is not known yet. All computing
// before t has been noted. A lock found open again is used at once: a result
// that closes it anew would have to come before it opened.
func (l *lock) open(t clock.Cycle) (clock.Cycle, bool) {
	for {
		if l.head == l.results { // no result is under way
			l.sure = clock.Never
			return t, true
		}
		h := l.at(l.head)
		waiting := l.head+1 < l.results
		switch {
		case l.closed && (!waiting || l.at(l.head+1).pushed > h.popped):
			l.closed, t = false, max(t, h.popped+2)
			continue
		case !l.closed && !waiting:
			l.sure = clock.Never
			return t, true
		}
		next := l.at(l.head + 1)
		blocked := max(h.popped, next.pushed) + 1
		if !l.closed && t <= blocked {
			l.sure = blocked
			return t, true
		}
		if l.emitted <= l.head+1 { // when the head leaves is not known
			return 0, false
		}
		// The next result moves up when the head leaves, or one cycle after its
		// arrival, which is not after blocked.
		if blocked < next.popped {
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
	v.Flag(l.closed)
	for r := l.head; r < l.results; r++ {
		v.Exact(l.at(r).pushed)
		if r < l.emitted {
			v.Exact(l.at(r).popped)
		}
	}
}
