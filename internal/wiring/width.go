package wiring

import (
	"fmt"

	"github.com/convsim/convsim/sched"
)

// Width converts a stream's width: it joins narrow beats to one wide one, or
// parts one wide beat into narrow ones, the first in the lowest lanes. A frame's
// beats must fill whole beats of the other width.
type Width struct {
	In, Out sched.Stream
	Style   WidthStyle
}

// WidthStyle says how a converter is built.
type WidthStyle uint8

// The styles of converters.
const (
	Whole   WidthStyle = iota // FINN's dwc: one width must divide the other
	Generic                   // FINN's prototype for any two widths
)

// Kind returns "width".
func (Width) Kind() string { return "width" }

// Streams are the two widths of one stream.
func (w Width) Streams() (in, out []sched.Stream) {
	return []sched.Stream{w.In}, []sched.Stream{w.Out}
}

// units are the two widths in the widest unit that divides both.
func (w Width) units() (in, out int64) {
	a, b := int64(w.In.Lanes), int64(w.Out.Lanes)
	for b != 0 {
		a, b = b, a%b
	}
	return int64(w.In.Lanes) / a, int64(w.Out.Lanes) / a
}

// Needs needs the beats that bring all parts of the first ones to leave.
func (w Width) Needs(out []int64) []int64 {
	a, b := w.units()
	return []int64{(out[0]*b + a - 1) / a}
}

// Check refuses widths that the style cannot convert, or that are the same.
func (w Width) Check() error {
	if err := checkAll(w.In, w.Out); err != nil {
		return err
	}
	a, b := w.In.Lanes, w.Out.Lanes
	if a < 1 || b < 1 || a == b || w.Style == Whole && a%b != 0 && b%a != 0 {
		return fmt.Errorf("wiring: a width converter from %d lanes to %d; allowed: widths one of which divides the other", a, b)
	}
	if in, out := w.units(); w.In.Frame()*in != w.Out.Frame()*out {
		return fmt.Errorf("wiring: a width converter that takes %d beats of %d lanes a frame and hands on %d of %d",
			w.In.Frame(), a, w.Out.Frame(), b)
	}
	return nil
}
