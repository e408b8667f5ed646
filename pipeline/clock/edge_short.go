package clock

// The short way is that of beats through a plain FIFO that nobody watches. What a beat
// finds out about the fill is counted once: when it enters, for how long there was no
// room before, and when it leaves, for how long there was nothing. What no later beat
// counts, useShort adds.

// Receiver is a process of one input that takes a beat at once, if all is known that it
// depends on: beats then go on from process to process, and do not wait in FIFOs until it
// is the next one's turn.
type Receiver interface {
	// Receive takes the next beat, which is offered from cycle o on, and returns when; or
	// reports that this is not known yet, and leaves the beat where it is.
	Receive(o Cycle) (t Cycle, ok bool)
}

// Receivers is a process of several inputs, each of which takes beats at once.
type Receivers interface {
	ReceiverOf(in *Edge) Receiver
}

// shorten finds the edges that beats pass in rows, those that they pass the short way, and
// the consumers that take them at once, unless some process wants to know whenever something
// moves.
func (s *solver) shorten() {
	for i := range s.edges {
		e := &s.edges[i]
		if e.depth == 0 || e.ram != nil {
			continue
		}
		e.rows, e.short = true, !e.watched
		e.taker, _ = e.consumer.(Taker)
	}
	if s.asked {
		return
	}
	for i := range s.procs {
		p := &s.procs[i]
		several, _ := p.Process.(Receivers)
		for _, e := range p.in {
			switch {
			case !e.short && (e.depth > 0 || e.watched || len(p.in) > 1):
			case several != nil:
				e.receiver = several.ReceiverOf(e)
			case len(p.in) == 1:
				e.receiver, _ = p.Process.(Receiver)
			}
		}
	}
}

// Offer puts the producer's next beat on the edge from cycle t on. The edge must be Open.
// Of an edge of the short way the consumer takes it at once if it can. (Then no place of the
// FIFO is one between segments, whose times may lack.)
func (e *Edge) Offer(t Cycle) {
	e.count(1)
	if !e.short {
		e.offer(t)
		return
	}
	e.pending = t
	k := e.sent
	if e.receiver == nil || e.taken != k || e.waits {
		e.pushShort()
		return
	}
	if back := k - e.reuse; back >= 0 {
		if q := e.pops[back&e.mask]; q >= t || q > e.lastSent {
			t = e.entrance(t, q)
		}
	}
	if e.beyond(t) {
		return
	}
	out, ok := e.receiver.Receive(t + Cycle(e.latency))
	if !ok {
		e.put(k, t)
		return
	}
	if e.giver != nil || e.drain != nil {
		e.tell(t, out)
	}
	e.pops[k&e.mask] = out
	e.sent, e.taken = k+1, k+1
	gone := e.lastPop
	if e.passed(t, out); e.peak < e.depth && (gone > t || e.peak == 0) {
		e.entering(k, t)
	}
	e.lastSent = t
}

// tell tells ends that may be left out of a beat that entered in cycle in and left in cycle out.
//
//go:noinline
func (e *Edge) tell(in, out Cycle) {
	if e.giver != nil {
		e.giver.took(in, out)
	}
	if e.drain != nil {
		e.drain.gave(e.pending, in)
	}
}

// passed counts a beat that entered in cycle in and leaves in cycle t.
func (e *Edge) passed(in, t Cycle) {
	if in > e.lastPop {
		e.empty += int64(in - e.lastPop)
	}
	if in+Cycle(e.latency) >= t && e.lastPop+1 != t {
		e.countWaited(in)
	}
	e.lastPop = t
}

// pushShort is push. The consumer may be at work: it is the one that made room.
func (e *Edge) pushShort() bool {
	t, k := e.pending, e.sent
	if back := k - e.reuse; back >= 0 {
		if e.taken <= back || e.lacksPops <= back && !e.bring(back) {
			return false
		}
		t = e.entrance(t, e.pops[back&e.mask])
	}
	if e.beyond(t) {
		return false
	}
	e.put(k, t)
	return true
}

// entrance is when the beat pending since cycle t enters, whose place was left in cycle q.
func (e *Edge) entrance(t, q Cycle) Cycle {
	in := max(t, q+1)
	if q > e.lastSent && in < e.horizon {
		e.full += int64(q - e.lastSent)
		if q >= t {
			e.delayed = min(e.delayed, in)
		}
		if e.giver != nil {
			e.giver.waited(q - t)
		}
	}
	return in
}

// put notes that beat k enters in cycle t.
func (e *Edge) put(k int64, t Cycle) {
	if e.drain != nil {
		e.drain.gave(e.pending, t)
	}
	e.pushes[k&e.mask] = t
	e.lastSent = t
	e.sent = k + 1
	if e.peak < e.depth {
		e.entering(k, t)
	}
	if e.taken == k { // else there was a beat that the consumer knows of
		e.wakeConsumer.wake()
	}
}

// hold keeps a process from taking beats at once, or lets it go.
func (s *solver) hold(i int, held bool) {
	for _, e := range s.procs[i].in {
		e.waits = held
	}
}

// entering counts what is held when beat k enters in cycle t, as far as it is known.
func (e *Edge) entering(k int64, t Cycle) {
	if k == 0 {
		e.first = t
	}
	if max(k-e.taken, e.peak) >= e.grows {
		e.grow()
	}
	for i := k - e.peak; i >= 0 && e.peak < e.depth && e.taken > i && t < e.lastPop && t < e.leftAt(i); i-- {
		e.peak++
	}
}

// takeShort is Take.
func (e *Edge) takeShort(t Cycle) {
	k := e.taken
	in := e.pushes[k&e.mask]
	if e.giver != nil {
		e.giver.took(in, t)
	}
	e.passed(in, t)
	e.pops[k&e.mask] = t
	e.taken = k + 1
	if e.peak < e.depth {
		e.leaving(k, t)
	}
	if e.offered > e.sent && e.pushShort() {
		e.wakeProducer.wake()
	}
}

// leaving counts what is held when beat k leaves in cycle t, as far as it is known.
func (e *Edge) leaving(k int64, t Cycle) {
	for e.peak < e.depth && k+e.peak < e.sent && e.enteredAt(k+e.peak) < t {
		e.peak++
	}
}

// leftAt is when a beat left of which it matters, and enteredAt when one entered.
func (e *Edge) leftAt(k int64) Cycle {
	if k >= e.lacksPops {
		return e.between.popped.at(k, e.pops)
	}
	return e.pops[k&e.mask]
}

func (e *Edge) enteredAt(k int64) Cycle {
	if k >= e.lacksPushes {
		return e.between.pushed.at(k, e.pushes)
	}
	return e.pushes[k&e.mask]
}

// useShort adds what the next beats would have counted.
func (e *Edge) useShort(u *EdgeUse) {
	if back := e.sent - e.reuse; back >= 0 && e.taken > back {
		u.Full += int64(max(0, e.pops[back&e.mask]-e.lastSent))
	}
	if e.sent > e.taken {
		u.Empty += int64(max(0, e.pushes[e.taken&e.mask]-e.lastPop))
	}
}
