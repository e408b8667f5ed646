package clock

import "encoding/binary"

// Stretch is cycles of one cause, Until not included; or, where Again is above 0,
// what was done in the cycles before it, so many times more.
type Stretch struct {
	Cause       Cause
	Again       int64
	From, Until Cycle
}

// Reel reads a tape from its beginning.
type Reel struct {
	tape *Tape
	fold bool
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

// PlayFolded returns a reader that reads what fast-forward skipped as one stretch.
func (t *Tape) PlayFolded() *Reel { return &Reel{tape: t, at: t.from, fold: true} }

// Next returns the next stretch, false at the end.
func (r *Reel) Next() (Stretch, bool) {
	for {
		s, ok := r.step()
		if !ok {
			s, ok, r.some = r.held, r.some, false
			return s, ok
		}
		if r.some && s.Cause == r.held.Cause && s.Again == 0 && r.held.Again == 0 {
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
		if s, ok := r.turnBack(); ok {
			return s, true
		}
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

// turnBack goes back to the beginning of laps whose ends are reached, or leaves
// them; folded, it returns what their other times are.
func (r *Reel) turnBack() (Stretch, bool) {
	for last := len(r.in) - 1; last >= 0 && r.pos == r.in[last].end; last-- {
		l := &r.in[last]
		if l.left--; l.left > 0 && !r.fold {
			r.pos = l.begin
			return Stretch{}, false
		}
		r.in = r.in[:last]
		if l.left > 0 {
			return r.cut(Stretch{Again: l.left}, l.cycles*Cycle(l.left)), true
		}
	}
	return Stretch{}, false
}

func (r *Reel) number() uint64 {
	v, n := binary.Uvarint(r.tape.log[r.pos:])
	r.pos += n
	return v
}
