package wiring

import "github.com/convsim/convsim/pipeline/clock"

// regrouper converts between any widths: a store of units, of which a beat brings
// `from` and takes `to`, behind a skid register. A beat is placed in the store
// once that holds less than an output beat, or while the last one leaves. Cycles
// are named by the input if its beats are not the wider, else by the output.
type regrouper struct {
	converter
	from, to int64
	units    int64 // in the store and not on offer
}

// Advance moves every beat whose time is known.
func (c *regrouper) Advance() clock.Progress {
	for c.from > c.to && c.hand() || c.load() || c.place() || c.take() {
	}
	return clock.Progress{}
}

// Accepts finds when the skid register is empty.
func (c *regrouper) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	return max(t, c.placed+1), !c.pending
}

func (c *regrouper) take() bool {
	o, ok := c.takeAt(c.Accepts)
	if !ok {
		return false
	}
	if c.from <= c.to {
		c.arrived(o)
	}
	c.pending = true
	return true
}

func (c *regrouper) place() bool {
	if !c.pending || c.units >= c.to || !c.out.Free() {
		return false
	}
	c.pending, c.placed = false, max(c.taken, c.out.LastSent())
	c.units += c.from
	return true
}

// load puts the next output beat on offer.
func (c *regrouper) load() bool {
	if c.units < c.to || !c.out.Open() {
		return false
	}
	c.units -= c.to
	c.offer(max(c.placed, c.out.LastSent()))
	return true
}

// Close names the last wait.
func (c *regrouper) Close(total clock.Cycle) {
	if c.from <= c.to {
		c.closeInput(total)
	} else {
		c.closeOutput(total)
	}
}

// Registers shows the store, and counts what was taken.
func (c *regrouper) Registers(v *clock.Registers) {
	v.Section(-c.left)
	if v.Moving() {
		c.left -= v.Beats()
		c.give -= v.Beats() * c.from / c.to
	}
	c.registers(v)
	v.Exact(c.placed)
	v.Exact(c.loaded)
	v.Value(c.units)
}

// Alike says for how long beats come whose units make whole output beats.
func (c *regrouper) Alike(_ int, _, shift int64) int64 {
	if shift*c.from%c.to != 0 {
		return 0
	}
	return max(0, c.left-1) / shift
}
