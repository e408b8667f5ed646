package pe

import "github.com/convsim/convsim/pipeline/clock"

// Follows is of how many weights it is known that each is multiplied when it is offered: beats of
// a vector that have come, before its last pass, in which they set places free, and up to the
// next result.
func (a *cores) Follows(in *clock.Edge, t clock.Cycle) int64 {
	if in != a.weights || a.replay == nil || !a.held || a.late > 0 || a.pass == a.outFolds-1 || a.results.sure() < clock.Never-1 {
		return 0
	}
	n := min(int64(a.sumBeats-a.beat%a.sumBeats)-1, a.replay.written-a.replay.first-int64(a.beat))
	if n < 1 || a.replay.arrived(a.beat+int(n)-1)+2 > t+clock.Cycle(n-1) {
		return 0
	}
	return n
}

// Followed notes that they have been multiplied.
func (a *cores) Followed(_ *clock.Edge, first, last clock.Cycle, n int64) {
	a.account.Wait(clock.Starved, a.ready)
	a.account.Wait(clock.Throttled, first)
	a.account.Event(first)
	a.account.Among(clock.Throttled, n-1, last)
	a.held, a.ready = false, 0
	a.beat += int(n)
	a.fetch()
}
