package clock

// segments are those of a graph. While one could repeat itself but does not know enough yet, it
// waits until nothing else moves: half a period would leave it in another state.
type segments struct {
	of      []*segment // by process, nil: none
	all     []*segment
	now     *segment // whose processes were advanced last
	waiting int
}

// How deep FIFOs between segments are at least, how many of them make it worth looking, and how
// much is done between two states. Where rows of beats go on at once, as in layers that have
// multipliers enough, waiting for each other costs more than it brings.
var (
	leastBetween = int64(64)
	leastCuts    = 24
	leastDone    = int64(64)
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
		if s.edges[i].between() {
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
			g = &segment{part: part{f: s.forward, memory: new(states)}, mask: make([]uint64, len(s.dirty)), parked: make([]uint64, len(s.dirty))}
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

// between reports whether a FIFO may lie between segments.
func (e *Edge) between() bool {
	return e.short && e.depth >= leastBetween && e.giver == nil && e.drain == nil
}

// add puts a process into the segment.
func (g *segment) add(i int) {
	g.procs = append(g.procs, i)
	g.mask[i/64] |= 1 << (i % 64)
	g.tally.accounts = append(g.tally.accounts, g.f.s.procs[i].Accounts()...)
}

// join finds the edges within segments and those between them, whose beats wait for each other
// from now on. Ends of the plan have patterns, and the driving process boundaries: what they are
// in does not repeat itself alone.
func (t *segments) join(s *solver, makers, takers []int) {
	for i := range s.edges {
		e, from, to := &s.edges[i], t.of[makers[i]], t.of[takers[i]]
		if from == to {
			from.edges, from.tally.edges = append(from.edges, i), append(from.tally.edges, e)
			continue
		}
		from.out, to.in = append(from.out, &bound{Edge: e}), append(to.in, &bound{Edge: e})
		e.receiver, e.taker = nil, nil
	}
	for i := range s.procs {
		if g := t.of[i]; g != nil && (i == s.drives || gateOf(s.procs[i].Process) != nil) {
			for _, j := range g.procs {
				t.of[j] = nil
			}
		}
	}
}

// forget starts the search anew.
func (t *segments) forget() {
	if t == nil {
		return
	}
	for _, g := range t.all {
		g.forget()
		g.ready = false
	}
}

// enter is called before process i is advanced, while number held is not to be. It reports
// whether the segment need not be advanced now.
func (t *segments) enter(s *solver, i, held int) bool {
	if t == nil || t.of[i] == t.now {
		return false
	}
	g := t.of[i]
	t.leave(s, held)
	if g == nil || !g.ready || g.forced || held >= 0 && t.of[held] == g {
		t.now = g
		return false
	}
	if n := g.known(); n > 0 {
		g.again(n)
		return true
	}
	if !g.waits {
		g.waits = true
		t.waiting++
	}
	for w, m := range g.mask {
		g.parked[w] |= s.dirty[w] & m
		s.dirty[w] &^= m
	}
	return true
}

// leave is called when processes of another segment are to be advanced, or none: then the one
// before may have come to rest.
func (t *segments) leave(s *solver, held int) {
	g := t.now
	t.now = nil
	if g == nil {
		return
	}
	g.forced = false
	if g.ready && g.acts() == g.seen {
		return
	}
	if g.ready = false; held >= 0 && t.of[held] == g {
		return
	}
	for w, m := range g.mask {
		if s.dirty[w]&m != 0 {
			return
		}
	}
	g.rest()
}

// idle lets a segment go on that waits, when nothing else moves: one that knows enough by
// now, or else the first one, without. It reports whether there is one.
func (t *segments) idle(s *solver, held int) bool {
	if t == nil {
		return false
	}
	if t.leave(s, held); t.waiting == 0 {
		return false
	}
	var first *segment
	for _, g := range t.all {
		if !g.waits {
			continue
		}
		if g.ready && g.known() > 0 {
			t.unpark(s, g)
			return true
		}
		first = g
	}
	first.forced = true
	t.unpark(s, first)
	return true
}

func (t *segments) unpark(s *solver, g *segment) {
	g.waits = false
	t.waiting--
	for w, m := range g.parked {
		s.dirty[w] |= m
		g.parked[w] = 0
	}
}
