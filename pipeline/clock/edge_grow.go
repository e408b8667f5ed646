package clock

import "math/bits"

// A deep FIFO's rings begin small, and grow with what the run makes it hold: most FIFOs without
// end hold little. They have more places than peak, or than beats that are not known to have
// left. What they have no more of was so long ago that it binds nothing: a place whose last beat
// left after the newest one entered is one of a FIFO that was full then, by its depth.

// firstRing is how many places a ring has at first, at most, and ringsGrow how many times as many next.
var (
	firstRing = int64(1 << 12)
	ringsGrow = int64(4)
)

// newRings makes the rings of a FIFO that holds so many beats at most.
func (e *Edge) newRings(w *Workspace, most int64) {
	e.reuse, e.grows = e.depth, Unlimited
	size := ringOf(most)
	if size > firstRing {
		size = firstRing
		e.work, e.reuse, e.grows = w, Unlimited, size-2
	}
	e.setRings(Take[Cycle](w, 2*size))
}

// ringOf is the size of a ring that has more places than so many.
func ringOf(most int64) int64 { return 1 << bits.Len64(uint64(most)) }

func (e *Edge) setRings(times []Cycle) {
	size := int64(len(times) / 2)
	e.times, e.pushes, e.pops, e.mask = times, times[:size:size], times[size:], size-1
}

// grow makes the rings larger, before peak, or what is held, comes up with them. An end that is
// left out may go back to the old ones.
func (e *Edge) grow() {
	times, pushes, pops, old := e.times, e.pushes, e.pops, e.mask
	size := min(ringsGrow*(old+1), ringOf(e.depth))
	e.setRings(Take[Cycle](e.work, 2*size))
	e.since = max(e.since, e.sent-old-1)
	for k := e.since; k < e.sent; k++ {
		e.pushes[k&e.mask] = pushes[k&old]
	}
	for k := max(0, e.taken-old-1); k < e.taken; k++ {
		e.pops[k&e.mask] = pops[k&old]
	}
	if e.giver == nil && e.drain == nil {
		Keep(e.work, times)
	}
	if e.grows = size - 2; size > e.depth {
		e.reuse, e.grows = e.depth, Unlimited
	}
}

// keeps reports whether the times of the beats from number first on are known, and sees to it that
// those of as many will be.
func (e *Edge) keeps(first int64) bool {
	if e.sent-first > e.mask+1 {
		if e.grows < Unlimited {
			e.grow()
		}
		return false
	}
	return first >= e.since
}
