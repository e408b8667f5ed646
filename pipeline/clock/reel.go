package clock

import "encoding/binary"

// Stretch is cycles of one cause, Until not included.
type Stretch struct {
	Cause       Cause
	From, Until Cycle
}

// Reel reads a tape from its beginning.
type Reel struct {
	tape *Tape
	at   Cycle
	in   []lap // those being read, outermost first
	pos  int
	held Stretch // read, and perhaps going on
	some bool    // it is there
}

// lap is a piece of the log that comes several times.
type lap struct {
	begin, end int
	left       int64 // times
	cycles     Cycle // of one time
}

// Play returns a reader of what was done in the cycles kept: stretch by stretch, each
// with another cause than the one before it.
func (t *Tape) Play() *Reel { return &Reel{tape: t, at: t.from} }

// Next returns the next stretch, false at the end.
func (r *Reel) Next() (Stretch, bool) {
	for {
		s, ok := r.step()
		if !ok {
			s, ok, r.some = r.held, r.some, false
			return s, ok
		}
		if r.some && s.Cause == r.held.Cause {
			r.held.Until = s.Until
			continue
		}
		before, ok := r.held, r.some
		r.held, r.some = s, true
		if ok {
			return before, true
		}
	}
}

// step reads one stretch.
func (r *Reel) step() (Stretch, bool) {
	t := r.tape
	for r.at < t.to {
		r.turnBack()
		if r.pos == len(t.log) {
			r.pos++
			s := r.cut(Stretch{Cause: t.cause}, t.cycles)
			return s, s.Until > s.From
		}
		if r.pos > len(t.log) {
			break
		}
		v := r.number()
		if v&again != again {
			return r.cut(Stretch{Cause: Cause(v & again)}, Cycle(v>>causeBits)), true
		}
		cycles, size := Cycle(r.number()), int(r.number())
		r.in = append(r.in, lap{begin: r.pos, end: r.pos + size, left: int64(v >> causeBits), cycles: cycles})
	}
	return Stretch{}, false
}

// cut gives a stretch its cycles, those from here on that are kept.
func (r *Reel) cut(s Stretch, n Cycle) Stretch {
	s.From, s.Until = r.at, min(r.at+n, r.tape.to)
	r.at = s.Until
	return s
}

// turnBack goes back to the beginning of laps whose ends are reached, or leaves them.
func (r *Reel) turnBack() {
	for last := len(r.in) - 1; last >= 0 && r.pos == r.in[last].end; last-- {
		if r.in[last].left--; r.in[last].left > 0 {
			r.pos = r.in[last].begin
			return
		}
		r.in = r.in[:last]
	}
}

func (r *Reel) number() uint64 {
	v, n := binary.Uvarint(r.tape.log[r.pos:])
	r.pos += n
	return v
}
