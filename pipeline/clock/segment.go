package clock

// segment is some of a graph between FIFOs that hold many beats. Where the layers of a network
// keep different hours no state of the whole recurs, but those of a segment do, pixel by pixel.
// What it does follows from its own state, from when the next beats come to it, and from when
// places become free for those that it makes. So once its state has recurred, and as many beats
// and places are known as a period takes, each of which is where one of the last period was, or
// too early for anybody to tell, the period is not simulated: beats leave the FIFOs in front, and
// enter those behind, when those of the last one did, a period later.
type segment struct {
	part
	in, out []*bound
	mask    []uint64 // its processes
	parked  []uint64 // those that were to be advanced when it began to wait
	ready   bool     // it is where the newest state was, which is that of the one before, or periods later
	waits   bool     // it is ready, and does not know enough for a period
	forced  bool     // it goes on nevertheless
	gone    int64    // periods since the newest state
	idle    int      // states taken in vain
	seen    int64    // what had been done when the newest state was taken
}

// bound is a FIFO at the end of a segment, seen from there.
type bound struct {
	*Edge
	beats   int64 // of a period
	looked  int64 // 1 if one more was there at the end of it, and may have been looked at
	at      int64 // beats that had entered where the segment is
	onOffer int64 // 1 if another one was on offer
}

const (
	mostSegment  = 2  // states kept
	vainSegment  = 16 // states taken in vain until the search rests, for so many times as long
	restsSegment = 8
)

// acts counts what the processes of the segment have done on all edges.
func (g *segment) acts() int64 {
	n := int64(0)
	for _, b := range g.in {
		n += b.taken
	}
	for _, b := range g.out {
		n += b.Edge.offered + b.sent
	}
	for _, e := range g.tally.edges {
		n += e.taken + e.offered + e.sent
	}
	return n
}

// rest compares the state of a segment that has come to rest with those before.
func (g *segment) rest() {
	done := g.acts()
	if done-g.seen < leastDone {
		return
	}
	g.seen = done
	if g.idle++; g.idle > vainSegment && g.idle%(vainSegment*restsSegment) >= 2*vainSegment {
		g.forget()
		return
	}
	now := g.capture()
	g.f.look()
	for i := len(g.past) - 1; i >= 0; i-- {
		if old := g.past[i]; now.base > old.base && g.same(old, now, false) && g.settled(now) {
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
	return v
}

// visit shows v processes and edges, and the sides of the FIFOs at the ends.
func (g *segment) visit(v *Registers) {
	g.members(v)
	v.owner = len(g.f.s.procs) + len(g.f.s.edges)
	for _, b := range g.in {
		v.owner++
		v.Section(b.taken + b.skipped)
		v.Exact(b.lastPop)
	}
	for _, b := range g.out {
		v.owner++
		v.Section(b.sent + b.skipped)
		if v.Moving() {
			v.Move(&b.pending)
			continue
		}
		v.Value(b.Edge.offered - b.sent)
		v.Exact(b.lastSent)
		if b.Edge.offered > b.sent {
			v.Exact(b.pending)
		}
	}
}

// settled notes how many beats pass in a period, and reports whether there are some.
func (g *segment) settled(now *Registers) bool {
	at, sum := len(now.sections)-len(g.in)-len(g.out), int64(0)
	for _, b := range g.in {
		b.beats, b.looked = g.shifts[at], min(1, b.sent-b.taken)
		sum += b.beats
		at++
	}
	for _, b := range g.out {
		b.beats, b.at, b.onOffer = g.shifts[at], b.sent, b.Edge.offered-b.sent
		sum += b.beats
		at++
	}
	return sum > 0
}

// known is for how many more periods the segment does the same, as far as that is known.
func (g *segment) known() int64 {
	period := g.past[1].base - g.past[0].base
	n := g.alike(period)
	for _, b := range g.in {
		if b.beats > 0 {
			n = min(n, (b.sent-b.taken-b.looked)/b.beats)
		}
	}
	for _, b := range g.out {
		if b.beats > 0 {
			n = min(n, (b.taken+b.depth-b.at)/b.beats, (b.limit-b.at-b.onOffer-1)/b.beats)
		}
	}
	for _, b := range g.in {
		n = b.come(n, period)
	}
	for _, b := range g.out {
		n = b.free(n, period)
	}
	return n
}

// alike is for how many periods all loops look the same, before the horizon.
func (g *segment) alike(period Cycle) int64 {
	s, latest := g.f.s, Cycle(-1)
	for _, a := range g.tally.accounts {
		latest = max(latest, a.last)
	}
	n := int64(s.horizon-1-latest) / int64(period)
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
