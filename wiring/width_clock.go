package wiring

import "github.com/convsim/convsim/pipeline/clock"

// AppendKey appends ratio, direction and beats.
func (w Width) AppendKey(dst []byte) []byte {
	return clock.AppendInts(dst, w.up(), w.down(), w.In.Frame())
}

// Process makes the converter.
func (w Width) Process(at clock.Ports) clock.Process {
	c := converter{account: clock.NewAccount(at.Stage("width"), at.In[0].Name(), at.Out[0].Name()), in: at.In[0], out: at.Out[0],
		left: w.In.Frame() * at.Frames, placed: -1, moved: -1, loaded: -1}
	if c.parts = w.up(); c.parts > 1 {
		return &upConverter{converter: c}
	}
	c.parts = w.down()
	return &downConverter{converter: c, taken: -1, give: w.Out.Frame() * at.Frames}
}

// converter is what both directions have.
type converter struct {
	account clock.Account
	in, out *clock.Edge
	parts   int64 // narrow beats per wide one
	left    int64 // beats to take in all
	part    int64 // of the wide beat that is joined or parted

	placed, moved, loaded clock.Cycle // of the newest part; see the directions
}

// Accounts returns the converter's account.
func (c *converter) Accounts() []*clock.Account { return []*clock.Account{&c.account} }

// upConverter joins. A beat is taken into a skid register and placed in the wide
// word at once, if there is room: the first part of a word has room once the
// word before has left or leaves. The next beat is taken a cycle after that. A
// word is offered in the cycle after its last part was placed.
type upConverter struct {
	converter
	skid  bool        // the first part of a word waits for room
	taken clock.Cycle // when it was
}

// Advance moves every beat whose time is known.
func (c *upConverter) Advance() clock.Progress {
	for {
		if c.skid {
			if !c.out.Open() {
				break
			}
			c.place(max(c.taken, c.out.LastSent()))
			c.skid, c.taken = false, 0
		}
		o, ok := c.in.Head()
		if !ok || c.left == 0 {
			break
		}
		t := max(o, c.placed+1)
		if t >= c.account.Horizon() {
			break
		}
		c.in.Take(t)
		c.account.Wait(clock.Starved, o)
		c.account.Wait(clock.Blocked, t)
		c.account.Event(t)
		c.left--
		if c.part == 0 {
			c.skid, c.taken = true, t
		} else {
			c.place(t)
		}
	}
	if c.left == 0 {
		c.account.Finish()
	}
	return clock.Progress{}
}

// place puts the next part into the word.
func (c *upConverter) place(t clock.Cycle) {
	c.placed = t
	if c.part++; c.part == c.parts {
		c.part = 0
		c.out.Offer(c.placed + 1)
	}
}

// Close names the last wait.
func (c *upConverter) Close(total clock.Cycle) {
	if o, ok := c.in.Head(); ok && c.left > 0 {
		c.account.Wait(clock.Starved, o)
		c.account.Wait(clock.Blocked, total)
	}
}

// Waiting says what the converter waits for.
func (c *upConverter) Waiting() clock.Wait {
	switch {
	case c.left == 0 && !c.skid || c.out.Done():
		return clock.Wait{Cause: clock.Finished}
	case c.skid && !c.out.Free():
		return clock.Wait{Cause: clock.Blocked, Edge: c.out}
	}
	return clock.Wait{Cause: clock.Starved, Edge: c.in}
}

// Registers shows the part being joined and when the last one was placed.
func (c *upConverter) Registers(v *clock.Registers) {
	v.Section(-c.left)
	if v.Moving() {
		c.left -= v.Beats()
		v.Move(&c.placed)
		if c.skid {
			v.Move(&c.taken)
		}
		v.MoveAccount(&c.account)
	}
	v.Value(c.part)
	v.Exact(c.placed)
	v.Flag(c.skid)
	if c.skid {
		v.Exact(c.taken)
	}
}

