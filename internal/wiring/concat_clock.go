package wiring

import "github.com/convsim/convsim/pipeline/clock"

// turns says whose turn it is: of every pixel, beats[0] for port 0, then
// beats[1] for port 1, and so on.
type turns struct {
	clock.Counted
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

// Registers shows whose turn it is; the rest edges tell.
func (t *turns) Registers(v *clock.Registers) {
	t.Count(v)
	v.Value(int64(t.port))
	v.Value(t.at)
	v.Exact(t.Account.Last())
}

// Alike says for how long pixels come; all of them are alike.
func (t *turns) Alike(_ int, _, shift int64) int64 { return t.Whole(t.whole, shift) }

// AppendKey appends the turns and the pixels.
func (c Concat) AppendKey(dst []byte) []byte {
	for _, s := range c.In {
		dst = clock.AppendInts(dst, s.Beats)
	}
	return clock.AppendInts(dst, c.In[0].Rows*c.In[0].Pixels)
}

func (c Concat) turns(at clock.Ports, name string) turns {
	t := turns{Counted: at.Counted(name, c.out().Frame()), whole: c.out().Beats}
	for _, s := range c.In {
		t.beats = append(t.beats, s.Beats)
	}
	return t
}

// Process makes the concat.
func (c Concat) Process(at clock.Ports) clock.Process {
	return &gatherer{in: at.In, out: at.Out[0], turns: c.turns(at, "concat")}
}

// gatherer is a concat in time: a register whose input takes turns.
type gatherer struct {
	in  []*clock.Edge
	out *clock.Edge
	turns
}

// Advance moves every beat whose time is known.
func (c *gatherer) Advance() clock.Progress {
	for c.Left > 0 {
		t, ok := c.Take(c.in[c.port], c)
		if !ok {
			return clock.Progress{}
		}
		c.step()
		c.out.Offer(t + 1)
	}
	c.Account.Finish()
	return clock.Progress{}
}

// Accepts finds when the register is empty or being emptied, once it is the
// input's turn.
func (c *gatherer) Accepts(in *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	return max(t, c.Account.Last()+1, c.out.LastSent()), in == c.in[c.port] && c.out.Open()
}

// Close names the last wait.
func (c *gatherer) Close(total clock.Cycle) {
	c.CloseAt(c.in[c.port], total)
}

// Waiting says what the stage waits for.
func (c *gatherer) Waiting() clock.Wait {
	return clock.WaitOf(c.Left == 0 || c.out.Done(), !c.out.Free(), c.in[c.port], c.out)
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
	p := &parter{in: at.In[0], turns: Concat{s.Out}.turns(at, "split")}
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
	in  *clock.Edge
	out []*clock.Edge // by part, nil if it is dropped
	turns
}

// Accepts finds when the register of the output that has its turn is empty or
// being emptied.
func (c *parter) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	t = max(t, c.Account.Last()+1)
	if out := c.out[c.port]; out != nil {
		return max(t, out.LastSent()), out.Open()
	}
	return t, true
}

// Advance moves every beat whose time is known.
func (c *parter) Advance() clock.Progress {
	for c.Left > 0 {
		out := c.out[c.port]
		t, ok := c.Take(c.in, c)
		if !ok {
			return clock.Progress{}
		}
		c.step()
		if out != nil {
			out.Offer(t + 1)
		}
	}
	c.Account.Finish()
	return clock.Progress{}
}

// Close names the last wait.
func (c *parter) Close(total clock.Cycle) {
	c.CloseAt(c.in, total)
}

// Waiting says what the stage waits for.
func (c *parter) Waiting() clock.Wait {
	out := c.out[c.port]
	return clock.WaitOf(c.Left == 0 || out != nil && out.Done(), out != nil && !out.Free(), c.in, out)
}
