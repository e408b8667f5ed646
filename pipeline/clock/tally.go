package clock

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

// latest is the cycle of the newest event, -1 before the first.
func (c *tally) latest() Cycle {
	t := Cycle(-1)
	for _, a := range c.accounts {
		t = max(t, a.last)
	}
	for _, e := range c.edges {
		t = max(t, e.latest())
	}
	return t
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

// wait notes that stages that waited between two states do so until later by some cycles.
func (c *tally) wait(old, now *Registers, later Cycle) {
	for i, a := range c.accounts {
		if at := i*int(causes) + int(a.before); now.counters[at] > old.counters[at] {
			a.early = min(a.early+later, Never)
		}
	}
}

// again counts n times more what was counted from old to now.
func (c *tally) again(old, now *Registers, n int64) {
	at := 0
	c.each(func(sum *int64) {
		*sum += n * (now.counters[at] - old.counters[at])
		at++
	})
	c.wait(old, now, Cycle(n)*(now.base-old.base))
	c.lateAgain(old, now)
}

// forever notes what is waited for in periods like that from old to now, which are not simulated.
func (c *tally) forever(old, now *Registers) {
	c.lateAgain(old, now)
	c.wait(old, now, Never)
}

// lateAgain notes which beats are waited for in periods like that from old to now: those
// that were in it, in which one may have been held up only later.
func (c *tally) lateAgain(old, now *Registers) {
	const each = 3 // counters of an edge, the last of which counts late beats
	at := len(c.accounts)*int(causes) + each - 1
	for i, e := range c.edges {
		if now.counters[at+each*i] > old.counters[at+each*i] {
			e.waited = e.waited || e.delayed < Never
		}
	}
}
