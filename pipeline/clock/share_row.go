package clock

// Follower is a process that waits for the beats of one of its inputs, and can say how long
// nothing else decides what it does.
type Follower interface {
	// Follows is of how many of the next beats at an input it is known that the process takes
	// each in the cycle in which it is offered, as it took the last one, and that nobody else can
	// tell. The next is offered in cycle t.
	Follows(in *Edge, t Cycle) int64
	// Followed notes that it took n such beats, the first and the last in these cycles.
	Followed(in *Edge, first, last Cycle, n int64)
}

// row is beats of a reader that go to a Follower as soon as they come: each time one is granted
// the next is asked for a cycle later. Until something else follows from one, only the port
// knows of them.
type row struct {
	reader   *Reader  // nil: a writer's
	follower Follower // nil: none
	bit      int      // its number among those of the port
	beats    int64    // that are known to go on
	first    Cycle    // when the first of them moves
}

// leastRow is how many beats are worth it.
const leastRow = 4

// findRows finds the readers whose beats may go on in rows: through FIFOs in which a beat that
// comes every cycle never waits.
func (s *solver) findRows() {
	if s.asked || s.tapes != nil || s.remembered != nil {
		return
	}
	for _, p := range s.ports {
		for _, t := range p.turns {
			if r := t.row.reader; r != nil && r.out.short && r.out.latency == 1 && r.out.depth > 1 {
				t.row.follower, _ = r.out.consumer.(Follower)
			}
		}
		p.rows.find(p.turns)
	}
}

// begins takes a beat that was granted for the first of a row, if it is.
func (t *turn) begins() bool {
	w := &t.row
	if w.follower == nil || t.at+1 >= w.reader.out.horizon {
		return false
	}
	n := min(w.reader.known(t.at), mostLeft)
	if n < leastRow {
		return false
	}
	w.beats, w.first = n, t.at
	t.granted = false
	t.port.rows.begin(w.bit, n-1, t.at+1)
	return true
}

// known is of how many beats, the next of which moves in cycle t, it is known that they go on.
func (r *Reader) known(t Cycle) int64 {
	e := r.out
	if r.offers || e.taken < e.offered || e.taken == 0 || e.lastPop != e.lastSent+1 || r.log.at == 0 {
		return 0
	}
	n := min(e.limit-e.offered, r.log.beats-r.log.at) - 1
	return min(n, r.turn.row.follower.Follows(e, t+1))
}

// tell tells reader, FIFO, and follower of the first n beats of the row, the newest of which
// moved in cycle last.
func (w *row) tell(n int64, last Cycle) {
	r := w.reader
	a, e := &r.account, r.out
	late := int64(last-a.last) - n
	a.cycles[a.before] += late
	a.Events(n, last)
	r.log.at += n
	r.log.newest = last
	r.done += n
	r.offer = last
	e.pass(n, last, late > 0)
	w.follower.Followed(e, w.first+1, last+1, n)
}

// pass moves n beats of a row through the FIFO, each of which leaves a cycle after it came, the
// last of them in cycle last, some of them late.
func (e *Edge) pass(n int64, last Cycle, late bool) {
	e.empty += int64(last-e.lastSent) - n
	if late {
		e.late++
		e.waited = e.waited || e.delayed < Never
	}
	e.count(n)
	e.sent, e.taken = e.sent+n, e.taken+n
	e.pending, e.lastSent, e.lastPop = last, last, last+1
	newest := (e.sent - 1) & e.mask
	e.pushes[newest], e.pops[newest] = last, last+1 // of those before nobody asks any more
}
