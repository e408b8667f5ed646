package clock

// between is what both sides of a FIFO between two segments know of it. Of echoes the rings lack
// the times until they are asked for, if both sides are segments.
type between struct {
	pushed, popped echoes
	lazy           bool
}

// someMore is for how many pops more than one that is asked for the times are written.
const someMore = 64

// bring writes when beat back left, and some after it. It does so always, and says so where that is
// a condition.
func (e *Edge) bring(back int64) bool {
	end := min(e.taken, back+someMore)
	e.between.popped.write(max(e.lacksPops, e.sent-e.depth), end, e.pops)
	if e.lacksPops = end; end == e.taken {
		e.lacksPops = Unlimited
	}
	return true
}

// reveal shows the beats up to a number, all before which have been taken so far as they were shown.
func (e *Edge) reveal(end int64) {
	if e.lacksPushes < end {
		e.between.pushed.write(e.taken, end, e.pushes)
		if e.lacksPushes = end; end == e.sent {
			e.lacksPushes = Unlimited
		}
	}
	e.shown = end
}

// cameAt is when beat k entered, and wentAt when it left, as far as nobody has forgotten it.
func (e *Edge) cameAt(k int64) Cycle { return e.between.pushed.at(k, e.pushes) }
func (e *Edge) wentAt(k int64) Cycle { return e.between.popped.at(k, e.pops) }

// write writes all times into the rings that have a place there: no beat is an echo any more.
func (e *Edge) write() {
	b := e.between
	b.pushed.write(e.sent-e.mask-1, e.sent, e.pushes)
	b.popped.write(e.taken-e.mask-1, e.taken, e.pops)
	b.pushed.list, b.popped.list = b.pushed.list[:0], b.popped.list[:0]
	e.lacksPushes, e.lacksPops = Unlimited, Unlimited
}
