package wiring

import "github.com/convsim/convsim/pipeline/clock"

// downConverter parts. A wide beat is taken when the parts of the one before
// have moved on, or in the cycle in which the last one does, but not while the
// side register is full. Its parts move on from the next cycle, one a cycle,
// into the output register, or into the side register when that is full and not
// taken: then the next one waits until the side register has emptied. Cycles are
// named by the output.
type downConverter struct {
	converter
	held bool // the wide beat at hand has parts left
}

// Advance moves every beat whose time is known.
func (c *downConverter) Advance() clock.Progress {
	for c.hand() || c.load() || c.move() || c.take() {
	}
	return clock.Progress{}
}

// Accepts finds when the parts of the beat at hand have moved on and the side
// register is empty.
func (c *downConverter) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	switch {
	case c.held:
		return 0, false
	case t <= c.placed:
		return c.placed, true
	case c.pending: // when the side register empties is not known
		return 0, false
	}
	return max(t, c.loaded+1), true
}

func (c *downConverter) take() bool {
	if _, ok := c.takeAt(c.Accepts); !ok {
		return false
	}
	c.held = true
	return true
}

// move moves the next part on.
func (c *downConverter) move() bool {
	if !c.held || c.pending {
		return false
	}
	c.placed, c.pending = max(c.loaded, c.taken)+1, true
	if c.part++; c.part == c.parts {
		c.part, c.held = 0, false
	}
	return true
}

// load puts the part that moved into the output register.
func (c *downConverter) load() bool {
	if !c.pending || !c.out.Open() {
		return false
	}
	c.pending = false
	c.offer(max(c.placed, c.out.LastSent()))
	return true
}

// Close names the last wait.
func (c *downConverter) Close(total clock.Cycle) { c.closeOutput(total) }

// Registers shows the parts left and when the last one moved.
func (c *downConverter) Registers(v *clock.Registers) {
	v.Section(-(c.left*c.parts - c.part))
	if v.Moving() {
		c.left -= v.Beats() / c.parts
		c.give -= v.Beats()
	}
	c.registers(v)
	v.Exact(c.placed)
	v.Exact(c.loaded)
	v.Flag(c.held)
}

// Alike says for how long whole beats come.
func (c *downConverter) Alike(_ int, _, shift int64) int64 {
	if shift%c.parts != 0 {
		return 0
	}
	return (c.give - 1) / shift
}
