package clock

import "encoding/binary"

// Stretch is cycles of one cause, Until not included.
type Stretch struct {
	Cause       Cause
	From, Until Cycle
}

// Reel reads a tape from its beginning, while it is recorded too.
type Reel struct {
	tape *Tape
	at   Cycle
	in   []lap // those being read, outermost first
	pos  int   // in the log
	rest Cycle // cycles of the piece at hand that are not read yet
	now  Cause // of that piece
	held Stretch
	some bool // a stretch is held, which perhaps goes on
	read int64
}

// lap is a piece of the log that comes several times.
type lap struct {
	begin, end int
	from       Cycle // of the first time
	left       int64 // times, this one included
	cycles     Cycle // of one time
}

// Lap is a period that fast-forward skipped: from a cycle on what is read comes so often
// yet, the time that is being read included.
type Lap struct {
	From   Cycle
	Left   int64
	Cycles Cycle // of one time
}

// Lap is the longest period that a reel is in, ahead of what Before has returned by a
// stretch; Left is 0 where it is in none.
func (r *Reel) Lap() Lap {
	if len(r.in) == 0 {
		return Lap{}
	}
	return Lap{r.in[0].from, r.in[0].left, r.in[0].cycles}
}

// Shares is what the cycles of one time of that period are called.
func (r *Reel) Shares() Shares { return sharesOf(r.tape.log[r.in[0].begin:r.in[0].end]) }

// sharesOf adds up a piece of a log.
func sharesOf(log []byte) (all Shares) {
	r := &Reel{tape: &Tape{log: log}}
	for r.pos < len(log) {
		v := r.number()
		if v&again != again {
			all[v&again] += int64(v >> causeBits)
			continue
		}
		r.number()
		size := int(r.number())
		for c, n := range sharesOf(log[r.pos : r.pos+size]) {
			all[c] += n * int64(v>>causeBits)
		}
		r.pos += size
	}
	return all
}

// Skip leaves out that period so many times, fewer than are left, and returns by how many
// cycles all that comes is later than it would be.
func (r *Reel) Skip(times int64) Cycle {
	later := Cycle(times) * r.in[0].cycles
	r.in[0].left -= times
	r.at += later
	r.held.From += later
	r.held.Until += later
	return later
}

// Play returns a reader of what was done in the cycles kept: stretch by stretch, each
// with another cause than the one before it. A tape that is forgotten when it was played
// has one reader.
func (t *Tape) Play() *Reel {
	t.reel = &Reel{tape: t, at: t.from}
	return t.reel
}

// Next returns the next stretch, false at the end.
func (r *Reel) Next() (Stretch, bool) { return r.Before(Never) }

// Before is Next of a tape that is complete up to a cycle only: a stretch ends there at
// the latest, and goes on in the next one.
func (r *Reel) Before(until Cycle) (Stretch, bool) {
	until = min(until, r.tape.to)
	for {
		s, ok := r.piece(until)
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

// stopped reports whether the run has been given up: what comes again and again could go
// on for days.
func (r *Reel) stopped() bool {
	const every = 1 << 10
	r.read++
	if r.read%every == 0 && isClosed(r.tape.done) {
		r.read-- // it stays so
		return true
	}
	return false
}

// piece reads on, to the end of what lies in one place in the log or to a cycle.
func (r *Reel) piece(until Cycle) (Stretch, bool) {
	if r.at >= until || r.rest == 0 && !r.find() || r.stopped() {
		return Stretch{}, false
	}
	n := min(r.rest, until-r.at)
	s := Stretch{Cause: r.now, From: r.at, Until: r.at + n}
	r.rest -= n
	r.at = s.Until
	return s, true
}

// find finds the next piece. That which is not in the log yet goes there, since it is
// about to be read.
func (r *Reel) find() bool {
	for {
		r.turnBack()
		if r.pos == len(r.tape.log) {
			if r.tape.settle(); r.pos == len(r.tape.log) {
				return false
			}
		}
		v := r.number()
		if v&again != again {
			r.now, r.rest = Cause(v&again), Cycle(v>>causeBits)
			return true
		}
		cycles, size := Cycle(r.number()), int(r.number())
		r.in = append(r.in, lap{begin: r.pos, end: r.pos + size, from: r.at, left: int64(v >> causeBits), cycles: cycles})
	}
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
