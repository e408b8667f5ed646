package clock

// offer is the rest of Offer for wires, memories and edges that are watched.
func (e *Edge) offer(t Cycle) {
	if e.record != nil {
		e.record.offer(t)
	}
	if e.depth == 0 {
		e.pushes[0] = t
		if e.spaced != nil {
			e.spaced.offered(t)
		}
		if e.receiver == nil || e.waits || !e.passes(t) {
			e.wakeConsumer.wake()
		}
		return
	}
	e.pending = t
	if e.push() && e.ram != nil {
		e.moveRAM()
	}
}

// passes moves the beat on offer over the wire if the consumer takes it at once.
func (e *Edge) passes(t Cycle) bool {
	e.offered--
	out, ok := e.receiver.Receive(t)
	e.offered++
	if !ok {
		return false
	}
	if e.sent == 0 {
		e.first = out
	}
	e.sent++
	e.taken++
	e.lastSent = out
	return true
}

// push moves the pending beat into the FIFO once it is known when there is room,
// and reports whether it has.
func (e *Edge) push() bool {
	if e.short {
		return e.pushShort()
	}
	k, t := e.sent, e.pending
	if e.ram != nil {
		room, ok := e.room()
		if !ok {
			return false
		}
		t = max(t, room)
	} else if last := k - e.reuse; last >= 0 { // as room, which every beat would pay for
		if e.taken <= last {
			return false
		}
		if q := e.pops[last&e.mask]; q >= t {
			t = q + 1
			if q > e.lastSent && t < e.horizon {
				e.delayed = min(e.delayed, t)
			}
		}
	}
	if e.beyond(t) {
		return false
	}
	e.pushes[k&e.mask] = t
	if k == 0 {
		e.first = t
	}
	e.lastSent = t
	e.sent++
	e.countPush(k, t)
	if e.watched {
		e.entered(e.pending, t)
	}
	e.wakeConsumer.wake()
	return true
}

// countPush updates the occupancy figures for beat k entering at t, as far as
// the pops they depend on are known.
func (e *Edge) countPush(k int64, t Cycle) {
	if e.taken == k { // the beat before is known to have left
		if q := e.lastPop; t > q {
			e.empty += int64(t - q)
		}
	}
	if e.ram != nil {
		if first := k - e.ram.size + 1; first >= 0 && e.ram.read > first {
			e.full += max(0, int64(e.ram.reads[first&e.mask]-t))
		}
	} else if first := k - e.reuse + 1; first >= 0 && e.taken > first {
		if q := e.pops[first&e.mask]; q > t {
			e.full += int64(q - t)
		}
	}
	if e.ram == nil && max(k-e.taken, e.peak) >= e.grows {
		e.grow()
	}
	if e.peak == e.depth && e.ram == nil { // no more fit in
		return
	}
	// More than `peak` are held at once iff beat k enters before beat k-peak
	// leaves, for some k: checked when the later of the two is known.
	for i := k - e.peak; i >= 0 && e.taken > i && t < e.pops[i&e.mask]; i-- {
		e.peak++
	}
}

// Take moves the next beat to the consumer in cycle t.
func (e *Edge) Take(t Cycle) {
	if e.short {
		e.takeShort(t)
		return
	}
	e.take(t)
}

// take is Take of wires, memories and edges that are watched.
func (e *Edge) take(t Cycle) {
	k := e.taken
	if e.giver != nil {
		e.giver.took(e.pushes[k&e.mask], t)
	}
	e.taken++
	if e.watched {
		e.left(e.offeredSince(), t)
	}
	if e.depth == 0 {
		if k == 0 {
			e.first = t
		}
		e.sent++
		e.lastSent = t
		e.wakeProducer.wake()
		return
	}
	e.countLate(k, t)
	e.pops[k&e.mask] = t
	e.lastPop = t
	e.countPop(k, t)
	if e.ram != nil {
		sent := e.sent
		if e.moveRAM(); e.sent > sent {
			e.wakeProducer.wake()
		}
	} else if e.offered > e.sent && e.push() {
		e.wakeProducer.wake()
	}
}

// missed reports whether the user of what comes this way may have missed a beat that was
// delayed, or one behind it: it was waited for here, unless the user takes it from here, which
// may wait for something else when it comes, and the user has waited for beats since.
func (e *Edge) missed() bool {
	return (e.waited || e.last) && (e.user == nil || e.user.early > e.delayed)
}

// countLate notes whether beat k, which leaves at t, was waited for.
func (e *Edge) countLate(k int64, t Cycle) {
	if e.ram != nil || e.pushes[k&e.mask]+Cycle(e.latency) < t || k > 0 && e.lastPop+1 == t {
		return
	}
	e.countWaited(e.pushes[k&e.mask])
}

// countWaited counts a beat that was waited for, which entered in cycle in.
func (e *Edge) countWaited(in Cycle) {
	e.late++
	e.waited = e.waited || in >= e.delayed
}

// countPop updates the occupancy figures for beat k leaving at t.
func (e *Edge) countPop(k int64, t Cycle) {
	if e.sent > k+1 {
		if p := e.pushes[(k+1)&e.mask]; p > t {
			e.empty += int64(p - t)
		}
	}
	if last := k + e.depth - 1; e.ram == nil && e.sent > last {
		if p := e.pushes[last&e.mask]; t > p {
			e.full += int64(t - p)
		}
	}
	for (e.peak < e.depth || e.ram != nil) && k+e.peak < e.sent && e.pushes[(k+e.peak)&e.mask] < t {
		e.peak++
	}
}
