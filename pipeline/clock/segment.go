package clock

// segment is some of a graph between FIFOs that hold many beats. Where the layers of a network
// keep different hours no state of the whole recurs, but those of a segment do, pixel by pixel.
// What it does follows from its own state, from when the next beats come to it, and from when
// places become free for those that it makes. So it is shown one pixel after the other, and its
// states are compared where it has come to rest with all that it was shown. Once one has
// recurred, and as many beats and places are known as a period takes, each of which is where one
// of the last period was, or too early for anybody to tell, the period is not simulated: beats
// leave the FIFOs in front, and enter those behind, when those of the last one did, a period later.
type segment struct {
	part
	in, out []bound
	mask    []uint64 // its processes
	rests   bool     // it has done all that follows from what it was shown
	ready   bool     // it is where the newest state was, which is that of the one before, or periods later
	waits   bool     // it is ready, and does not know enough for a period
	gone    int64    // periods since the newest state
	alikes  int64    // for how many periods all loops looked the same then, if for no more than are done
	idle    int      // states taken in vain
	told    int64    // beats that had left the FIFOs in front and entered those behind when others were told
}

// bound is a FIFO at the end of a segment, seen from there.
type bound struct {
	*Edge
	beats   int64 // of a period
	counted [2]int64
}

const (
	mostSegment  = 2  // states kept
	vainSegment  = 16 // states taken in vain until the search rests, for so many times as long
	restsSegment = 8
)

// step goes on with a segment that rests: it does again what is known to come again, or else is
// shown more. It reports whether it has to be advanced then.
func (g *segment) step() bool {
	for g.fed() {
		if !g.ready {
			g.show()
			return true
		}
		n, later := g.known()
		switch {
		case n > 0:
			if g.again(n); n == g.alikes {
				g.lose()
				g.wake()
				return true
			}
		case later:
			g.waits = true
			return false
		default:
			g.show()
			return true
		}
	}
	return false
}

// fed reports whether more can be shown of each FIFO in front that has been emptied as far as it
// was shown.
func (g *segment) fed() bool {
	some := false
	for i := range g.in {
		b := &g.in[i]
		if b.taken < b.shown {
			continue
		}
		if some = true; b.sent < b.next() {
			return false
		}
	}
	return some
}

// next is up to which beat more would be shown.
func (b *bound) next() int64 { return ((b.shown+b.skipped)/b.pixel+1)*b.pixel - b.skipped }

// show shows more of all that has been emptied as far as it was shown, and reports whether
// there was some.
func (g *segment) show() bool {
	some := false
	for i := range g.in {
		if b := &g.in[i]; b.taken == b.shown && b.sent > b.shown {
			b.reveal(min(b.sent, b.next()))
			some = true
			b.wakeConsumer.wake()
		}
	}
	if !some {
		return false
	}
	if g.ready && g.gone > 0 { // states to come are compared with that of now
		g.forget()
		g.past = append(g.past, g.capture())
	}
	g.ready, g.rests, g.waits = false, false, false
	return true
}

// lose starts the search anew.
func (g *segment) lose() {
	g.forget()
	g.ready, g.rests, g.waits = false, false, false
}

// wake sees to it that all processes advance: their loops have come to an end.
func (g *segment) wake() {
	for w, m := range g.mask {
		g.f.s.dirty[w] |= m
	}
}

// still notes whether the segment, of which no process is to be advanced, has done all that
// follows from what it was shown, and reports whether it took all of that, too.
func (g *segment) still() bool {
	g.rests = true
	for i := range g.out {
		g.rests = g.rests && g.out[i].Edge.offered == g.out[i].sent
	}
	whole := g.rests
	for i := range g.in {
		whole = whole && g.in[i].taken == g.in[i].shown
	}
	return whole
}

// rest compares the state of a segment that has come to rest with those before.
func (g *segment) rest() {
	if g.idle++; g.idle > vainSegment && g.idle%(vainSegment*restsSegment) >= 2*vainSegment {
		g.forget()
		return
	}
	now := g.capture()
	g.f.look()
	for i := len(g.past) - 1; i >= 0; i-- {
		if old := g.past[i]; now.base > old.base && g.same(old, now, false) && g.settled(old, now) {
			g.past[0], g.past[i] = old, g.past[0]
			for _, v := range g.past[1:] {
				g.memory.keep(v)
			}
			g.past = append(g.past[:1], now)
			g.ready, g.gone, g.idle = true, 0, 0
			return
		}
	}
	g.keep(now, mostSegment)
}

