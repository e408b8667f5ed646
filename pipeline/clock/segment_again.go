package clock

// come is for how many of n periods beats come as in the last one.
func (b *bound) come(n int64, period Cycle) int64 {
	if b.beats == 0 || n < 1 {
		return n
	}
	first := b.taken - b.beats
	if first < 1 || !b.keeps(first) || b.beats > b.mask {
		return 0
	}
	early := b.wentAt(first-1) + 1 - Cycle(b.latency) // a beat may have come at any time until then
	for turn := int64(0); turn < n; {
		next, later := b.taken+turn*b.beats, Cycle(turn+1)*period
		to := b.between.pushed.known(b.beats, period, next)
		switch whole := (to - next) / b.beats; {
		case whole > 0:
			turn += whole
		case max(b.cameAt(next+b.beats-1)-later, b.cameAt(b.taken-1)) <= early, b.comes(to-next, turn, later):
			turn++
		default:
			return turn
		}
	}
	return n
}

// comes reports whether the beats from number i on of a period to come after some others come as those of
// the last one, later, or too early for anybody to tell.
func (b *bound) comes(i, turn int64, later Cycle) bool {
	for old := b.taken - b.beats + i; old < b.taken; old++ {
		was, is := b.cameAt(old), b.cameAt(old+(turn+1)*b.beats)-later
		if is != was && max(is, was) > b.wentAt(old-1)+1-Cycle(b.latency) {
			return false
		}
	}
	return true
}

// free is for how many of n periods places become free as in the last one.
func (b *bound) free(n int64, period Cycle) int64 {
	if b.beats == 0 || n < 1 {
		return n
	}
	first := b.sent - b.beats
	if first < 1 || !b.keeps(first-1) || b.reuse == b.depth && b.taken-(first-b.depth) > b.mask+1 {
		return 0
	}
	early := b.cameAt(first - 1)
	for turn := int64(0); turn < n; {
		next, later := b.sent-b.depth+turn*b.beats, Cycle(turn+1)*period
		to := b.between.popped.known(b.beats, period, next)
		switch whole := (to - next) / b.beats; {
		case whole > 0:
			turn += whole
		case max(b.freed(next+b.beats-1)-later, b.freed(b.sent-b.depth-1)) <= early, b.frees(to-next, turn, later):
			turn++
		default:
			return turn
		}
	}
	return n
}

// frees reports the same of places, from that of the i-th beat of a period on.
func (b *bound) frees(i, turn int64, later Cycle) bool {
	for old := b.sent - b.beats + i; old < b.sent; old++ {
		was, is := b.freed(old-b.depth), b.freed(old-b.depth+(turn+1)*b.beats)-later
		if is != was && max(is, was) > b.cameAt(old-1) {
			return false
		}
	}
	return true
}

// freed is when the place of beat k became free, in the past if that was too long ago.
func (b *bound) freed(k int64) Cycle {
	if k < max(0, b.taken-b.mask-1) {
		return past
	}
	return b.wentAt(k)
}

// again does n times more what was done in the last period.
func (g *segment) again(n int64) {
	old, now := g.past[0], g.past[1]
	period := now.base - old.base
	for i := range g.in {
		if b := &g.in[i]; b.beats > 0 {
			b.leave(n, period)
		}
	}
	for i := range g.out {
		if b := &g.out[i]; b.beats > 0 {
			b.enter(n, period)
		}
	}
	g.mover = Registers{skip: true, shifts: g.shifts, periods: n, period: period, time: Cycle(n) * period}
	g.members(&g.mover)
	g.tally.again(old, now, n)
	g.gone += n
}

// leave lets the beats of n periods leave a FIFO in front.
func (b *bound) leave(n int64, period Cycle) {
	e, first := b.Edge, b.taken
	end := first + n*b.beats
	e.between.popped.add(b.beats, period, first, end, first-e.mask-1, e.pops)
	if e.taken, e.shown = end, end; e.between.lazy {
		e.lacksPops = min(e.lacksPops, first)
	} else {
		e.between.popped.write(max(first, end-e.mask-1), end, e.pops)
	}
	e.lastPop += Cycle(n) * period
	e.empty += n * b.counted[0]
	if e.late += n * b.counted[1]; b.counted[1] > 0 {
		e.waited = e.waited || e.delayed < Never
	}
	// Echoes at both ends make it as full as in the last period.
	for k := e.between.pushed.known(b.beats, period, first+e.peak) - e.peak; k < min(end, e.sent-e.peak) && e.peak < e.depth; k++ {
		e.leaving(k, b.wentAt(k))
	}
	if e.offered > e.sent {
		e.pushShort()
	}
	e.wakeProducer.wake()
}

// enter lets the beats of n periods enter a FIFO behind.
func (b *bound) enter(n int64, period Cycle) {
	e, first := b.Edge, b.sent
	end := first + n*b.beats
	for end-e.taken >= e.grows {
		e.grow()
	}
	e.between.pushed.add(b.beats, period, first, end, first-e.mask-1, e.pushes)
	if e.sent, e.offered = end, end; e.between.lazy {
		e.lacksPushes = min(e.lacksPushes, first)
	} else {
		e.between.pushed.write(max(first, end-e.mask-1), end, e.pushes)
	}
	e.lastSent += Cycle(n) * period
	e.pending += Cycle(n) * period
	e.full += n * b.counted[0]
	for k := e.between.popped.known(b.beats, period, first-e.peak) + e.peak; k < min(end, e.taken+e.peak) && e.peak < e.depth; k++ {
		e.entering(k, b.cameAt(k))
	}
	e.wakeConsumer.wake()
}
