package wiring

import "github.com/convsim/convsim/pipeline/clock"

// receive is takeAt of a beat that is offered from cycle o on and not in the FIFO.
func (c *converter) receive(o clock.Cycle, accepts func(*clock.Edge, clock.Cycle) (clock.Cycle, bool)) (clock.Cycle, bool) {
	if c.left == 0 {
		return 0, false
	}
	t, ok := accepts(c.in, o)
	if !ok || c.account.Beyond(t) {
		return 0, false
	}
	c.taken = t
	c.left--
	return t, true
}

// Receive takes a beat and places it if there is room.
func (c *upConverter) Receive(o clock.Cycle) (clock.Cycle, bool) {
	c.place()
	t, ok := c.receive(o, c.Accepts)
	if ok {
		c.arrived(o)
		c.pending = true
		c.place()
	}
	return t, ok
}

// Receive takes a beat once the parts of the one before have moved on, and moves its
// parts on as far as is known.
func (c *downConverter) Receive(o clock.Cycle) (clock.Cycle, bool) {
	c.parting()
	t, ok := c.receive(o, c.Accepts)
	if ok {
		c.held = true
		c.parting()
	}
	return t, ok
}

// parting moves the parts of the beat at hand on.
func (c *downConverter) parting() {
	for c.hand() || c.load() || c.move() {
	}
}
