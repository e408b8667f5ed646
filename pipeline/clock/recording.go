package clock

import "cmp"

// tape makes stages and edges keep what every cycle was spent on.
func (s *solver) tape(o *Tapes, done <-chan struct{}) {
	if o == nil {
		return
	}
	s.tapes = &Recording{Edges: make([]Ends, len(s.edges)), most: cmp.Or(o.Every, mostUnplayed)}
	s.play = o.Play
	blank := func() *Tape { return &Tape{from: o.From, to: o.To, grown: &s.tapes.grown, done: done} }
	for _, a := range s.accounts {
		a.tape = blank()
		s.tapes.Names = append(s.tapes.Names, a.Name)
		s.tapes.Stages = append(s.tapes.Stages, a.tape)
	}
	for i := range s.edges {
		if o.Edge != nil && !o.Edge(i) {
			continue
		}
		e := &s.edges[i]
		ends := &s.tapes.Edges[i]
		ends.Out = blank()
		ends.In = ends.Out
		if e.depth > 0 {
			ends.In = blank()
		}
		e.tapes, e.watched = ends, true
	}
}

// How many bytes of tapes may come before they are played, and how many times as many
// stay that have been read, so that a period that begins in them can still be found.
const (
	mostUnplayed = 1 << 23
	played       = 4
)

// hear plays all tapes as far as they are complete.
func (s *solver) hear(until Cycle) {
	s.play(s.tapes, until)
	n := 0
	s.tapes.each(func(*Tape) { n++ })
	s.tapes.each(func(t *Tape) { t.forget(played * s.tapes.most / n) })
	s.tapes.grown = 0
}

// complete is the cycle up to which all tapes are. It lags behind while some stage has
// not begun yet, and when one has ended: by the way of a frame through the pipeline.
func (s *solver) complete() Cycle {
	for _, a := range s.accounts {
		a.tell()
	}
	until := Never
	s.tapes.each(func(t *Tape) { until = min(until, t.told) })
	return until
}

// each visits all tapes, in an order that is always the same.
func (r *Recording) each(visit func(*Tape)) {
	if r == nil {
		return
	}
	for _, t := range r.Stages {
		visit(t)
	}
	for _, e := range r.Edges {
		if e.Out == nil {
			continue
		}
		visit(e.Out)
		if e.In != e.Out {
			visit(e.In)
		}
	}
}

// marks notes how far all tapes are.
func (s *solver) marks(dst []mark) []mark {
	if s.tapes == nil {
		return dst
	}
	for _, a := range s.accounts {
		a.tell()
	}
	s.tapes.each(func(t *Tape) { dst = append(dst, t.mark()) })
	return dst
}

// recorded is how many periods may be skipped for the tapes to stay complete.
func (s *solver) recorded(old *Registers, period Cycle) int64 {
	n, i := int64(Unlimited), 0
	s.tapes.each(func(t *Tape) {
		n = min(n, t.again(old.marks[i], period))
		i++
	})
	return n
}

// recordAgain notes on all tapes that n periods like that since old are skipped.
func (s *solver) recordAgain(old *Registers, n int64) {
	i := 0
	s.tapes.each(func(t *Tape) {
		t.repeat(old.marks[i], n)
		i++
	})
}

// finishTapes names what was still on offer at the ends of an edge when the run ended.
func (e *Edge) finishTapes(total Cycle) {
	if e.tapes == nil {
		return
	}
	if e.tapes.In != e.tapes.Out {
		since := total
		if e.offered > e.sent {
			since = min(e.pending, total)
		}
		e.tapes.In.tell(since, Starved)
		e.tapes.In.tell(total, Blocked)
	}
	since := total
	if o, ok := e.Head(); ok {
		since = min(o, total)
	}
	e.tapes.Out.tell(since, Starved)
	e.tapes.Out.tell(total, Blocked)
	e.tapes.In.end(total)
	e.tapes.Out.end(total)
	e.tapes = nil
}

// offeredSince is from when on the beat that was just taken had been on offer.
func (e *Edge) offeredSince() Cycle {
	k := e.taken - 1
	switch {
	case e.depth == 0:
		return e.pushes[0]
	case e.ram != nil:
		return e.ram.loads[k&e.mask] + 1
	}
	return e.pushes[k&e.mask] + Cycle(e.latency)
}
