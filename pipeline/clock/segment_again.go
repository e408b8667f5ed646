package clock

// come is for how many of n periods beats come as in the last one.
func (b *bound) come(n int64, period Cycle) int64 {
	if b.beats == 0 || n < 1 {
		return n
	}
	first := b.taken - b.beats
	if first < 1 || b.sent-first > b.mask+1 || b.beats > b.mask {
		return 0
	}
	for q := range n {
		later := Cycle(q+1) * period
		for i := range b.beats + b.looked {
			was, is := b.pushes[(first+i)&b.mask], b.pushes[(b.taken+q*b.beats+i)&b.mask]-later
			if floor := b.pops[(first+i-1)&b.mask] + 1 - Cycle(b.latency); is != was && max(is, was) > floor {
				return q
			}
		}
	}
	return n
}

// free is for how many of n periods places become free as in the last one.
func (b *bound) free(n int64, period Cycle) int64 {
	if b.beats == 0 || n < 1 {
		return n
	}
	first := b.at - b.beats
	if first < 1 || b.sent-first >= b.mask+1 || b.taken-(first-b.depth) > b.mask+1 {
		return 0
	}
	for q := range n {
		later := Cycle(q+1) * period
		for i := range b.beats {
			was, is := Cycle(past), Cycle(past)
			if back := first + i - b.depth; back >= 0 {
				was = b.pops[back&b.mask]
			}
			if back := b.at + q*b.beats + i - b.depth; back >= 0 {
				is = b.pops[back&b.mask] - later
			}
			if floor := b.pushes[(first+i-1)&b.mask]; is != was && max(is, was) > floor {
				return q
			}
		}
	}
	return n
}

// again does n times more what was done in the last period.
func (g *segment) again(n int64) {
	old, now := g.past[0], g.past[1]
	period := now.base - old.base
	for _, b := range g.in {
		for range n * b.beats {
			b.takeShort(b.pops[(b.taken-b.beats)&b.mask] + period)
		}
	}
	for _, b := range g.out {
		b.at += n * b.beats
		for b.sent < b.at {
			b.enterAt(b.pushes[(b.sent-b.beats)&b.mask] + period)
		}
		b.Edge.offered = b.at + b.onOffer
		b.wakeConsumer.wake()
	}
	g.mover = Registers{skip: true, shifts: g.shifts, periods: n, period: period, time: Cycle(n) * period}
	g.visit(&g.mover)
	g.seen = g.acts()
	for _, b := range g.out {
		if b.Edge.offered > b.sent {
			b.pushShort()
		}
	}
	g.tally.again(old, now, n)
	g.gone += n
	for _, i := range g.procs {
		g.f.s.wake(i)
	}
}

// enterAt moves a beat into the FIFO in a cycle in which it has room.
func (e *Edge) enterAt(t Cycle) {
	k := e.sent
	if back := k - e.depth; back >= 0 {
		e.full += int64(max(0, e.pops[back&e.mask]-e.lastSent))
	}
	if e.peak < e.depth {
		e.entering(k, t)
	}
	e.pushes[k&e.mask] = t
	e.lastSent = t
	e.sent++
}
