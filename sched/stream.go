package sched

import "github.com/convsim/convsim/tensor"

// Stream is what crosses a port in one frame: Rows x Pixels x Beats beats,
// outermost loop first, of Lanes elements each. Lanes that the folding leaves
// without work count; Idle says how many of a row's elements are such lanes.
type Stream struct {
	Elem                tensor.DType
	Lanes               int
	Rows, Pixels, Beats int64
	Idle                int64 // elements of a row that carry nothing
}

// Frame is the number of beats of a frame.
func (s Stream) Frame() int64 { return s.Rows * s.Pixels * s.Beats }

// Elements is the number of elements of a frame, lanes without work left out.
func (s Stream) Elements() int64 { return s.Frame()*int64(s.Lanes) - s.Rows*s.Idle }

// Bits is the width of a beat.
func (s Stream) Bits() int { return s.Lanes * s.Elem.Bits() }

// Image is the stream of the layer's input.
func (f Fold) Image(elem tensor.DType) Stream {
	return f.pixels(elem, f.Shape.InHeight, f.Shape.InWidth)
}

// Padded is the stream of the padded input.
func (f Fold) Padded(elem tensor.DType) Stream {
	return f.pixels(elem, f.Shape.PaddedHeight(), f.Shape.PaddedWidth())
}

// pixels is a stream of input pixels.
func (f Fold) pixels(elem tensor.DType, height, width int) Stream {
	return Stream{Elem: elem, Lanes: f.InLanes(), Rows: int64(height), Pixels: int64(width), Beats: f.PixelBeats(),
		Idle: f.IdlePixelLanes() * int64(width)}
}

// Windows is the stream of vectors, as the window hands them to the arrays.
func (f Fold) Windows(elem tensor.DType) Stream {
	s := f.Shape
	out := Stream{Elem: elem, Lanes: f.WindowLanes(), Rows: int64(s.OutHeight), Pixels: int64(s.OutWidth),
		Beats: int64(f.GroupFolds) * int64(f.VectorBeats())}
	real := int64(s.Groups) * int64(f.VectorElements()) * out.Pixels
	out.Idle = out.Pixels*out.Beats*int64(out.Lanes) - real
	return out
}

// Outputs is the stream of the arrays' results.
func (f Fold) Outputs(elem tensor.DType) Stream {
	s := f.Shape
	out := Stream{Elem: elem, Lanes: f.OutLanes(), Rows: int64(s.OutHeight), Pixels: int64(s.OutWidth),
		Beats: int64(f.GroupFolds) * int64(f.OutFolds)}
	out.Idle = out.Pixels*out.Beats*int64(out.Lanes) - int64(s.OutChannels)*out.Pixels
	return out
}
