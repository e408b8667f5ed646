package pipeline

import (
	"slices"
	"sync"
)

// forwarder skips periods in which the whole pipeline repeats itself. At the
// boundaries the driving window reports, it compares the complete relative
// state with the boundary before and with a marked older one (Brent's cycle
// search: the mark moves to boundaries 1, 2, 4, 8, ...). When both are equal,
// what happened in between will happen again, as long as every loop stays in a
// region that looks the same one period later.
type forwarder struct {
	g       *Graph
	reached bool
	level   Level
	index   int64
	base    Cycle
	tracks  [levels]track
	skipped Cycle
	moved   []bool
}

// track is the search at one level.
type track struct {
	before, mark *State
	seen, next   int64 // boundaries seen; at which one the mark moves
}

// FastForward makes the run skip what repeats; it changes no number of the
// result. Without effect when a gate never repeats.
func (g *Graph) FastForward() {
	for _, s := range g.sources {
		if s.gate.Period() == 0 {
			return
		}
	}
	for _, s := range g.sinks {
		if s.gate.Period() == 0 {
			return
		}
	}
	g.forward = &forwarder{g: g}
}

// Pacer is how the driving window reports that it passes a boundary.
type Pacer struct{ g *Graph }

// NewPacer makes the pacer of a driving window.
func (g *Graph) NewPacer() *Pacer { return &Pacer{g} }

// On reports whether boundaries are wanted.
func (p *Pacer) On() bool { return p != nil && p.g.forward != nil }

// Reach reports that the window finished unit number index of a level in cycle
// t. The window must return from Advance at once.
func (p *Pacer) Reach(level Level, index int64, t Cycle) {
	f := p.g.forward
	f.reached, f.level, f.index, f.base = true, level, index, t
}

// stop ends fast-forward, so that the tail of a run is simulated, and returns
// how many cycles were skipped.
func (f *forwarder) stop() int64 {
	if f == nil {
		return 0
	}
	f.g.forward = nil
	for l := range f.tracks {
		f.forget(&f.tracks[l])
	}
	return int64(f.skipped)
}

// boundary compares the state with the past and skips what it can.
func (f *forwarder) boundary() {
	for l := Pixel; l < f.level; l++ {
		f.forget(&f.tracks[l])
	}
	tr := &f.tracks[f.level]
	now := f.capture()
	if f.try(tr.before, now) || f.try(tr.mark, now) {
		release(now)
		f.forget(tr)
		return
	}
	if tr.before != tr.mark {
		release(tr.before)
	}
	tr.before = now
	if tr.seen++; tr.seen >= tr.next {
		release(tr.mark)
		tr.mark, tr.next = now, 2*tr.seen
	}
}

// forget starts the search anew.
func (f *forwarder) forget(tr *track) {
	if tr.mark != tr.before {
		release(tr.mark)
	}
	release(tr.before)
	*tr = track{}
}

// states are kept from run to run: a design point would otherwise spend most of
// its memory on them.
var states = sync.Pool{New: func() any { return newState() }}

func release(s *State) {
	if s != nil {
		states.Put(s)
	}
}

// capture takes the state of everything at the boundary.
func (f *forwarder) capture() *State {
	s := states.Get().(*State)
	s.level, s.index, s.base, s.never = f.level, f.index, f.base, false
	s.sections, s.values, s.absolute, s.counters = s.sections[:0], s.values[:0], s.absolute[:0], s.counters[:0]
	for _, p := range f.g.procs {
		p.State(s)
	}
	for _, e := range f.g.edges {
		e.state(s)
	}
	f.counters(func(c *int64) { s.counters = append(s.counters, *c) })
	return s
}

// counters visits everything that adds up over a run.
func (f *forwarder) counters(visit func(*int64)) {
	for _, s := range f.g.stages {
		for i := range s.cycles {
			visit(&s.cycles[i])
		}
	}
	for _, e := range f.g.edges {
		visit(&e.full)
		visit(&e.empty)
	}
}

// try skips as many periods as the loops allow if the state now is that of old.
func (f *forwarder) try(old, now *State) bool {
	if old == nil || now.never || !f.gatesRepeat(now.base-old.base) {
		return false
	}
	n := f.periods(old, now, now.index-old.index)
	if n > 0 {
		f.skip(old, now, n)
	}
	return n > 0
}

// skip skips n times what lies between old and now, whose sections are noted in
// moved.
func (f *forwarder) skip(old, now *State, n int64) {
	period, time := now.index-old.index, now.base-old.base
	k := Skip{Level: now.level, Units: n * period, Period: period,
		Time: Cycle(n) * time, PeriodTime: time, moved: f.moved}
	for _, p := range f.g.procs {
		p.Skip(&k)
	}
	for _, e := range f.g.edges {
		e.skip(&k)
	}
	i := 0
	f.counters(func(c *int64) {
		*c += n * (now.counters[i] - old.counters[i])
		i++
	})
	f.skipped += k.Time
	f.g.wakeAll()
}

func (f *forwarder) gatesRepeat(dt Cycle) bool {
	for _, s := range f.g.sources {
		if dt%s.gate.Period() != 0 {
			return false
		}
	}
	for _, s := range f.g.sinks {
		if dt%s.gate.Period() != 0 {
			return false
		}
	}
	return true
}

// periods returns how many periods may be skipped, 0 when the states differ,
// and notes which sections moved.
func (f *forwarder) periods(old, now *State, period int64) int64 {
	f.moved = f.moved[:0]
	n := int64(unlimited)
	for i, b := range now.sections {
		a := old.sections[i]
		d := b.count - a.count
		f.moved = append(f.moved, d != 0)
		from, to := b.from, now.end(i)
		if from != a.from || to != old.end(i) {
			return 0
		}
		if d == 0 {
			if !slices.Equal(old.absolute[from:to], now.absolute[from:to]) {
				return 0
			}
			continue
		}
		if d != period*b.unit || b.back < d || !slices.Equal(old.values[from:to], now.values[from:to]) {
			return 0
		}
		n = min(n, b.ahead/d)
	}
	return n
}

// end is where the values of section i end.
func (s *State) end(i int) int {
	if i+1 < len(s.sections) {
		return s.sections[i+1].from
	}
	return len(s.values)
}
