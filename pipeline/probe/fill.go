package probe

import "github.com/convsim/convsim/pipeline/clock"

// fill finds how much a FIFO holds, from what happened at its ends.
type fill struct {
	ends [2]end // in, out
	at   clock.Cycle
	held int64
	turn clock.Cycle // where the period ends that stands for others, too; 0 for none
	more int64       // for how many
}

// end is a tape on its way.
type end struct {
	reel *clock.Reel
	now  clock.Stretch
}

func newFill(ends clock.Ends, from clock.Cycle) *fill {
	f := &fill{at: from, held: ends.In.Before() - ends.Out.Before()}
	for i, tape := range []*clock.Tape{ends.In, ends.Out} {
		f.ends[i] = end{tape.Play(), clock.Stretch{Until: from}}
	}
	return f
}

// walk goes on to a cycle, up to which tapes are complete, and tells of every stretch how
// much is held in its cycles, and in those of how many later periods it is the same:
// those are passed over.
func (f *fill) walk(until clock.Cycle, visit func(from, until clock.Cycle, held, more int64)) {
	for f.at < until {
		for i := range f.ends {
			if e := &f.ends[i]; e.now.Until <= f.at {
				var ok bool
				if e.now, ok = e.reel.Before(until); !ok {
					return
				}
			}
		}
		if f.turn > 0 && f.at == f.turn {
			f.leap()
		}
		if f.turn == 0 {
			f.periods(until)
		}
		in, out := f.ends[0].now.Cause == clock.Busy, f.ends[1].now.Cause == clock.Busy
		next := min(f.ends[0].now.Until, f.ends[1].now.Until)
		if f.turn > 0 {
			next = min(next, f.turn)
		}
		if in != out { // a beat that moves in a cycle shows in the next
			next = f.at + 1
		}
		visit(f.at, next, f.held, f.more)
		switch {
		case in && !out:
			f.held++
		case out && !in:
			f.held--
		}
		f.at = next
	}
}

// periods looks whether both ends go round in one period: then the one that begins now
// stands for those that follow, but for the last.
func (f *fill) periods(until clock.Cycle) {
	a, b := f.ends[0].reel.Lap(), f.ends[1].reel.Lap()
	if a.Left == 0 || a.Cycles != b.Cycles || f.at < max(a.From, b.From) {
		return
	}
	if n := min(a.Left, b.Left, int64((until-f.at)/a.Cycles)) - 2; n > 0 {
		f.turn, f.more = f.at+a.Cycles, n
	}
}

// leap passes over the periods that have been told.
func (f *fill) leap() {
	for i := range f.ends {
		e := &f.ends[i]
		later := e.reel.Skip(f.more)
		e.now.From += later
		e.now.Until += later
		f.at = f.turn + later
	}
	f.turn, f.more = 0, 0
}