// capture takes the state of the segment.
func (g *segment) capture() *Registers {
	v := g.memory.take()
	v.reset(g.tally.accounts[0].last)
	g.visit(v)
	g.tally.note(v)
	for i := range g.in {
		v.counters = append(v.counters, g.in[i].empty, g.in[i].late)
	}
	for i := range g.out {
		v.counters = append(v.counters, g.out[i].full, 0)
	}
	return v
}

// visit shows v processes and edges, and the sides of the FIFOs at the ends.
func (g *segment) visit(v *Registers) {
	g.members(v)
	v.owner = len(g.f.s.procs) + len(g.f.s.edges)
	for i := range g.in {
		b := &g.in[i]
		v.owner++
		v.Section(b.taken + b.skipped)
		v.Exact(b.lastPop)
	}
	for i := range g.out {
		b := &g.out[i]
		v.owner++
		v.Section(b.sent + b.skipped)
		v.Exact(b.lastSent)
	}
}

// settled notes how many beats pass in a period, and what they count, and reports whether there
// are some.
func (g *segment) settled(old, now *Registers) bool {
	at, sum := len(now.sections)-len(g.in)-len(g.out), int64(0)
	counted := len(now.counters) - 2*(len(g.in)+len(g.out))
	note := func(b *bound) {
		b.beats = g.shifts[at]
		b.counted = [2]int64{now.counters[counted] - old.counters[counted], now.counters[counted+1] - old.counters[counted+1]}
		sum += b.beats
		at++
		counted += 2
	}
	for i := range g.in {
		note(&g.in[i])
	}
	for i := range g.out {
		note(&g.out[i])
	}
	return sum > 0
}

// known is for how many more periods the segment does the same, as far as that is known, and if
// for none, whether that may be known later.
func (g *segment) known() (n int64, later bool) {
	period := g.past[1].base - g.past[0].base
	n = Unlimited
	for i := range g.in {
		if b := &g.in[i]; b.beats > 0 {
			n = min(n, (b.sent-b.taken)/b.beats)
			later = later || b.sent-b.taken < b.beats
			if b.beats > b.depth {
				return 0, false
			}
		}
	}
	for i := range g.out {
		if b := &g.out[i]; b.beats > 0 {
			n = min(n, (b.taken+b.depth-b.sent)/b.beats, (b.limit-b.sent-1)/b.beats)
			later = later || b.taken+b.depth-b.sent < b.beats
			if b.beats > min(b.depth, b.limit-b.sent-1) {
				return 0, false
			}
		}
	}
	if n == 0 {
		return 0, later
	}
	g.alikes = g.alike(period, n+1)
	n = min(n, g.alikes)
	for i := range g.in {
		n = g.in[i].come(n, period)
	}
	for i := range g.out {
		n = g.out[i].free(n, period)
	}
	return n, false
}

// alike is for how many of n periods all loops look the same, before the horizon.
func (g *segment) alike(period Cycle, n int64) int64 {
	s := g.f.s
	if s.horizon < Never {
		n = min(n, int64(s.horizon-1-g.latest())/int64(period))
	}
	for i, o := range g.past[0].sections {
		shift := g.shifts[i]
		switch edge := o.owner - len(s.procs); {
		case shift == 0 || edge >= len(s.edges) || n < 1:
		case edge < 0:
			n = min(n, s.procs[o.owner].Alike(o.part, o.count+g.gone*shift, shift))
		default:
			n = min(n, s.edges[edge].alike(shift))
		}
	}
	return n
}

// latest is the cycle of the newest event of the segment, -1 before the first: beats enter FIFOs
// later than what made them is busy.
func (g *segment) latest() Cycle {
	t := g.tally.latest()
	for i := range g.in {
		t = max(t, g.in[i].lastPop)
	}
	for i := range g.out {
		t = max(t, g.out[i].lastSent)
	}
	return t
}
