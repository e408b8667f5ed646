package clock

import "slices"

// tally is what adds up over a run in a part of a plan: how its cycles are named, and how
// full and empty its FIFOs are.
type tally struct {
	accounts []*Account
	edges    []*Edge
}

// each visits all of it.
func (c *tally) each(visit func(*int64)) {
	for _, a := range c.accounts {
		for i := range a.cycles {
			visit(&a.cycles[i])
		}
	}
	for _, e := range c.edges {
		visit(&e.full)
		visit(&e.empty)
		visit(&e.late)
	}
}

// note notes it in a state.
func (c *tally) note(v *Registers) {
	for _, a := range c.accounts {
		v.counters = append(v.counters, a.cycles[:]...)
	}
	for _, e := range c.edges {
		v.counters = append(v.counters, e.full, e.empty, e.late)
	}
}

// again counts n times more what was counted from old to now.
func (c *tally) again(old, now *Registers, n int64) {
	at := 0
	c.each(func(sum *int64) {
		*sum += n * (now.counters[at] - old.counters[at])
		at++
	})
	c.lateAgain(old, now)
}

// forever notes what is waited for in periods like that from old to now, which are not simulated.
func (c *tally) forever(old, now *Registers) {
	c.lateAgain(old, now)
	for _, e := range c.edges {
		i := slices.Index(c.accounts, e.user)
		if at := i*int(causes) + int(Starved); i >= 0 && now.counters[at] > old.counters[at] {
			e.starved = -1
		}
	}
}

// lateAgain notes which beats are waited for in periods like that from old to now: those
// that were in it, in which one may have been held up only later.
func (c *tally) lateAgain(old, now *Registers) {
	const each = 3 // counters of an edge, the last of which counts late beats
	at := len(now.counters) - each*len(c.edges) + each - 1
	for i, e := range c.edges {
		if now.counters[at+each*i] > old.counters[at+each*i] {
			e.waited = e.waited || e.delayed
		}
	}
}
