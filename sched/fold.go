package sched

import "github.com/convsim/convsim/internal/conv"

// Array is the size of the processing-element arrays: each of GroupParallel
// arrays side by side multiplies SIMD input channels (of one group) into PE
// output channels per cycle; a parallel window multiplies all taps at once.
type Array struct{ PE, SIMD, GroupParallel int }

// Style is how a window hands its taps to the array.
type Style uint8

// The two window styles.
const (
	Serial   Style = iota // one kernel tap per beat, one addressable memory
	Parallel              // all taps at once, shift registers and line buffers
)

func (s Style) String() string {
	if s == Parallel {
		return "parallel"
	}
	return "serial"
}

// Fold is one layer folded onto an array. Counts are per frame unless named
// otherwise.
type Fold struct {
	Shape conv.Shape
	Array Array
	Style Style // a 1x1 kernel is always Parallel: there is only one tap

	GroupFolds   int // turns in which the arrays cover all groups
	ChannelFolds int // beats in which SIMD lanes cover one group's channels
	OutFolds     int // passes in which PE rows cover one group's outputs (NF)
	Taps         int // kernel height x width
}

// NewFold folds shape onto array a.
func NewFold(shape conv.Shape, a Array, style Style) Fold {
	f := Fold{Shape: shape, Array: a, Style: style, Taps: shape.Kernel.H * shape.Kernel.W}
	if f.Taps == 1 {
		f.Style = Parallel
	}
	f.GroupFolds = ceilDiv(shape.Groups, a.GroupParallel)
	f.ChannelFolds = ceilDiv(shape.InChannels/shape.Groups, a.SIMD)
	f.OutFolds = ceilDiv(shape.OutChannels/shape.Groups, a.PE)
	return f
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// PixelBeats is the number of beats one input pixel takes.
func (f Fold) PixelBeats() int64 { return int64(f.GroupFolds) * int64(f.ChannelFolds) }

// InLanes is the width of an input beat in elements, all arrays together.
func (f Fold) InLanes() int { return f.Array.GroupParallel * f.Array.SIMD }

// WindowLanes is the width of a window beat in elements.
func (f Fold) WindowLanes() int {
	if f.Style == Parallel {
		return f.InLanes() * f.Taps
	}
	return f.InLanes()
}

// SumLanes is how many products one PE sums per beat.
func (f Fold) SumLanes() int { return f.WindowLanes() / f.Array.GroupParallel }

// OutLanes is the width of an output beat in elements.
func (f Fold) OutLanes() int { return f.Array.GroupParallel * f.Array.PE }

// VectorBeats is the number of window beats of one vector (SF).
func (f Fold) VectorBeats() int {
	if f.Style == Parallel {
		return f.ChannelFolds
	}
	return f.Taps * f.ChannelFolds
}

// Vectors is the number of vectors: output pixels times group folds.
func (f Fold) Vectors() int64 {
	return int64(f.Shape.OutHeight) * int64(f.Shape.OutWidth) * int64(f.GroupFolds)
}

// InputBeats is the number of beats the unpadded image takes.
func (f Fold) InputBeats() int64 {
	return int64(f.Shape.InHeight) * int64(f.Shape.InWidth) * f.PixelBeats()
}

// PaddedBeats is the number of beats the padded image takes.
func (f Fold) PaddedBeats() int64 {
	return int64(f.Shape.PaddedHeight()) * int64(f.Shape.PaddedWidth()) * f.PixelBeats()
}

// WindowBeats is the number of beats the window hands to the array.
func (f Fold) WindowBeats() int64 { return f.Vectors() * int64(f.VectorBeats()) }

// OutputBeats is the number of beats the array emits.
func (f Fold) OutputBeats() int64 { return f.Vectors() * int64(f.OutFolds) }

// ComputeCycles is the number of cycles the array computes when never starved:
// the bound no schedule on this array can beat.
func (f Fold) ComputeCycles() int64 { return f.WindowBeats() * int64(f.OutFolds) }

// MultipliersBuilt is the number of multipliers of the hardware for this layer.
func (f Fold) MultipliersBuilt() int64 { return int64(f.WindowLanes()) * int64(f.Array.PE) }

// IdleMACs is the number of multiplications per frame spent on lanes that the
// folding leaves without work.
func (f Fold) IdleMACs() int64 {
	perFrame := int64(f.Shape.OutHeight) * int64(f.Shape.OutWidth) * int64(f.Shape.OutChannels) *
		int64(f.Shape.InChannels/f.Shape.Groups) * int64(f.Taps)
	return f.ComputeCycles()*f.MultipliersBuilt() - perFrame
}
