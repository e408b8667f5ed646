package wiring

import "github.com/convsim/convsim/pipeline/clock"

// upConverter joins. A beat is taken into a skid register, or through it, and
// placed in the wide word at once if there is room: the first part of a word has
// room once the word before has left or leaves. The next beat is taken a cycle
// after that. A word is offered in the cycle after its last part was placed.
type upConverter struct {
	converter
	frame int64 // beats after which a word ends however many parts it has, 0 for never
	at    int64 // beats of the frame placed; 0 if words end with their parts alone
}

// Advance moves every beat whose time is known.
func (c *upConverter) Advance() clock.Progress {
	for c.place() || c.take() {
	}
	return clock.Progress{}
}

// Accepts finds when the skid register is empty.
func (c *upConverter) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	return max(t, c.placed+1), !c.pending
}

func (c *upConverter) take() bool {
	o, ok := c.takeAt(c.Accepts)
	if ok {
		c.arrived(o)
		c.pending = true
	}
	return ok
}

// place puts the beat that was taken into the word.
func (c *upConverter) place() bool {
	last := c.at+1 == c.frame
	ends := c.part+1 == c.parts || last
	if !c.pending || c.part == 0 && !c.out.Free() || ends && !c.out.Open() {
		return false
	}
	c.pending, c.placed = false, c.taken
	if c.part == 0 {
		c.placed = max(c.taken, c.out.LastSent())
	}
	c.part++
	if ends {
		c.part = 0
		c.out.Offer(c.placed + 1)
	}
	switch {
	case last:
		c.at = 0
	case c.frame > 0:
		c.at++
	}
	return true
}

// Close names the last wait.
func (c *upConverter) Close(total clock.Cycle) { c.closeInput(total) }

// Registers shows the part being joined and when the last one was placed.
func (c *upConverter) Registers(v *clock.Registers) {
	v.Section(-c.left)
	if v.Moving() {
		c.left -= v.Beats()
	}
	c.registers(v)
	v.Exact(c.placed)
	v.Value(c.at)
}

// Alike says for how long whole words come, or frames of words.
func (c *upConverter) Alike(_ int, _, shift int64) int64 {
	if c.frame == 0 && shift%c.parts != 0 || c.frame > 0 && shift%c.frame != 0 {
		return 0
	}
	return (c.left - 1) / shift
}
