package wiring

import (
	"slices"

	"github.com/convsim/convsim/pipeline/clock"
)

// forkAll is a fork all or nothing in time: a beat crosses in the first cycle in
// which all branches take it.
type forkAll struct{ fork }

// Asks says that the fork must know when its branches are ready.
func (f *forkAll) Asks() {}

// Advance moves every beat whose time is known.
func (f *forkAll) Advance() clock.Progress {
	for f.Left > 0 {
		o, ok := f.in.Head()
		if !ok {
			return clock.Progress{}
		}
		from := max(o, f.Account.Last()+1)
		t, ok := f.when(from)
		if !ok || f.Account.Beyond(t) {
			return clock.Progress{}
		}
		f.inVain(from, t)
		for _, e := range f.out {
			e.Offer(t)
		}
		f.in.Take(t)
		f.Moved(o, t)
	}
	f.Account.Finish()
	return clock.Progress{}
}

// inVain tells sinks that are joined by wires in which cycles before t a beat was
// offered that they did not take: those in which all other branches were ready.
func (f *forkAll) inVain(from, t clock.Cycle) {
	if from == t {
		return
	}
	vain := make([][]clock.Cycle, len(f.out)) // found out before any sink hears of it: what it hears moves it on
	for i, e := range f.out {
		if !e.Sinks() {
			continue
		}
		others := slices.Delete(slices.Clone(f.out), i, i+1)
		for c, ok := allAccept(others, from); ok && c < t; c, ok = allAccept(others, c+1) {
			vain[i] = append(vain[i], c)
		}
	}
	for i, list := range vain {
		for _, c := range list {
			f.out[i].InVain(c)
		}
	}
}

// when finds the first cycle from t on in which all branches take a beat.
func (f *forkAll) when(t clock.Cycle) (clock.Cycle, bool) {
	for _, e := range f.out {
		if !e.Open() {
			return 0, false
		}
	}
	return allAccept(f.out, t)
}

// mostTurns is how many openings of branches are looked at before they are said
// never to agree: two that open in odd and in even cycles never do.
const mostTurns = 1 << 18

// allAccept finds the first cycle from t on in which all edges take a beat.
func allAccept(edges []*clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	for range mostTurns {
		later := t
		for _, e := range edges {
			at, ok := e.Accepts(later)
			if !ok {
				return 0, false
			}
			later = at
		}
		if later == t {
			return t, true
		}
		t = later
	}
	return 0, false
}

// Accepts finds the first cycle from t on in which all branches take a beat.
func (f *forkAll) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	return f.when(max(t, f.Account.Last()+1))
}

// Close names the last wait.
func (f *forkAll) Close(total clock.Cycle) {
	f.CloseAt(f.in, total)
}

// Waiting says what the fork waits for: the first branch that takes nothing.
func (f *forkAll) Waiting() clock.Wait {
	if f.Left == 0 {
		return clock.Wait{Cause: clock.Finished}
	}
	if o, ok := f.in.Head(); ok {
		for _, e := range f.out {
			if _, ready := e.Accepts(max(o, f.Account.Last()+1)); !e.Free() || !ready {
				return clock.Wait{Cause: clock.Blocked, Edge: e}
			}
		}
	}
	return clock.Wait{Cause: clock.Starved, Edge: f.in}
}
