package stepsim

// Port is shared by ends whose beats go through it one after the other: Num/Den bytes a cycle. An end asks in the first
// cycle in which its next beat could move; who asks first is served first, in one cycle sources before sinks and then
// in the order of the graph. At most one sink may share a port.
type Port struct {
	Num, Den int64

	cycle Cycle // when the last beat granted has moved: in this cycle,
	part  int64 // so many parts of Num after its start
}

// take grants the port in cycle t for so many bytes, and returns the cycle in which the last of them moves.
func (p *Port) take(t Cycle, bytes int64) Cycle {
	if p.cycle < t {
		p.cycle, p.part = t, 0
	}
	p.part += bytes * p.Den
	p.cycle += Cycle(p.part / p.Num)
	p.part %= p.Num
	if p.part == 0 {
		return p.cycle - 1
	}
	return p.cycle
}

// queue is the place of an end at its port.
type queue struct {
	port  *Port
	bytes int64
	asked bool
	moves Cycle
}

func startQueue(p *Port, bytes int64) queue {
	p.cycle, p.part = 0, 0 // of a run before
	return queue{port: p, bytes: bytes}
}

// open asks, unless that has been done, and reports whether the beat moves in cycle t, or could have before.
func (q *queue) open(t Cycle) bool {
	if !q.asked {
		q.asked, q.moves = true, q.port.take(t, q.bytes)
	}
	return t >= q.moves
}

// reader is a source at a port.
type reader struct {
	queue
	left int64
}

func (r *reader) offer(t Cycle, _ bool) bool { return r.left > 0 && r.open(t) }
func (r *reader) accept(bool, bool) bool     { return false }

func (r *reader) commit(w wires, names []Name) bool {
	switch {
	case w.out():
		names[0] = Busy
		r.left--
		r.asked = false
	case r.left == 0:
		names[0] = Finished
	case w.outValid:
		names[0] = Blocked
	default:
		names[0] = Throttled
	}
	return w.out() || r.left > 0 && !w.outValid
}

// writer is a sink at a port.
type writer struct {
	queue
	now  Cycle
	left int64
}

func (r *writer) offer(t Cycle, _ bool) bool {
	r.now = t
	return false
}

func (r *writer) accept(inValid, _ bool) bool { return r.left > 0 && inValid && r.open(r.now) }

func (r *writer) commit(w wires, names []Name) bool {
	switch {
	case w.in():
		names[0] = Busy
		r.left--
		r.asked = false
	case r.left == 0:
		names[0] = Finished
	case !w.inValid:
		names[0] = Starved
	default:
		names[0] = Throttled
	}
	return w.in() || w.inValid && r.left > 0
}
