package wiring

import "github.com/convsim/convsim/pipeline/clock"

// AppendKey appends ratio, direction and the frame.
func (a Adapter) AppendKey(dst []byte) []byte {
	dst = clock.AppendFlag(dst, a.In.Lanes < a.Out.Lanes)
	return clock.AppendInts(dst, a.ratio(), a.In.Frame(), a.lastParts())
}

// Process makes the adapter. Joining, it is the machine of Width but for the ends
// of frames.
func (a Adapter) Process(at clock.Ports) clock.Process {
	c := converter{account: clock.NewAccount(at.Stage("width"), at.In[0].Name(), at.Out[0].Name()), in: at.In[0], out: at.Out[0],
		left: a.In.Frame() * at.Frames, give: a.Out.Frame() * at.Frames, parts: a.ratio(), taken: -1, placed: -1, loaded: -1}
	if a.In.Lanes < a.Out.Lanes {
		return &upConverter{converter: c, frame: a.In.Frame()}
	}
	return &downAdapter{converter: c, frame: a.In.Frame(), last: a.lastParts()}
}

// downAdapter parts: a beat is taken when the parts of the one before have all
// come into the output register; its first part comes there in the same cycle if
// that is empty or taken. Cycles are named by the output.
type downAdapter struct {
	converter
	frame int64 // beats
	last  int64 // parts of the last beat of a frame
	at    int64 // beats of the frame taken
	rest  int64 // parts of the beat at hand
}

// Advance moves every beat whose time is known.
func (c *downAdapter) Advance() clock.Progress {
	for c.hand() || c.load() || c.take() {
	}
	return clock.Progress{}
}

// Accepts finds when no part is left.
func (c *downAdapter) Accepts(_ *clock.Edge, t clock.Cycle) (clock.Cycle, bool) {
	return max(t, c.loaded+1), c.rest == 0
}

func (c *downAdapter) take() bool {
	if _, ok := c.takeAt(c.Accepts); !ok {
		return false
	}
	c.rest = c.parts
	if c.at++; c.at == c.frame {
		c.at, c.rest = 0, c.last
	}
	return true
}

// load puts the next part into the output register.
func (c *downAdapter) load() bool {
	if c.rest == 0 || !c.out.Open() {
		return false
	}
	c.rest--
	c.offer(max(c.taken, c.out.LastSent()))
	return true
}

// Close names the last wait.
func (c *downAdapter) Close(total clock.Cycle) { c.closeOutput(total) }

// Registers shows the parts left, and counts the beats taken.
func (c *downAdapter) Registers(v *clock.Registers) {
	v.Section(-c.left)
	if v.Moving() {
		c.left -= v.Beats()
		c.give -= v.Beats() / c.frame * ((c.frame-1)*c.parts + c.last)
	}
	c.registers(v)
	v.Exact(c.loaded)
	v.Value(c.at)
	v.Value(c.rest)
}

// Alike says for how long whole frames come.
func (c *downAdapter) Alike(_ int, _, shift int64) int64 {
	if shift%c.frame != 0 {
		return 0
	}
	return max(0, c.left-1) / shift
}
