package pipeline

// Level is a loop of the driving window: its boundaries are where the pipeline
// is compared with its own past.
type Level uint8

// The levels, innermost first.
const (
	Pixel Level = iota
	Row
	Frame
	levels
)

// Units are how many beats of one kind belong to one pixel, row and frame of
// the driving window, in the body of the image.
type Units [levels]int64

// repeater is the part of a process that fast-forward needs: its complete state
// relative to now, and how to skip periods in which that state recurs.
//
// A process is described in one or more sections, always the same number in the
// same order. Between two boundaries a section either moves, its events shifted
// by whole units of the loop, or it stays exactly as it is.
type repeater interface {
	State(s *State)
	Skip(k *Skip)
}

// State collects the sections of all processes and edges at one boundary.
type State struct {
	level    Level
	index    int64 // units of the driving window finished
	base     Cycle // when the last of them finished
	never    bool  // some process cannot be skipped
	sections []section
	values   []int64 // numbers, and times relative to base
	absolute []int64 // the same with times as they are
	counters []int64
}

// newState makes room for the state of a common pipeline.
func newState() *State {
	const parts, numbers = 16, 80
	return &State{sections: make([]section, 0, parts), values: make([]int64, 0, numbers),
		absolute: make([]int64, 0, numbers), counters: make([]int64, 0, numbers)}
}

type section struct {
	count       int64
	unit        int64
	back, ahead int64
	from        int // first value
}

// past stands for every time that can bind nothing any more.
const past = -1 << 62

// Level is the loop whose boundary was reached.
func (s *State) Level() Level { return s.level }

// Section starts a section: events counted so far, events per unit of each
// level, and for how many events before and after now the section's loops are
// the same when shifted by a unit.
func (s *State) Section(count int64, units Units, back, ahead int64) {
	s.sections = append(s.sections, section{count, units[s.level], back, ahead, len(s.values)})
}

// Time adds a time that matters only when it lies after floor.
func (s *State) Time(t, floor Cycle) {
	if t <= floor {
		s.Value(past)
		return
	}
	s.Exact(t)
}

// Exact adds a time that matters however long ago it was.
func (s *State) Exact(t Cycle) {
	s.values = append(s.values, int64(t-s.base))
	s.absolute = append(s.absolute, int64(t))
}

// Value adds a number.
func (s *State) Value(v int64) {
	s.values = append(s.values, v)
	s.absolute = append(s.absolute, v)
}

// Flag adds a yes or no.
func (s *State) Flag(b bool) {
	v := int64(0)
	if b {
		v = 1
	}
	s.Value(v)
}

// Never says that the graph holds something that cannot be skipped.
func (s *State) Never() { s.never = true }

// Skip says what to skip: whole periods of units of one level.
type Skip struct {
	Level      Level
	Units      int64 // in all
	Time       Cycle // in all
	Period     int64 // units per period
	PeriodTime Cycle
	moved      []bool
}

// Section reports, for the sections in the order State named them, whether the
// section moved: one that did not stays as it is.
func (k *Skip) Section() bool {
	m := k.moved[0]
	k.moved = k.moved[1:]
	return m
}

// Beats is the number of events skipped of a section with these units.
func (k *Skip) Beats(u Units) int64 { return k.Units * u[k.Level] }

// Shift moves the stage's newest event by the time skipped.
func (s *Stage) Shift(k *Skip) { s.last += k.Time }

func (l *frameLog) room(level Level, done, limit int64) (back, ahead int64) {
	if level == Frame {
		return done, limit - done - 1
	}
	if l.at == 0 {
		return 0, 0
	}
	return l.at - 1, min(l.beats-l.at, limit-done) - 1
}

// skip fills in the frames a skip jumps over, or moves within the frame. Of the
// frames begun and ended in the last period, each skipped one is a later copy.
func (l *frameLog) skip(k *Skip, beats int64) {
	l.newest += k.Time
	if k.Level != Frame {
		l.at += beats
		return
	}
	for range k.Units {
		l.firsts = append(l.firsts, l.firsts[int64(len(l.firsts))-k.Period]+k.PeriodTime)
		l.lasts = append(l.lasts, l.lasts[int64(len(l.lasts))-k.Period]+k.PeriodTime)
	}
}

// State describes the source; what it offers, its edge tells.
func (s *Source) State(st *State) {
	back, ahead := s.log.room(st.level, s.done, s.limit)
	st.Section(s.done, s.out.units, back, ahead)
}

// Skip jumps ahead.
func (s *Source) Skip(k *Skip) {
	if !k.Section() {
		return
	}
	n := k.Beats(s.out.units)
	s.done += n
	s.offer += k.Time
	s.stage.Shift(k)
	s.log.skip(k, n)
}

// State describes the sink, which has taken what its edge tells.
func (s *Sink) State(st *State) {
	back, ahead := s.log.room(st.level, s.done, s.total)
	st.Section(s.done, s.in.units, back, ahead)
}

// Skip jumps ahead.
func (s *Sink) Skip(k *Skip) {
	if !k.Section() {
		return
	}
	n := k.Beats(s.in.units)
	s.done += n
	s.stage.Shift(k)
	s.log.skip(k, n)
}

// state describes the edge: how much it holds, and the times that may still
// bind. How much of it has left the producer follows from the depth.
func (e *Edge) state(st *State) {
	st.Section(e.taken+e.passed, e.units, unlimited, unlimited)
	st.Value(e.offered - e.taken)
	st.Exact(e.lastSent)
	if e.depth == 0 {
		if e.offered > e.taken {
			st.Time(e.pushes[0], e.lastSent+1)
		}
		return
	}
	if e.offered > e.sent {
		st.Time(e.pending, e.lastSent+1)
	}
	lastPop := e.lastPop()
	st.Exact(lastPop)
	for k := e.sent - 1; k >= e.taken; k-- {
		visible := e.pushes[k&e.mask] + Cycle(e.latency)
		if visible <= lastPop+1 {
			break
		}
		st.Exact(visible)
	}
	for k := e.taken - 1; k >= 0 && k >= e.sent-e.depth; k-- {
		q := e.pops[k&e.mask]
		if q <= e.lastSent {
			break
		}
		st.Exact(q)
	}
}

// unlimited is the room of what has no loops of its own.
const unlimited = 1 << 60

// skip moves the edge's times.
func (e *Edge) skip(k *Skip) {
	if !k.Section() {
		return
	}
	e.passed += k.Beats(e.units)
	e.pending += k.Time
	e.lastSent += k.Time
	for i := range e.pushes {
		e.pushes[i] += k.Time
	}
	for i := range e.pops {
		e.pops[i] += k.Time
	}
}
