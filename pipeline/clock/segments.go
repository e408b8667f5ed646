package clock

import "slices"

// segments are those of a graph. While one could repeat itself but does not know enough yet, it
// waits until nothing else moves: half a period would leave it in another state.
type segments struct {
	of  []*segment // by process, nil: none
	all []*segment
	now *segment // whose processes were advanced last
}

// How deep FIFOs between segments are at least, and how many of them make it worth looking.
// Where rows of beats go on at once, as in layers that have multipliers enough, waiting for
// each other costs more than it brings.
var (
	leastBetween = int64(64)
	leastCuts    = 24
	leastShown   = int64(16)
)

// findSegments finds the segments of a graph, none where that is not worth it.
func (s *solver) findSegments() {
	if !s.leads || s.forward.watch || s.tapes != nil || s.asked || len(s.ports) > 0 {
		return
	}
	makers, takers := s.ways()
	group := make([]int, len(s.procs))
	for i := range group {
		group[i] = i
	}
	root := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	cuts := 0
	for i := range s.edges {
		if s.edges[i].divides() {
			cuts++
		} else {
			group[root(takers[i])] = root(makers[i])
		}
	}
	if cuts < leastCuts {
		return
	}
	t := &segments{of: make([]*segment, len(s.procs))}
	by := map[int]*segment{}
	for i := range s.procs {
		g := by[root(i)]
		if g == nil {
			g = &segment{part: part{f: s.forward, memory: new(states)}, mask: make([]uint64, len(s.dirty))}
			by[root(i)] = g
			t.all = append(t.all, g)
		}
		t.of[i] = g
		g.add(i)
	}
	t.join(s, makers, takers)
	s.segments = t
}

// ways are the processes at both ends of every edge.
func (s *solver) ways() (makers, takers []int) {
	makers, takers = make([]int, len(s.edges)), make([]int, len(s.edges))
	number := make(map[*Edge]int, len(s.edges))
	for i := range s.edges {
		number[&s.edges[i]] = i
	}
	for i, p := range s.procs {
		for _, e := range p.in {
			takers[number[e]] = i
		}
		for _, e := range p.out {
			makers[number[e]] = i
		}
	}
	return makers, takers
}

// pixels is how many beats of so many a pixel a segment is shown more at a time.
func pixels(beats int64) int64 {
	beats = max(1, beats)
	return (leastShown + beats - 1) / beats * beats
}

// divides reports whether a FIFO may lie between segments.
func (e *Edge) divides() bool {
	return e.short && e.depth >= max(leastBetween, e.pixel) && e.giver == nil && e.drain == nil
}

// add puts a process into the segment.
func (g *segment) add(i int) {
	g.procs = append(g.procs, i)
	g.mask[i/64] |= 1 << (i % 64)
	g.tally.accounts = append(g.tally.accounts, g.f.s.procs[i].Accounts()...)
}

// join finds the edges within segments and those between them, whose beats wait for each other
// from now on. Ends of the plan have patterns, and the driving process boundaries: what they are
// in does not repeat itself alone, and is shown all there is.
func (t *segments) join(s *solver, makers, takers []int) {
	out := map[*segment]bool{}
	for i := range s.procs {
		if i == s.drives || gateOf(s.procs[i].Process) != nil {
			out[t.of[i]] = true
		}
	}
	for i := range s.edges {
		e, from, to := &s.edges[i], t.of[makers[i]], t.of[takers[i]]
		if from == to {
			from.edges, from.tally.edges = append(from.edges, i), append(from.tally.edges, e)
			continue
		}
		e.between = &between{lazy: !out[from] && !out[to]}
		from.out, to.in = append(from.out, bound{Edge: e}), append(to.in, bound{Edge: e})
		e.receiver, e.taker = nil, nil
		if !out[to] {
			e.shown = 0
		}
	}
	for i, g := range t.of {
		if out[g] {
			t.of[i] = nil
		}
	}
	t.all = slices.DeleteFunc(t.all, func(g *segment) bool { return out[g] })
}

// lose starts the search anew.
func (t *segments) lose() {
	if t == nil {
		return
	}
	t.write()
	for _, g := range t.all {
		g.lose()
	}
}

// write writes the times of all beats into the rings of FIFOs, for those who look at all of them.
func (t *segments) write() {
	if t == nil {
		return
	}
	for _, g := range t.all {
		for i := range g.in {
			g.in[i].write()
		}
		for i := range g.out {
			g.out[i].write()
		}
	}
}

// end shows all there is, and all that comes.
func (t *segments) end() {
	if t == nil {
		return
	}
	t.lose()
	for _, g := range t.all {
		for i := range g.in {
			g.in[i].shown = Unlimited
		}
	}
}

// enter is called before process i is advanced. It reports whether the segment need not be
// advanced now.
func (t *segments) enter(s *solver, i int) bool {
	if t == nil || t.of[i] == t.now {
		return false
	}
	t.leave(s)
	g := t.of[i]
	if g == nil || !g.rests || g.step() {
		t.now = g
		return false
	}
	for w, m := range g.mask {
		s.dirty[w] &^= m
	}
	return true
}

// leave is called when processes of another segment are to be advanced, or none: then the one
// before may have come to rest.
func (t *segments) leave(s *solver) {
	g := t.now
	t.now = nil
	if g == nil {
		return
	}
	for w, m := range g.mask {
		if s.dirty[w]&m != 0 {
			return
		}
	}
	if g.tell(); !g.still() {
		return
	}
	if g.rest(); g.fed() {
		s.wake(g.procs[0])
	}
}

// tell wakes those at the other ends of the FIFOs of a segment that has been at work.
func (g *segment) tell() {
	moved := int64(0)
	for i := range g.in {
		moved += g.in[i].taken
	}
	for i := range g.out {
		moved += g.out[i].sent
	}
	if moved == g.told {
		return
	}
	g.told = moved
	for i := range g.in {
		g.in[i].wakeProducer.wake()
	}
	for i := range g.out {
		g.out[i].wakeConsumer.wake()
	}
}

// idle lets segments go on when nothing else moves: those that can do more by now, or else the
// last one that waits, without what it waits for, or else the last one that has not seen all
// there is. It reports whether there is one.
func (t *segments) idle(s *solver, held int) bool {
	if t == nil {
		return false
	}
	if t.leave(s); s.next(0, held) >= 0 {
		return true
	}
	some, last := false, (*segment)(nil)
	for _, g := range t.all {
		if !g.rests || !g.fed() {
			continue
		}
		if g.waits {
			last = g
			if n, _ := g.known(); n == 0 {
				continue
			}
		}
		g.waits, some = false, true
		s.wake(g.procs[0])
	}
	if some || last != nil && last.show() {
		return true
	}
	for i := len(t.all) - 1; i >= 0; i-- {
		if t.all[i].show() {
			return true
		}
	}
	return false
}
