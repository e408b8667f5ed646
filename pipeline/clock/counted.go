package clock

// Counted is what a process of one stage is built on: its account, and the events
// it has left, which is what its section counts.
type Counted struct {
	Account Account
	Left    int64
}

// Accounts returns the one account.
func (c *Counted) Accounts() []*Account { return []*Account{&c.Account} }

// Moved counts an event in cycle t, of a beat that was there from cycle since on.
func (c *Counted) Moved(since, t Cycle) {
	c.Account.Moved(since, t)
	c.Left--
}

// Take takes the next beat of an edge in the cycle in which the process accepts it,
// and counts it, once that cycle is known.
func (c *Counted) Take(in *Edge, by Accepter) (t Cycle, ok bool) {
	o, ok := in.Head()
	if !ok {
		return 0, false
	}
	t, ok = by.Accepts(in, o)
	if !ok || c.Account.Beyond(t) {
		return 0, false
	}
	in.Take(t)
	c.Moved(o, t)
	return t, true
}

// CloseAt names the last wait of a process that takes its next beat from an edge.
func (c *Counted) CloseAt(in *Edge, total Cycle) {
	if o, ok := in.Head(); ok && c.Left > 0 {
		c.Account.Waits(o, total)
	}
}

// Count begins the section and moves it.
func (c *Counted) Count(v *Registers) {
	v.Section(-c.Left)
	if v.Moving() {
		c.Left -= v.Beats()
		v.MoveAccount(&c.Account)
	}
}

// Whole says how many more times the section may move by shift events when any
// whole loops of so many are alike.
func (c *Counted) Whole(loop, shift int64) int64 {
	if shift%loop != 0 {
		return 0
	}
	return (c.Left - 1) / shift
}
