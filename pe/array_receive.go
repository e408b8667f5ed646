package pe

import "github.com/convsim/convsim/pipeline/clock"

// Receive takes a beat if it is known when it can be computed, or else when there is room
// in the replay buffer, and computes what it can.
func (a *cores) Receive(o clock.Cycle) (clock.Cycle, bool) {
	if a.replay != nil {
		first, n := a.Takes(a.in, o, 1)
		if n == 0 {
			return 0, false
		}
		a.replay.took(first, 1)
		a.work()
		return first, true
	}
	if a.finished == a.vectors {
		return 0, false
	}
	from := max(o, a.account.Last()+1)
	t, ok := a.open(from)
	if !ok {
		return 0, false
	}
	a.account.Moved(o, t)
	a.step(t)
	return t, true
}

// work computes what can be computed, if a whole vector is there; what it leaves is done
// when nothing else moves.
func (a *cores) work() {
	if r := a.replay; r.written-r.first < r.vector {
		a.in.Wake()
		return
	}
	for a.computeReplayed() {
	}
}

// Takes says when beats of the vector at hand are taken while nothing interrupts
// computing, or while there is room in the replay buffer.
func (a *cores) Takes(in *clock.Edge, t clock.Cycle, n int64) (first clock.Cycle, beats int64) {
	switch {
	case a.weights != nil && a.replay == nil:
		return 0, 0
	case in == a.weights:
		return a.takesWeights(t, n)
	case a.replay != nil:
		return a.replay.takes(t, min(n, (a.vectors-a.finished)*a.replay.vector+a.replay.first-a.replay.written), a.account.Horizon())
	}
	first = max(t, a.account.Last()+1)
	until, ok := a.results.runs(a.out, first)
	if !ok || a.late > 0 || a.finished == a.vectors {
		return 0, 0
	}
	until = min(until, a.account.Horizon()-1)
	if a.vectorBeats == 1 {
		return first, a.results.passes(a.out, first, min(n, int64(until-first)+1))
	}
	return first, min(n, int64(a.vectorBeats-a.beat), int64(until-first)+1)
}

// takesWeights is Takes of weights for beats of a vector that have come.
func (a *cores) takesWeights(t clock.Cycle, n int64) (first clock.Cycle, beats int64) {
	if !a.fetch() || a.late > 0 {
		return 0, 0
	}
	first = max(t, a.ready)
	until, ok := a.results.runs(a.out, first)
	if !ok {
		return 0, 0
	}
	until = min(until, a.account.Horizon()-1)
	left := int64(a.sumBeats - a.beat%a.sumBeats)
	return first, min(n, left, a.replay.readable(a.beat, int64(a.beat)+left, first), int64(until-first)+1)
}

// Took takes them.
func (a *cores) Took(in *clock.Edge, first clock.Cycle, n int64) {
	if in == a.weights {
		a.account.Wait(clock.Starved, a.ready)
		a.account.Wait(clock.Throttled, first)
		a.held, a.ready = false, 0
		a.row(first, n)
		return
	}
	if a.replay != nil {
		a.replay.took(first, n)
		a.work()
		return
	}
	a.account.Row(first, n)
	if a.vectorBeats == 1 {
		if a.finished += n; a.finished == a.vectors {
			a.account.Finish()
		}
		a.results.pass(a.out, first, n)
		return
	}
	a.beat += int(n) - 1
	a.step(first + clock.Cycle(n-1))
}
