package linebuffer

import (
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Pad is FINN's zero padding stage: it walks the padded raster, and makes zeros
// where the image is not.
type Pad struct {
	Fold sched.Fold
	Elem tensor.DType
	Zero int32 // what stands for 0 among the activations: their zero point
	// Least pads with the least value there is instead, which no maximum is.
	Least bool
}

// Kind returns "pad".
func (Pad) Kind() string { return "pad" }

// Streams are the image and the padded image.
func (p Pad) Streams() (in, out []sched.Stream) {
	return []sched.Stream{p.Fold.Image(p.Elem)}, []sched.Stream{p.Fold.Padded(p.Elem)}
}

// Needs counts the image beats among the first padded ones.
func (p Pad) Needs(out []int64) []int64 { return []int64{p.raster().before(out[0])} }

// Check refuses modes that show image pixels again: AddressedPad does those.
func (p Pad) Check() error {
	if p.Fold.Shape.PaddingMode != conv.Zeros {
		return wrongf("a zero padding stage cannot pad by %s", p.Fold.Shape.PaddingMode)
	}
	return checkFold(p.Fold, p.Elem)
}

// raster is the padded frame in beats.
type raster struct {
	row, rows   int64 // beats of a padded row; padded rows
	left, right int64 // beats of a row that are image: [left, right)
	top, bottom int64 // rows that are image: [top, bottom)

	// Of an image spread out: a row of it every so many rows, and in it a pixel of so many
	// beats every gap beats. 0: not so.
	every, gap, pixel int64
}

func (p Pad) raster() raster {
	s, b := p.Fold.Shape, p.Fold.PixelBeats()
	return raster{
		row: int64(s.PaddedWidth()) * b, rows: int64(s.PaddedHeight()),
		left: int64(s.Pad.Left) * b, right: int64(s.Pad.Left+s.InWidth) * b,
		top: int64(s.Pad.Top), bottom: int64(s.Pad.Top + s.InHeight)}
}

func (r raster) frame() int64 { return r.row * r.rows }

// before counts the image beats among the first pos padded beats of a run.
func (r raster) before(pos int64) int64 {
	frame, at := pos/r.frame(), pos%r.frame()
	y, x := at/r.row, at%r.row
	if r.every > 0 {
		return r.spreadBefore(frame, y, x)
	}
	image := r.right - r.left
	n := frame*image*(r.bottom-r.top) + min(max(y-r.top, 0), r.bottom-r.top)*image
	if y >= r.top && y < r.bottom {
		n += min(max(x-r.left, 0), image)
	}
	return n
}

// spreadBefore is before of an image spread out.
func (r raster) spreadBefore(frame, y, x int64) int64 {
	pixels := (r.row-r.pixel)/r.gap + 1
	rows := (r.rows-1)/r.every + 1
	n := (frame*rows + (y+r.every-1)/r.every) * pixels * r.pixel
	if y%r.every == 0 {
		n += x/r.gap*r.pixel + min(x%r.gap, r.pixel)
	}
	return n
}

// Layouts are those of pixels as the arrays take their channels.
func (p Pad) Layouts() (in, out sched.Layout) { return p.Fold.InputLayout(), p.Fold.InputLayout() }
