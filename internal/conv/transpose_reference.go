package conv

import (
	"fmt"
	"slices"

	"github.com/sourcegraph/conc/iter"
)

// TransposeInt computes the transposed convolution of integers: x is NCHW, w
// (in, out/groups, height, width), zero points already subtracted, bias one value
// an output channel (nil without Bias). Every input is stamped on the output
// times the kernel as it is. Sums are taken modulo 2^32.
func TransposeInt(s TransposeShape, x, w, bias []int32) []int32 {
	return transpose(s, x, w, bias, func(acc, x, w int32) int32 { return acc + x*w })
}

// TransposeFloat computes the transposed convolution of float32 numbers. Every
// output adds its products in turn: kernel rows from the last, columns from the
// last, channels from the first, then the bias; that is the natural order of the
// convolution of the input with zeros put between its pixels. Every product
// and every sum is rounded by itself. Where no tap reaches nothing is added.
func TransposeFloat(s TransposeShape, x, w, bias []float32) []float32 {
	return transpose(s, x, w, bias, func(acc, x, w float32) float32 { return acc + float32(x*w) })
}

func transpose[T int32 | float32](s TransposeShape, x, w, bias []T, add func(acc, x, w T) T) []T {
	s.mustFit(len(x), len(w), len(bias))
	plane := s.OutHeight * s.OutWidth
	out := make([]T, count(s.OutputShape()))
	planes := slices.Collect(slices.Chunk(out, plane))
	iter.ForEachIdx(planes, func(i int, y *[]T) {
		batch, channel := i/s.OutChannels, i%s.OutChannels
		first := channel / s.GroupOutChannels() * s.GroupInChannels()
		kernel := s.Kernel.H * s.Kernel.W
		for tap := kernel - 1; tap >= 0; tap-- {
			for c := first; c < first+s.GroupInChannels(); c++ {
				pixels := x[(batch*s.InChannels+c)*s.InHeight*s.InWidth:]
				weight := w[(c*s.GroupOutChannels()+channel%s.GroupOutChannels())*kernel+tap]
				stamp(s, tap, *y, pixels, weight, add)
			}
		}
		for i := range *y {
			(*y)[i] += biasOf(bias, channel)
		}
	})
	return out
}

// stamp adds one channel of the input, times the weight of one tap, to a plane of
// the output.
func stamp[T int32 | float32](s TransposeShape, tap int, y, x []T, weight T, add func(acc, x, w T) T) {
	top := tap/s.Kernel.W*s.Dilation.H - s.Pad.Top
	left := tap%s.Kernel.W*s.Dilation.W - s.Pad.Left
	for iy := range s.InHeight {
		oy := iy*s.Stride.H + top
		if oy < 0 || oy >= s.OutHeight {
			continue
		}
		for ix := range s.InWidth {
			if ox := ix*s.Stride.W + left; ox >= 0 && ox < s.OutWidth {
				at := oy*s.OutWidth + ox
				y[at] = add(y[at], x[iy*s.InWidth+ix], weight)
			}
		}
	}
}

// mustFit panics unless the operands have the sizes of s.
func (s TransposeShape) mustFit(x, w, bias int) {
	channels := 0
	if s.Bias {
		channels = s.OutChannels
	}
	if int64(x) != count(s.InputShape()) || int64(w) != count(s.WeightShape()) || bias != channels {
		panic(fmt.Sprintf("conv: %d, %d and %d elements of input, weight and bias; want %v, %v and %d",
			x, w, bias, s.InputShape(), s.WeightShape(), channels))
	}
}
