package clock

// copies are beats of which each moved a period after the one so many beats before it.
type copies struct {
	beats    int64
	period   Cycle
	from, to int64
}

// add notes that beats from one up to, not including, another are such copies.
func (c *copies) add(beats int64, period Cycle, from, to int64) {
	if c.beats != beats || c.period != period || c.to != from {
		*c = copies{beats, period, from, to}
	}
	c.to = to
}

// known is up to which beat those from one on are known to be copies.
func (c *copies) known(beats int64, period Cycle, from int64) int64 {
	if c.beats != beats || c.period != period || c.from > from {
		return from
	}
	return max(from, c.to)
}

// come is for how many of n periods beats come as in the last one.
func (b *bound) come(n int64, period Cycle) int64 {
	if b.beats == 0 || n < 1 {
		return n
	}
	first := b.taken - b.beats
	if first < 1 || !b.keeps(first) || b.beats > b.mask {
		return 0
	}
	for k := b.pushed.known(b.beats, period, b.taken); k < b.taken+n*b.beats; k++ {
		turns := (k - b.taken) / b.beats
		old := k - (turns+1)*b.beats
		was, is := b.pushes[old&b.mask], b.pushes[k&b.mask]-Cycle(turns+1)*period
		if floor := b.pops[(old-1)&b.mask] + 1 - Cycle(b.latency); is != was && max(is, was) > floor {
			return turns
		}
	}
	return n
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
	oldest := max(0, b.taken-b.mask-1) // before it places became free too long ago
	from := b.sent - b.depth
	if from >= 0 {
		from = b.popped.known(b.beats, period, from)
	}
	for back := from; back < b.sent+n*b.beats-b.depth; back++ {
		k := back + b.depth
		turns := (k - b.sent) / b.beats
		old := k - (turns+1)*b.beats
		was, is := Cycle(past), Cycle(past)
		if gone := old - b.depth; gone >= oldest {
			was = b.pops[gone&b.mask]
		}
		if back >= oldest {
			is = b.pops[back&b.mask] - Cycle(turns+1)*period
		}
		if floor := b.pushes[(old-1)&b.mask]; is != was && max(is, was) > floor {
			return turns
		}
	}
	return n
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
	for k := first; k < end; k++ {
		e.pops[k&e.mask] = e.pops[(k-b.beats)&e.mask] + period
	}
	b.popped.add(b.beats, period, first, end)
	e.taken, e.shown = end, end
	e.lastPop = e.pops[(end-1)&e.mask]
	e.empty += n * b.counted[0]
	if e.late += n * b.counted[1]; b.counted[1] > 0 {
		e.waited = e.waited || e.delayed < Never
	}
	if b.pushed.known(b.beats, period, first+e.peak) < end+e.peak { // else as full as in the last period
		for k := first; k < min(end, e.sent-e.peak) && e.peak < e.depth; k++ {
			e.leaving(k, e.pops[k&e.mask])
		}
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
	for k := first; k < end; k++ {
		e.pushes[k&e.mask] = e.pushes[(k-b.beats)&e.mask] + period
	}
	b.pushed.add(b.beats, period, first, end)
	e.sent, e.offered = end, end
	e.lastSent = e.pushes[(end-1)&e.mask]
	e.pending += Cycle(n) * period
	e.full += n * b.counted[0]
	if b.popped.known(b.beats, period, first-e.peak) < end-e.peak {
		for k := first; k < min(end, e.taken+e.peak) && e.peak < e.depth; k++ {
			e.entering(k, e.pushes[k&e.mask])
		}
	}
	e.wakeConsumer.wake()
}
