package wiring

import (
	"fmt"

	"github.com/convsim/convsim/sched"
)

// Adapter is the width converter of FINN's DMA paths, which knows where frames
// end: the last beat of a frame carries what is left of its elements, and none is
// ever empty. One width must be a multiple of the other.
type Adapter struct {
	In, Out  sched.Stream
	Elements int64 // of a frame
}

// Kind returns "width".
func (Adapter) Kind() string { return "width" }

// Streams are the two widths of one stream.
func (a Adapter) Streams() (in, out []sched.Stream) {
	return []sched.Stream{a.In}, []sched.Stream{a.Out}
}

// ratio is how many narrow beats fill a wide one.
func (a Adapter) ratio() int64 {
	return int64(max(a.In.Lanes, a.Out.Lanes) / max(1, min(a.In.Lanes, a.Out.Lanes)))
}

// lastParts is into how many beats the last beat of a frame is parted.
func (a Adapter) lastParts() int64 {
	lanes := int64(a.Out.Lanes)
	rest := a.Elements - (a.In.Frame()-1)*int64(a.In.Lanes)
	return (rest + lanes - 1) / lanes
}

// Needs needs the beats that bring the first elements.
func (a Adapter) Needs(out []int64) []int64 {
	elements := min(out[0]*int64(a.Out.Lanes), a.Elements)
	return []int64{(elements + int64(a.In.Lanes) - 1) / int64(a.In.Lanes)}
}

// Check refuses widths of which none is a multiple of the other, and frames of
// other than the beats they need.
func (a Adapter) Check() error {
	in, out := int64(a.In.Lanes), int64(a.Out.Lanes)
	if in < 1 || out < 1 || in == out || in%out != 0 && out%in != 0 {
		return fmt.Errorf("wiring: an adapter from %d lanes to %d; allowed: widths one of which divides the other", in, out)
	}
	if a.Elements < 1 || a.In.Frame() != (a.Elements+in-1)/in || a.Out.Frame() != (a.Elements+out-1)/out {
		return fmt.Errorf("wiring: an adapter that takes %d beats of %d lanes and hands on %d of %d for frames of %d elements",
			a.In.Frame(), in, a.Out.Frame(), out, a.Elements)
	}
	return nil
}
