package clock

// Taker is a process that can say beforehand when it takes beats that come in a
// row, one a cycle. Producer, edge and consumer then move many beats at once.
type Taker interface {
	// Takes finds when the process takes the first of n beats at one of its inputs
	// of which it has taken all so far, if beat i is offered from cycle t+i on, and
	// how many it takes one after the other, one a cycle: 0 when that is not known.
	Takes(in *Edge, t Cycle, n int64) (first Cycle, beats int64)
	// Took notes that it took n beats, no more than it said, from cycle first on.
	Took(in *Edge, first Cycle, n int64)
}

// Rows reports whether the consumer can say when it takes beats in rows.
func (e *Edge) Rows() bool { return e.taker != nil }

// OfferRow is Offer of n beats, beat i in cycle t+i, as far as it is known that each
// leaves in that cycle. It returns how many have moved, which may be none: then they
// are to be offered one by one. The edge must be Open.
func (e *Edge) OfferRow(t Cycle, n int64) int64 {
	n = min(n, e.limit-e.offered, int64(e.horizon-t))
	if !e.rows || n < 2 {
		return 0
	}
	if e.taker != nil && e.sent == e.taken {
		if moved := e.through(t, n); moved > 0 {
			if moved < n {
				moved += e.follows(t+Cycle(moved), n-moved)
			}
			if e.receiver == nil { // else it has gone on
				e.wakeConsumer.wake()
			}
			return moved
		}
		if e.receiver != nil && !e.waits { // it takes them one by one
			return 0
		}
	}
	return e.enter(t, n)
}

// Passes is how many of n beats OfferRow would move that begin in cycle t, each of which enters
// when it is offered and goes on at once, and what follows from it as well; 0 if that is not
// known, or is one. So many may be moved, or fewer, but for one. The edge must be Open.
func (e *Edge) Passes(t Cycle, n int64) int64 {
	n = min(n, e.limit-e.offered, int64(e.horizon-t))
	if n < 2 || e.taker == nil || e.receiver == nil || e.waits || e.sent != e.taken || e.giver != nil || e.drain != nil {
		return 0
	}
	first, n := e.taker.Takes(e, t+Cycle(e.latency), n)
	if n < 2 || first >= t+Cycle(e.depth) || e.grows < Unlimited {
		return 0
	}
	return n
}

// PassRow moves beats of which Passes has said that they do.
func (e *Edge) PassRow(t Cycle, n int64) {
	if e.OfferRow(t, n) != n {
		panic("clock: a row does not move on edge " + e.name + " as it was said to")
	}
}

// enter moves n beats into the FIFO, as far as it is known to have room.
func (e *Edge) enter(t Cycle, n int64) int64 {
	first := e.sent
	for k := first; k < first+n; k, t = k+1, t+1 {
		if room, ok := e.room(); !ok || room > t {
			break
		}
		if e.short {
			if back := k - e.reuse; back >= 0 {
				e.full += int64(max(0, e.pops[back&e.mask]-e.lastSent))
			}
			e.entering(k, t)
		} else {
			e.countPush(k, t)
		}
		if e.drain != nil {
			e.drain.gave(t, t)
		}
		e.pushes[k&e.mask] = t
		e.lastSent = t
		e.sent++
		if e.watched {
			e.entered(t, t)
			if e.record != nil {
				e.record.offer(t)
			}
		}
	}
	if n = e.sent - first; n > 0 {
		if first == 0 {
			e.first = t - Cycle(n)
		}
		e.count(n)
		e.pending = t - 1
		e.wakeConsumer.wake()
	}
	return n
}

// through moves n beats into the FIFO and out of it, if the consumer takes them one a
// cycle, too.
func (e *Edge) through(t Cycle, n int64) int64 {
	k, depth := e.sent, Cycle(e.depth)
	first, n := e.taker.Takes(e, t+Cycle(e.latency), n)
	for e.grows < Unlimited && min(int64(first-t), e.peak+n) >= e.grows {
		e.grow()
	}
	switch {
	case first < t+depth:
	case e.short: // it fills up
		n = e.places(t, min(n, e.depth))
	default:
		return 0
	}
	if n < 2 {
		return 0
	}
	q := e.lastPop
	if t > q {
		e.empty += int64(t - q)
	}
	if back := k - e.reuse; e.short && q-e.lastSent >= depth && back >= 0 { // else there has been room all along
		e.full += int64(max(0, e.pops[back&e.mask]-e.lastSent))
	}
	if k == 0 {
		e.first = t
	}
	if first == t+Cycle(e.latency) && (q+1 < first || k == 0) {
		e.countWaited(t)
	}
	e.cross(t, first, n)
	return n
}

// follows moves as many beats more as the consumer takes one a cycle after a row that has just
// gone through, up to n, the first of them in the cycle after its last one.
func (e *Edge) follows(t Cycle, n int64) (moved int64) {
	for e.short && n-moved > 1 {
		first, more := e.taker.Takes(e, t+Cycle(e.latency), n-moved)
		if more < 2 || first >= t+Cycle(e.depth) || min(int64(first-t), e.peak+more) >= e.grows {
			break
		}
		e.cross(t, first, more) // there was room when it came, and one before it when it left
		moved += more
		t += Cycle(more)
	}
	return moved
}

// cross moves n beats into the FIFO from cycle t on, and out of it from cycle first on.
func (e *Edge) cross(t, first Cycle, n int64) {
	k := e.sent
	for i := max(0, n-e.depth); i < n; i++ { // nobody asks any more when they entered
		e.pops[(k+i)&e.mask] = first + Cycle(i)
	}
	e.lastPop = first + Cycle(n-1)
	e.sent, e.taken = k+n, k+n
	e.count(n)
	e.pending = t + Cycle(n-1)
	e.lastSent = e.pending
	if int64(first-t) > e.peak { // else no more are held
		e.filling(k + n - 1)
	}
	if e.watched {
		e.passedRow(t, first, n)
	}
	e.taker.Took(e, first, n)
}

// filling counts what is held when beat k enters, the last of a row: one comes every cycle and no
// more than one leaves, so most are held at the end.
func (e *Edge) filling(k int64) {
	for i := k - e.peak; e.peak < e.depth && i >= 0 && e.lastSent < e.pops[i&e.mask]; i-- {
		e.peak++
	}
}

// places is how many of n beats that come one a cycle from t on find a place at once, if
// none of them leaves before all have come.
func (e *Edge) places(t Cycle, n int64) int64 {
	for i := range n {
		if back := e.sent + i - e.reuse; back >= 0 && e.pops[back&e.mask] >= t+Cycle(i) {
			return i
		}
	}
	return n
}

// passedRow notes n beats at the ends of a watched edge.
func (e *Edge) passedRow(in, out Cycle, n int64) {
	for i := range Cycle(n) {
		if e.record != nil {
			e.record.offer(in + i)
		}
		e.entered(in+i, in+i)
		e.left(in+i+Cycle(e.latency), out+i)
	}
}
