package clock

import "sort"

// Easer is a process that can leave out the boundaries of its loops within rows, or bring them
// back. Without them beats go on at once.
type Easer interface{ Ease(eased bool) }

// lull is when looking for states within rows is in vain: while a FIFO goes on filling up or
// emptying no two are equal. To stop there makes beats take up to twice as long, so the driving
// process goes on without, and is asked again at ends of rows, at which states are compared as ever.
type lull struct {
	easer  Easer   // nil: it is no Easer, or there are others
	since  int64   // beats simulated at the newest success, or when the search began again
	until  int64   // beats up to which nothing is looked at, 0: it is
	before lookout // when it was asked last
	now    lookout
	lists  []int64 // where these and those of lookouts are
	after  []int64 // beats without success after which an edge's fill decides
}

// lookout is what a look at all edges found.
type lookout struct {
	moved int64   // beats simulated
	held  []int64 // what edges held
	by    []int64 // by how much more than at the look before
}

var (
	leastLook = int64(1 << 7)  // beats between two looks, at least,
	lookShare = int64(8)       // and as a share of all
	longLull  = int64(8)       // how many times as long a FIFO has to go on
	slowest   = int64(1 << 6)  // beats simulated for one that it holds more, or less, at most
	rearLull  = int64(1 << 9)  // beats without success before that, behind the driving process
	frontLull = int64(1 << 12) // and in front of it, where what is behind may not wait for it; or before others
)

// findLull finds the process that may go on.
func (f *forwarder) findLull() {
	s := f.s
	if s.leads || f.watch || s.drives < 0 {
		return
	}
	l, n := &f.lull, int64(len(s.edges))
	l.easer, _ = s.procs[s.drives].Process.(Easer)
	l.lists = Take[int64](s.work, 5*n)
	numbers := l.lists
	for _, list := range []*[]int64{&l.after, &l.before.held, &l.before.by, &l.now.held, &l.now.by} {
		*list, numbers = numbers[:n:n], numbers[n:]
	}
	for i := range l.after {
		l.after[i] = rearLull
	}
	if f.rear != nil {
		for _, i := range f.front.edges {
			l.after[i] = frontLull
		}
	}
	for _, a := range f.aparts { // they may be left out
		l.after[a.edge] = Unlimited
	}
}

// lulled reports whether nothing is looked at within rows.
func (f *forwarder) lulled() bool {
	l := &f.lull
	if l.easer == nil {
		return false
	}
	moved, eased := f.s.moved(), l.until > 0
	if moved < l.until || !eased && moved-l.now.moved < max(leastLook, moved/lookShare) {
		return eased
	}
	f.lookout(moved)
	switch left := l.drifting(f.s.edges, eased); {
	case left > 0:
		l.until = moved + left/2
	case eased:
		l.until, l.since = 0, moved
	}
	if eased != (l.until > 0) {
		l.easer.Ease(!eased)
	}
	return l.until > 0
}

// lookout looks at all edges.
func (f *forwarder) lookout(moved int64) {
	l := &f.lull
	l.before, l.now = l.now, l.before
	l.now.moved = moved
	for i := range f.s.edges {
		l.now.held[i] = f.s.edges[i].fill()
		l.now.by[i] = l.now.held[i] - l.before.held[i]
	}
}

// drifting is how many beats will be simulated until a FIFO is full or empty that goes on filling
// up or emptying, 0 if there is none for which that takes long.
func (l *lull) drifting(edges []Edge, eased bool) (left int64) {
	moved := l.now.moved
	gone, least := moved-l.before.moved, moved/lookShare
	if !eased {
		least = longLull * gone
	}
	for i, by := range l.now.by {
		room := l.now.held[i]
		if by > 0 {
			room = edges[i].depth - room
		}
		if by*l.before.by[i] <= 0 || max(by, -by)*slowest <= gone || moved-l.since <= l.after[i] {
			continue
		}
		if n := gone * room / max(by, -by); n > least {
			left = max(left, n)
		}
	}
	return left
}

// fill is how many beats the FIFO holds when the newest one enters.
func (e *Edge) fill() int64 {
	if e.depth == 0 || e.ram != nil || e.lastPop <= e.lastSent {
		return e.holds()
	}
	oldest := max(0, e.since, e.taken-min(e.depth, e.mask))
	n := sort.Search(int(e.taken-oldest), func(i int) bool { return e.pops[(oldest+int64(i))&e.mask] > e.lastSent })
	return e.offered - oldest - int64(n)
}
