package wiring

import (
	"fmt"

	"github.com/convsim/convsim/sched"
)

// Concat puts the channels of several streams behind each other: of every pixel
// it takes the beats of input 0, then those of input 1, and so on. The streams
// have the same rows, pixels and lanes.
type Concat struct{ In []sched.Stream }

// Kind returns "concat".
func (Concat) Kind() string { return "concat" }

// out is the stream of all channels.
func (c Concat) out() sched.Stream {
	s := c.In[0]
	s.Beats, s.Idle = 0, 0
	for _, in := range c.In {
		s.Beats += in.Beats
		s.Idle += in.Idle
	}
	return s
}

// Streams are the parts and the whole.
func (c Concat) Streams() (in, out []sched.Stream) { return c.In, []sched.Stream{c.out()} }

// Needs needs whole pixels, and of the last one the beats that come first.
func (c Concat) Needs(out []int64) []int64 {
	whole := c.out().Beats
	pixels, rest := out[0]/whole, out[0]%whole
	in := make([]int64, len(c.In))
	for i, s := range c.In {
		in[i] = pixels*s.Beats + min(rest, s.Beats)
		rest -= min(rest, s.Beats)
	}
	return in
}

// Check refuses streams that do not lie beside each other. A part whose last
// beat of a pixel is not full would leave a gap in the whole.
func (c Concat) Check() error {
	if len(c.In) == 0 {
		return fmt.Errorf("wiring: a concat of nothing")
	}
	if err := checkAll(c.In...); err != nil {
		return err
	}
	a := c.In[0]
	for i, s := range c.In {
		if s.Elem != a.Elem || s.Lanes != a.Lanes || s.Rows != a.Rows || s.Pixels != a.Pixels {
			return fmt.Errorf("wiring: input %d of a concat has %dx%d pixels of %d x %s a beat, input 0 %dx%d of %d x %s", i,
				s.Rows, s.Pixels, s.Lanes, s.Elem, a.Rows, a.Pixels, a.Lanes, a.Elem)
		}
		if s.Idle != 0 {
			return fmt.Errorf("wiring: input %d of a concat has idle lanes; allowed: channels that fill whole beats", i)
		}
	}
	return nil
}

// Split is the reverse: of every pixel the first beats go to output 0, the next
// to output 1, and so on. Parts that are dropped have no output.
type Split struct {
	Out  []sched.Stream // dropped parts too
	Drop []bool         // by part; nil: none
}

// dropped reports whether a part has no output.
func (s Split) dropped(part int) bool { return part < len(s.Drop) && s.Drop[part] }

// Kind returns "split".
func (Split) Kind() string { return "split" }

// Streams are the whole and the parts.
func (s Split) Streams() (in, out []sched.Stream) {
	for i, part := range s.Out {
		if !s.dropped(i) {
			out = append(out, part)
		}
	}
	return []sched.Stream{Concat{s.Out}.out()}, out
}

// Needs needs the pixels up to the last beat that any output waits for.
func (s Split) Needs(out []int64) []int64 {
	whole, before, most := Concat{s.Out}.out().Beats, int64(0), int64(0)
	port := 0
	for i, o := range s.Out {
		if !s.dropped(i) {
			if n := out[port]; n > 0 {
				pixel, at := (n-1)/o.Beats, (n-1)%o.Beats
				most = max(most, pixel*whole+before+at+1)
			}
			port++
		}
		before += o.Beats
	}
	return []int64{most}
}

// Check refuses parts that do not lie beside each other, and to drop all.
func (s Split) Check() error {
	if err := (Concat{s.Out}).Check(); err != nil {
		return err
	}
	if len(s.Drop) > len(s.Out) {
		return fmt.Errorf("wiring: %d parts of %d dropped or not", len(s.Drop), len(s.Out))
	}
	if _, out := s.Streams(); len(out) == 0 {
		return fmt.Errorf("wiring: a split that drops all parts")
	}
	return nil
}
