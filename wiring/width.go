package wiring

import (
	"fmt"

	"github.com/convsim/convsim/sched"
)

// Width is FINN's stream width converter (dwc): it joins In.Lanes narrow beats
// to one wide one, or parts one wide beat into narrow ones, the first in the
// lowest lanes. One width must divide the other. A frame's beats must fill whole
// wide beats.
type Width struct{ In, Out sched.Stream }

// Kind returns "width".
func (Width) Kind() string { return "width" }

// Streams are the two widths of one stream.
func (w Width) Streams() (in, out []sched.Stream) {
	return []sched.Stream{w.In}, []sched.Stream{w.Out}
}

// Needs needs all parts of the first wide beats, or the wide beats of the first
// parts.
func (w Width) Needs(out []int64) []int64 {
	if n := w.up(); n > 1 {
		return []int64{out[0] * n}
	}
	n := w.down()
	return []int64{(out[0] + n - 1) / n}
}

// up is how many narrow beats make a wide one, 1 when beats are parted.
func (w Width) up() int64 { return max(1, int64(w.Out.Lanes/max(1, w.In.Lanes))) }

// down is how many narrow beats a wide one is parted into, 1 when they are
// joined.
func (w Width) down() int64 { return max(1, int64(w.In.Lanes/max(1, w.Out.Lanes))) }

// Check refuses widths that do not divide each other, or that are the same.
func (w Width) Check() error {
	a, b := w.In.Lanes, w.Out.Lanes
	switch {
	case a < 1 || b < 1 || a == b || a%b != 0 && b%a != 0:
		return fmt.Errorf("wiring: a width converter from %d lanes to %d; allowed: widths one of which divides the other", a, b)
	case w.In.Frame()*w.down() != w.Out.Frame()*w.up():
		return fmt.Errorf("wiring: a width converter that takes %d beats of %d lanes a frame and hands on %d of %d",
			w.In.Frame(), a, w.Out.Frame(), b)
	}
	return nil
}
