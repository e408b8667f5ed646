package wiring

import "github.com/convsim/convsim/pipeline/clock"

// AppendKey appends ratio, direction, beats and style.
func (w Width) AppendKey(dst []byte) []byte {
	in, out := w.units()
	return clock.AppendInts(dst, in, out, w.In.Frame(), int64(w.Style))
}

// Process makes the converter.
func (w Width) Process(at clock.Ports) clock.Process {
	c := converter{account: clock.NewAccount(at.Stage("width"), at.In[0].Name(), at.Out[0].Name()), in: at.In[0], out: at.Out[0],
		left: w.In.Frame() * at.Frames, give: w.Out.Frame() * at.Frames, taken: -1, placed: -1, loaded: -1}
	in, out := w.units()
	switch {
	case w.Style == Generic:
		return &regrouper{converter: c, from: in, to: out}
	case in < out:
		c.parts = out
		return &upConverter{converter: c}
	}
	c.parts = in
	return &downConverter{converter: c}
}

// converter is what all converters have.
type converter struct {
	account clock.Account
	in, out *clock.Edge
	parts   int64 // narrow beats of a wide one
	left    int64 // beats to take in all
	give    int64 // beats to hand over in all
	part    int64 // parts joined or parted of the wide beat at hand
	pending bool  // a beat was taken, or a part moved on, and has not found its place

	taken  clock.Cycle // newest beat
	placed clock.Cycle // newest part: it left the input side
	loaded clock.Cycle // newest part: it came into the output register
	offers bool        // named by the output: a beat is on offer, from the cycle after it was loaded
}

// Accounts returns the converter's account.
func (c *converter) Accounts() []*clock.Account { return []*clock.Account{&c.account} }

// takeAt takes the next beat in the cycle that accepts finds for it, and reports
// whether that is known.
func (c *converter) takeAt(accepts func(*clock.Edge, clock.Cycle) (clock.Cycle, bool)) (since clock.Cycle, ok bool) {
	o, ok := c.in.Head()
	if !ok || c.left == 0 {
		return 0, false
	}
	t, ok := accepts(c.in, o)
	if !ok || c.account.Beyond(t) {
		return 0, false
	}
	c.in.Take(t)
	c.taken = t
	c.left--
	return o, true
}

// arrived names the cycles up to the taking of a beat offered since o, for
// converters named by their input.
func (c *converter) arrived(o clock.Cycle) {
	c.account.Moved(o, c.taken)
	if c.left == 0 {
		c.account.Finish()
	}
}

// offer puts a beat on offer in the cycle after t.
func (c *converter) offer(t clock.Cycle) {
	c.loaded = t
	c.out.Offer(t + 1)
	c.offers = true
}

// hand names the cycles up to the handing over of the beat on offer, once it is
// known, for converters named by their output.
func (c *converter) hand() bool {
	if !c.offers || !c.out.Free() {
		return false
	}
	t := c.out.LastSent()
	c.account.Moved(c.loaded+1, t)
	c.offers = false
	if c.give--; c.give == 0 {
		c.account.Finish()
	}
	return true
}

// closeInput and closeOutput name the last wait.
func (c *converter) closeInput(total clock.Cycle) {
	if o, ok := c.in.Head(); ok && c.left > 0 {
		c.account.Waits(o, total)
	}
}

func (c *converter) closeOutput(total clock.Cycle) {
	if c.offers {
		c.account.Waits(c.loaded+1, total)
	}
}

// Waiting says what the converter waits for.
func (c *converter) Waiting() clock.Wait {
	return clock.WaitOf(c.out.Free() && (c.left == 0 || c.out.Done()), !c.out.Free(), c.in, c.out)
}

// registers shows what all converters have, and moves what is not counted. The cycles
// of what a converter does not do stand still, and must not be shown.
func (c *converter) registers(v *clock.Registers) {
	if v.Moving() {
		v.Move(&c.taken, &c.placed, &c.loaded)
		v.MoveAccount(&c.account)
	}
	v.Value(c.part)
	v.Flag(c.pending)
	v.Flag(c.offers)
	v.Exact(c.account.Last())
	v.Exact(c.taken)
}
