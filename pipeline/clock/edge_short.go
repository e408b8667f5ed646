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
			case !e.short:
			case several != nil:
				e.receiver = several.ReceiverOf(e)
			case len(p.in) == 1:
				e.receiver, _ = p.Process.(Receiver)
			}
		}
	}
}

// offerShort is Offer of the beat that is pending. The consumer takes it at once if it can.
func (e *Edge) offerShort() {
	t, k := e.pending, e.sent
	if back := k - e.depth; back >= 0 { // as entrance
		if e.taken <= back {
			return
		}
		if q := e.pops[back&e.mask]; q > e.lastSent {
			var ok bool
			if t, ok = e.entrance(); !ok {
				return
			}
		} else if q >= t {
			t = q + 1
		}
	}
	if t >= e.horizon {
		return
	}
	if e.receiver != nil && e.taken == k && !e.waits {
		if out, ok := e.receiver.Receive(t + Cycle(e.latency)); ok {
			e.pass(k, t, out)
			return
		}
	}
	e.put(k, t)
}

// pushShort is push. The consumer may be at work: it is the one that made room.
func (e *Edge) pushShort() bool {
	t, ok := e.entrance()
	if ok {
		e.put(e.sent, t)
	}
	return ok
}

// entrance is when the pending beat enters, if that is known.
func (e *Edge) entrance() (t Cycle, ok bool) {
	t = e.pending
	back := e.sent - e.depth
	if back < 0 {
		return t, t < e.horizon
	}
	if e.taken <= back {
		return 0, false
	}
	q := e.pops[back&e.mask]
	if q >= t {
		t = q + 1
	}
	if t >= e.horizon {
		return 0, false
	}
	if q > e.lastSent {
		e.full += int64(q - e.lastSent)
		e.delayed = e.delayed || q >= e.pending
	}
	return t, true
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

// pass notes that beat k enters the empty FIFO in cycle t and leaves it in cycle out.
func (e *Edge) pass(k int64, t, out Cycle) {
	before, at := e.lastPop(), k&e.mask
	if e.giver != nil {
		e.giver.took(t, out)
	}
	if e.drain != nil {
		e.drain.gave(e.pending, t)
	}
	if t > before {
		e.empty += int64(t - before)
	}
	if t+Cycle(e.latency) >= out && before+1 != out {
		e.late++
		e.waited = e.waited || e.delayed
	}
	e.pushes[at], e.pops[at] = t, out
	e.lastSent = t
	e.sent, e.taken = k+1, k+1
	if e.peak < e.depth {
		e.entering(k, t)
	}
}

// entering counts what is held when beat k enters in cycle t, as far as it is known.
func (e *Edge) entering(k int64, t Cycle) {
	if k == 0 {
		e.first = t
	}
	for i := k - e.peak; i >= 0 && e.peak < e.depth && e.taken > i && t < e.pops[i&e.mask]; i-- {
		e.peak++
	}
}

// takeShort is Take.
func (e *Edge) takeShort(t Cycle) {
	k := e.taken
	at, before := k&e.mask, e.lastPop()
	in := e.pushes[at]
	if e.giver != nil {
		e.giver.took(in, t)
	}
	if in > before {
		e.empty += int64(in - before)
	}
	if in+Cycle(e.latency) >= t && before+1 != t {
		e.late++
		e.waited = e.waited || e.delayed
	}
	e.pops[at] = t
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
	for e.peak < e.depth && k+e.peak < e.sent && e.pushes[(k+e.peak)&e.mask] < t {
		e.peak++
	}
}

// useShort adds what the next beats would have counted.
func (e *Edge) useShort(u *EdgeUse) {
	if back := e.sent - e.depth; back >= 0 && e.taken > back {
		u.Full += int64(max(0, e.pops[back&e.mask]-e.lastSent))
	}
	if e.sent > e.taken {
		u.Empty += int64(max(0, e.pushes[e.taken&e.mask]-e.lastPop()))
	}
}