// Alike says for how long whole words come.
func (c *upConverter) Alike(_ int, _, shift int64) int64 {
	if shift%c.parts != 0 {
		return 0
	}
	return (c.left - 1) / shift
}

// downConverter parts. A wide beat is taken when the parts of the one before
// have moved on, or in the cycle in which the last one does, but not while the
// side register is full. Its parts move on from the next cycle, one a cycle,
// into the output register, or into the side register when that is full and not
// taken: then the next one waits until the side register has emptied. Cycles are
// named by the output.
type downConverter struct {
	converter
	taken   clock.Cycle // when the wide beat at hand was
	held    bool        // it has parts left
	side    bool        // a part has moved on and is not in the output register yet
	offered bool        // a part is on offer, from the cycle after it was loaded
	give    int64       // parts to hand over in all
}

// Advance moves every beat whose time is known.
func (c *downConverter) Advance() clock.Progress {
	for c.hand(); c.load() || c.move() || c.take(); c.hand() {
	}
	return clock.Progress{}
}

// hand accounts for the part on offer once it is known to have left.
func (c *downConverter) hand() {
	if !c.offered || !c.out.Free() {
		return
	}
	t := c.out.LastSent()
	c.account.Wait(clock.Starved, c.loaded+1)
	c.account.Wait(clock.Blocked, t)
	c.account.Event(t)
	c.offered = false
	if c.give--; c.give == 0 {
		c.account.Finish()
	}
}

// take takes the next wide beat, and reports whether its time is known.
func (c *downConverter) take() bool {
	o, ok := c.in.Head()
	if !ok || c.held || c.left == 0 {
		return false
	}
	t := max(o, c.moved)
	if t > c.moved {
		if c.side {
			return false // until when is not known
		}
		t = max(t, c.loaded+1)
	}
	if t >= c.account.Horizon() {
		return false
	}
	c.in.Take(t)
	c.taken, c.held = t, true
	c.left--
	return true
}

// move moves the next part on, and reports whether its time is known.
func (c *downConverter) move() bool {
	if !c.held || c.side {
		return false
	}
	c.moved, c.side = max(c.loaded, c.taken)+1, true
	if c.part++; c.part == c.parts {
		c.part, c.held = 0, false
	}
	return true
}

// load loads the output register with the part that has moved on, and reports
// whether its time is known.
func (c *downConverter) load() bool {
	if !c.side || !c.out.Open() {
		return false
	}
	c.loaded, c.side = max(c.moved, c.out.LastSent()), false
	c.out.Offer(c.loaded + 1)
	c.offered = true
	return true
}

// Close names the last wait.
func (c *downConverter) Close(total clock.Cycle) {
	if c.offered {
		c.account.Wait(clock.Starved, c.loaded+1)
		c.account.Wait(clock.Blocked, total)
	}
}

// Waiting says what the converter waits for.
func (c *downConverter) Waiting() clock.Wait {
	switch {
	case c.give == 0 || c.out.Done() && c.out.Free():
		return clock.Wait{Cause: clock.Finished}
	case !c.out.Free():
		return clock.Wait{Cause: clock.Blocked, Edge: c.out}
	}
	return clock.Wait{Cause: clock.Starved, Edge: c.in}
}

// Registers shows the parts left and when the last one moved.
func (c *downConverter) Registers(v *clock.Registers) {
	v.Section(-(c.left*c.parts - c.part))
	if v.Moving() {
		c.left -= v.Beats() / c.parts
		c.give -= v.Beats()
		v.Move(&c.taken, &c.moved, &c.loaded)
		v.MoveAccount(&c.account)
	}
	v.Flag(c.held)
	v.Flag(c.side)
	v.Flag(c.offered)
	v.Value(c.part)
	v.Exact(c.account.Last())
	v.Exact(c.taken)
	v.Exact(c.moved)
	v.Exact(c.loaded)
}

// Alike says for how long whole beats come.
func (c *downConverter) Alike(_ int, _, shift int64) int64 {
	if shift%c.parts != 0 {
		return 0
	}
	return (c.give - 1) / shift
}
