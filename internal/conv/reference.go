package conv

import (
	"fmt"
	"slices"

	"github.com/sourcegraph/conc/iter"
)

// term is a tap with its places worked out: x within the padded window's
// group, w within the weights of the output channel.
type term struct{ x, w int }

// Sums are the outputs of a convolution of integers in NCHW.
type Sums struct {
	Exact []int64 // the convolution itself
	Held  []int32 // what an accumulator of some width holds in the end
}

// ReferenceInt computes the convolution of integers: x is NCHW and w OIHW, zero
// points already subtracted, bias one value an output channel (nil without
// Bias). Beside every exact sum it tells what an accumulator holds:
//
//	acc = 0; for each beat of o: acc = a.Add(acc, sum of x*w over the beat's taps)
//	acc = a.Add(acc, bias)
//
// It panics if lengths or the order do not fit s. Magnitudes of x and w up to
// 2^16 cannot overflow an exact sum.
func ReferenceInt(s Shape, o Order, a Accumulator, x, w []int32, bias []int32) Sums {
	s.mustFit(o, len(x), len(w), len(bias))
	if err := a.Check(); err != nil {
		panic("conv: " + err.Error())
	}
	if !a.Saturate {
		o = Order{slices.Concat(o...)} // sums modulo 2^Bits are the same in any order
	}
	terms, padded := s.terms(o), Padded(s, x)
	held := make([]int32, s.OutputElements())
	plane := s.OutHeight * s.OutWidth
	exact := eachPlane(s, func(image, channel int, exact []int64) {
		window, weights := group(s, padded, image, channel), w[channel*s.Taps():][:s.Taps()]
		y := planes{exact, held[(image*s.OutChannels+channel)*plane:][:plane]}
		y.fill(s, terms, a, window, weights, biasOf(bias, channel))
	})
	return Sums{exact, held}
}

// ReferenceFloat computes the convolution of float32 numbers; arguments and
// order of operations as for ReferenceInt. Every product and every sum is
// rounded to float32 by itself, none is fused.
func ReferenceFloat(s Shape, o Order, x, w, bias []float32) []float32 {
	s.mustFit(o, len(x), len(w), len(bias))
	terms, padded := s.terms(o), Padded(s, x)
	return eachPlane(s, func(image, channel int, y []float32) {
		window, weights := group(s, padded, image, channel), w[channel*s.Taps():][:s.Taps()]
		planeFloat(s, terms, window, weights, biasOf(bias, channel), y)
	})
}

// planes are one output channel of one image.
type planes struct {
	exact []int64
	held  []int32
}

// fill computes the planes from the padded channels of their group and their
// own weights, a row of outputs at a time: acc, sum and total have one place an
// output.
func (p planes) fill(s Shape, order [][]term, a Accumulator, x, w []int32, bias int32) {
	acc, sum := make([]int64, s.OutWidth), make([]int64, s.OutWidth)
	for oy := range s.OutHeight {
		rows := x[oy*s.Stride.H*s.PaddedWidth():]
		total, held := p.exact[oy*s.OutWidth:][:s.OutWidth], p.held[oy*s.OutWidth:][:s.OutWidth]
		clear(acc)
		for _, beat := range order {
			clear(sum)
			for _, t := range beat {
				pixels, weight := rows[t.x:], int64(w[t.w])
				for ox := range sum {
					sum[ox] += int64(pixels[ox*s.Stride.W]) * weight
				}
			}
			for ox := range acc {
				total[ox] += sum[ox]
				acc[ox] = a.Add(acc[ox], sum[ox])
			}
		}
		for ox := range acc {
			total[ox] += int64(bias)
			held[ox] = int32(a.Add(acc[ox], int64(bias)))
		}
	}
}

// planeFloat is fill for floating-point numbers. A tap alone in its beat goes to
// the accumulator as it is: 0 more is nothing to a sum that began with 0.
func planeFloat[T float32 | float64](s Shape, order [][]term, x, w []T, bias T, y []T) {
	acc, sum := make([]T, s.OutWidth), make([]T, s.OutWidth)
	for oy := range s.OutHeight {
		rows := x[oy*s.Stride.H*s.PaddedWidth():]
		clear(acc)
		for _, beat := range order {
			if len(beat) == 1 {
				addProducts(acc, rows[beat[0].x:], s.Stride.W, w[beat[0].w])
				continue
			}
			clear(sum)
			for _, t := range beat {
				addProducts(sum, rows[t.x:], s.Stride.W, w[t.w])
			}
			for ox := range acc {
				acc[ox] += sum[ox]
			}
		}
		for ox := range acc {
			y[oy*s.OutWidth+ox] = acc[ox] + bias
		}
	}
}

// addProducts adds every stride-th pixel times a weight. The conversion of the
// product keeps the compiler from fusing it with the sum.
func addProducts[T float32 | float64](sum, pixels []T, stride int, weight T) {
	if stride == 1 {
		for i, p := range pixels[:len(sum)] {
			sum[i] += T(p * weight)
		}
		return
	}
	for i := range sum {
		sum[i] += T(pixels[i*stride] * weight)
	}
}

// eachPlane makes the output and has its planes, one channel of one image
// each, computed side by side.
func eachPlane[T int64 | float32 | float64](s Shape, compute func(image, channel int, y []T)) []T {
	out := make([]T, s.OutputElements())
	planes := slices.Collect(slices.Chunk(out, s.OutHeight*s.OutWidth))
	iter.ForEachIdx(planes, func(i int, y *[]T) {
		compute(i/s.OutChannels, i%s.OutChannels, *y)
	})
	return out
}

// group returns the padded channels that an output channel of an image reads.
func group[T any](s Shape, padded []T, image, channel int) []T {
	size := s.GroupInChannels() * s.PaddedHeight() * s.PaddedWidth()
	return padded[(image*s.Groups+channel/s.GroupOutChannels())*size:][:size]
}

// terms works out the places of the taps of an order.
func (s Shape) terms(o Order) [][]term {
	out := make([][]term, len(o))
	for i, beat := range o {
		for _, t := range beat {
			out[i] = append(out[i], term{s.paddedIndex(t), s.weightIndex(t)})
		}
	}
	return out
}

// biasOf returns a channel's bias, 0 without one.
func biasOf[T int32 | float32 | float64](bias []T, channel int) T {
	if bias == nil {
		return 0
	}
	return bias[channel]
}

// mustFit panics unless the operands have the sizes of s and the order its
// taps.
func (s Shape) mustFit(o Order, x, w, bias int) {
	channels := 0
	if s.Bias {
		channels = s.OutChannels
	}
	if int64(x) != s.InputElements() || int64(w) != s.WeightElements() || bias != channels {
		panic(fmt.Sprintf("conv: %d, %d and %d elements of input, weight and bias; want %d, %d and %d",
			x, w, bias, s.InputElements(), s.WeightElements(), channels))
	}
	if !o.Complete(s) {
		panic("conv: the order does not hold every tap exactly once")
	}
}
