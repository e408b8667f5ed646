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
	reader      *Reader  // nil: a writer's
	follower    Follower // nil: none
	left        int64    // beats that are known to go on
	beats       int64    // granted
	first, last Cycle    // of them
	end         Cycle    // none goes on that the follower would take from here on
	late        int64    // that did not come in the cycle after the one before,
	latest      Cycle    // the newest of these
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
	}
}

// begins takes a beat that was granted for the first of a row, if it is.
func (t *turn) begins() bool {
	w := &t.row
	if w.follower == nil {
		return false
	}
	n := w.reader.known(t.at)
	if w.end = w.reader.out.horizon - 1; n < leastRow || t.at >= w.end {
		return false
	}
	w.left, w.first, w.last = n, t.at, w.reader.account.last
	t.goesOn()
	return true
}

// serveRows grants beats of rows that are asked for up to a cycle, until another one is next, or
// a row has ended. It reports whether one has with a beat that does not go on before the horizon.
func (p *port) serveRows(until Cycle) bool {
	for {
		t := p.queue[0]
		if t.row.left == 0 || t.request > until {
			return false
		}
		if p.serve(t); t.at >= t.row.end {
			t.row.tell()
			t.waker.wake()
			return true
		}
		if !t.goesOn() {
			return false
		}
	}
}

// goesOn takes the beat that was granted for one of the row, and asks for the next. It reports
// whether the row does.
func (t *turn) goesOn() bool {
	w := &t.row
	if t.at > w.last+1 {
		w.late, w.latest = w.late+1, t.at
	}
	w.last = t.at
	w.beats++
	t.granted, t.request = false, t.at+1
	t.port.wait(t)
	if w.left--; w.left == 0 {
		w.tell()
	}
	return w.left > 0
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

// tell tells reader, FIFO, and follower of the beats of the row.
func (w *row) tell() {
	r, n := w.reader, w.beats
	if n == 0 {
		return
	}
	a, e := &r.account, r.out
	a.cycles[a.before] += int64(w.last-a.last) - n
	if w.late > 0 {
		a.early = w.latest
	}
	a.Events(n, w.last)
	r.log.at += n
	r.log.newest = w.last
	r.done += n
	r.offer = w.last
	e.pass(n, w)
	w.follower.Followed(e, w.first+1, w.last+1, n)
	w.left, w.beats, w.late = 0, 0, 0
}

// pass moves the beats of a row through the FIFO: each leaves a cycle after it came.
func (e *Edge) pass(n int64, w *row) {
	e.empty += int64(w.last-e.lastSent) - n
	if w.late > 0 {
		e.late += w.late
		e.waited = e.waited || e.delayed < Never
	}
	e.count(n)
	e.sent, e.taken = e.sent+n, e.taken+n
	e.pending, e.lastSent, e.lastPop = w.last, w.last, w.last+1
	last := (e.sent - 1) & e.mask
	e.pushes[last], e.pops[last] = w.last, w.last+1 // of those before nobody asks any more
}

// tellRows ends all rows.
func (s *solver) tellRows() {
	for _, p := range s.ports {
		for _, t := range p.turns {
			t.row.tell()
		}
	}
}
