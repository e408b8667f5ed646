package linebuffer

import (
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// AddressedPad is the padding stage that shows image pixels again (reflect,
// replicate, circular): a buffer of image beats, read as the padded raster.
type AddressedPad struct {
	Fold    sched.Fold
	Elem    tensor.DType
	Overlap bool // the next frame may enter while this one leaves
}

// Kind returns "pad".
func (AddressedPad) Kind() string { return "pad" }

// Streams are the image and the padded image.
func (p AddressedPad) Streams() (in, out []sched.Stream) {
	return []sched.Stream{p.Fold.Image(p.Elem)}, []sched.Stream{p.Fold.Padded(p.Elem)}
}

// Needs counts the image beats that must have come for the first padded ones.
func (p AddressedPad) Needs(out []int64) []int64 {
	return []int64{p.Fold.PadReads().Arrived(out[0])}
}

// Check refuses padding by zeros: Pad makes those.
func (p AddressedPad) Check() error {
	if p.Fold.Shape.PaddingMode == conv.Zeros && p.Fold.Shape.Pad != (conv.Sides{}) {
		return wrongf("a stage that shows pixels again cannot pad by zeros")
	}
	return checkFold(p.Fold, p.Elem)
}

// Depth is how many beats the stage keeps.
func (p AddressedPad) Depth() int64 { return p.Fold.PadReads().Depth() }

// Window is the serial window: a line buffer and a reader that hands over one
// tap after the other.
type Window struct {
	Fold    sched.Fold
	Elem    tensor.DType
	Depth   int64 // beats of the line buffer, at least Fold.LeastWindowDepth
	Overlap bool  // the next frame may enter while this one leaves
}

// Kind returns "window".
func (Window) Kind() string { return "window" }

// Drives says that fast-forward may look at the window's loops.
func (Window) Drives() bool { return true }

// Streams are the padded image and the vectors.
func (w Window) Streams() (in, out []sched.Stream) {
	return []sched.Stream{w.Fold.Padded(w.Elem)}, []sched.Stream{w.Fold.Windows(w.Elem)}
}

// Needs counts the padded beats that must have come for the first taps.
func (w Window) Needs(out []int64) []int64 {
	return []int64{w.Fold.WindowReads().Arrived(out[0])}
}

// Check refuses a line buffer that could never hold a window.
func (w Window) Check() error {
	if err := checkFold(w.Fold, w.Elem); err != nil {
		return err
	}
	if least := w.Fold.LeastWindowDepth(); w.Depth < least {
		return &BufferTooSmall{Depth: w.Depth, Least: least, Default: w.Fold.WindowDepth()}
	}
	if w.Depth > mostDepth {
		return wrongf("a line buffer of %d beats; allowed: %d at most", w.Depth, int64(mostDepth))
	}
	return nil
}

// ShiftWindow is the parallel window: shift registers and line buffers that
// hand over all taps of a channel fold at once.
type ShiftWindow struct {
	Fold    sched.Fold
	Elem    tensor.DType
	Overlap bool // the next frame may enter before the last window left
}

// Kind returns "window".
func (ShiftWindow) Kind() string { return "window" }

// Drives says that fast-forward may look at the window's loops.
func (ShiftWindow) Drives() bool { return true }

// Streams are the padded image and the vectors.
func (w ShiftWindow) Streams() (in, out []sched.Stream) {
	return []sched.Stream{w.Fold.Padded(w.Elem)}, []sched.Stream{w.Fold.Windows(w.Elem)}
}

// Needs finds the beat that completes the last of the first windows.
func (w ShiftWindow) Needs(out []int64) []int64 {
	if out[0] == 0 {
		return []int64{0}
	}
	g := w.geometry()
	n := out[0] - 1
	c, at := n%g.pixelBeats, n/g.pixelBeats
	return []int64{at/g.cols*g.rowStep + at%g.cols*g.colStep + g.lastTap + c + 1}
}

// Check checks the fold, from which the geometry follows.
func (w ShiftWindow) Check() error {
	if w.Fold.Style != sched.Parallel {
		return wrongf("a %s fold in a parallel window", w.Fold.Style)
	}
	return checkFold(w.Fold, w.Elem)
}

// Layouts are those of pixels as the arrays take their channels.
func (p AddressedPad) Layouts() (in, out sched.Layout) {
	return p.Fold.InputLayout(), p.Fold.InputLayout()
}

// Layouts are those of pixels and of vectors.
func (w Window) Layouts() (in, out sched.Layout) { return w.Fold.InputLayout(), w.Fold.WindowLayout() }

// Layouts are those of pixels and of vectors.
func (w ShiftWindow) Layouts() (in, out sched.Layout) {
	return w.Fold.InputLayout(), w.Fold.WindowLayout()
}
