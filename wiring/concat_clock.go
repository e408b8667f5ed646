package wiring

import "github.com/convsim/convsim/pipeline/clock"

// turns says whose turn it is: of every pixel, beats[0] for port 0, then
// beats[1] for port 1, and so on.
type turns struct {
	beats []int64
	whole int64
	port  int
	at    int64 // beats of the port's turn done
}

func (t *turns) step() {
	for t.at++; t.at == t.beats[t.port]; {
		t.at = 0
		t.port = (t.port + 1) % len(t.beats)
	}
}

// AppendKey appends the turns and the pixels.
func (c Concat) AppendKey(dst []byte) []byte {
	for _, s := range c.In {
		dst = clock.AppendInts(dst, s.Beats)
	}
	return clock.AppendInts(dst, c.In[0].Rows*c.In[0].Pixels)
}

func (c Concat) turns() turns {
	t := turns{whole: c.out().Beats}
	for _, s := range c.In {
		t.beats = append(t.beats, s.Beats)
	}
	return t
}

// Process makes the concat.
func (c Concat) Process(at clock.Ports) clock.Process {
	return &gatherer{account: clock.NewAccount(at.Stage("concat"), names(at.In), at.Out[0].Name()), in: at.In, out: at.Out[0],
		turns: c.turns(), left: c.out().Frame() * at.Frames}
}

// gatherer is a concat in time: a register whose input takes turns.
type gatherer struct {
	account clock.Account
	in      []*clock.Edge
	out     *clock.Edge
	turns
	left int64
}

// Advance moves every beat whose time is known.
func (c *gatherer) Advance() clock.Progress {
	for c.left > 0 {
		in := c.in[c.port]
		o, ok := in.Head()
		if !ok || !c.out.Open() {
			return clock.Progress{}
		}
		t := max(o, c.account.Last()+1, c.out.LastSent())
		if t >= c.account.Horizon() {
			return clock.Progress{}
		}
		in.Take(t)
		c.account.Wait(clock.Starved, o)
		c.account.Wait(clock.Blocked, t)
		c.account.Event(t)
		c.left--
		c.step()
		c.out.Offer(t + 1)
	}
	c.account.Finish()
	return clock.Progress{}
}

// Accepts finds when the register is empty or being emptied, once it is the
// input's turn.
func (c *gatherer) Accepts(in *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	return max(t, c.account.Last()+1, c.out.LastSent()), in == c.in[c.port] && c.out.Open()
}

// Accounts returns the stage's account.
func (c *gatherer) Accounts() []*clock.Account { return []*clock.Account{&c.account} }

// Close names the last wait.
func (c *gatherer) Close(total clock.Cycle) {
	if o, ok := c.in[c.port].Head(); ok && c.left > 0 {
		c.account.Wait(clock.Starved, o)
		c.account.Wait(clock.Blocked, total)
	}
}

// Waiting says what the stage waits for.
func (c *gatherer) Waiting() clock.Wait {
	switch {
	case c.left == 0 || c.out.Done():
		return clock.Wait{Cause: clock.Finished}
	case !c.out.Free():
		return clock.Wait{Cause: clock.Blocked, Edge: c.out}
	}
	return clock.Wait{Cause: clock.Starved, Edge: c.in[c.port]}
}

// Registers shows whose turn it is; the rest its edges tell.
func (c *gatherer) Registers(v *clock.Registers) {
	v.Section(-c.left)
	if v.Moving() {
		c.left -= v.Beats()
		v.MoveAccount(&c.account)
	}
	v.Value(int64(c.port))
	v.Value(c.at)
	v.Exact(c.account.Last())
}

// Alike says for how long pixels come; all of them are alike.
func (c *gatherer) Alike(_ int, _, shift int64) int64 {
	if shift%c.whole != 0 {
		return 0
	}
	return (c.left - 1) / shift
}

// AppendKey appends the turns and the pixels, and what is dropped.
func (s Split) AppendKey(dst []byte) []byte {
	for i := range s.Out {
		dst = clock.AppendFlag(dst, s.dropped(i))
	}
	return Concat{s.Out}.AppendKey(dst)
}

// Process makes the split.
func (s Split) Process(at clock.Ports) clock.Process {
	p := &parter{account: clock.NewAccount(at.Stage("split"), at.In[0].Name(), names(at.Out)), in: at.In[0],
		turns: Concat{s.Out}.turns(), left: Concat{s.Out}.out().Frame() * at.Frames}
	port := 0
	for i := range s.Out {
		var to *clock.Edge
		if !s.dropped(i) {
			to = at.Out[port]
			port++
		}
		p.out = append(p.out, to)
	}
	return p
}

// parter is a split in time: a register at every output, of which one takes the
// input's next beat.
type parter struct {
	account clock.Account
	in      *clock.Edge
	out     []*clock.Edge // by part, nil if it is dropped
	turns
	left int64
}

// Accepts finds when the register of the output that has its turn is empty or
// being emptied.
func (c *parter) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	t = max(t, c.account.Last()+1)
	if out := c.out[c.port]; out != nil {
		return max(t, out.LastSent()), out.Open()
	}
	return t, true
}

// Advance moves every beat whose time is known.
func (c *parter) Advance() clock.Progress {
	for c.left > 0 {
		out := c.out[c.port]
		o, ok := c.in.Head()
		if !ok {
			return clock.Progress{}
		}
		t, ok := c.Accepts(c.in, o)
		if !ok || t >= c.account.Horizon() {
			return clock.Progress{}
		}
		c.in.Take(t)
		c.account.Wait(clock.Starved, o)
		c.account.Wait(clock.Blocked, t)
		c.account.Event(t)
		c.left--
		c.step()
		if out != nil {
			out.Offer(t + 1)
		}
	}
	c.account.Finish()
	return clock.Progress{}
}

// Accounts returns the stage's account.
func (c *parter) Accounts() []*clock.Account { return []*clock.Account{&c.account} }

// Close names the last wait.
func (c *parter) Close(total clock.Cycle) {
	if o, ok := c.in.Head(); ok && c.left > 0 {
		c.account.Wait(clock.Starved, o)
		c.account.Wait(clock.Blocked, total)
	}
}

// Waiting says what the stage waits for.
func (c *parter) Waiting() clock.Wait {
	switch out := c.out[c.port]; {
	case c.left == 0 || out != nil && out.Done():
		return clock.Wait{Cause: clock.Finished}
	case out != nil && !out.Free():
		return clock.Wait{Cause: clock.Blocked, Edge: out}
	}
	return clock.Wait{Cause: clock.Starved, Edge: c.in}
}

// Registers shows whose turn it is; the rest its edges tell.
func (c *parter) Registers(v *clock.Registers) {
	v.Section(-c.left)
	if v.Moving() {
		c.left -= v.Beats()
		v.MoveAccount(&c.account)
	}
	v.Value(int64(c.port))
	v.Value(c.at)
	v.Exact(c.account.Last())
}

// Alike says for how long pixels come; all of them are alike.
func (c *parter) Alike(_ int, _, shift int64) int64 {
	if shift%c.whole != 0 {
		return 0
	}
	return (c.left - 1) / shift
}
