package mapping

import (
	"math"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
)

// scaled is one axis of a Resize.
type scaled struct {
	in, out    int
	scale      float32 // 0: it follows from the sizes
	start, end float64 // of the part that is shown, by network.TFCropAndResize
}

// scaledAxes are those of a shape.
func scaledAxes(op network.Resize, in, out []int) []scaled {
	list := make([]scaled, len(in))
	for i := range in {
		list[i] = scaled{in: in[i], out: out[i]}
		if len(op.Scales) > 0 {
			list[i].scale = op.Scales[i]
		}
		if op.Coordinate == network.TFCropAndResize {
			list[i].start, list[i].end = float64(op.ROI[i]), float64(op.ROI[len(in)+i])
		}
	}
	return list
}

// stays reports whether an axis keeps its pixels.
func (a scaled) stays(c network.Coordinate) bool {
	return a.in == a.out && c != network.TFCropAndResize && (a.scale == 0 || a.scale == 1)
}

// span is the size of the axis after scaling, before it was cut off to whole pixels.
func (a scaled) span() float64 {
	if a.scale == 0 {
		return float64(a.out)
	}
	return float64(a.scale) * float64(a.in)
}

// through is a place in the output, in halves of a pixel, as one in the input: scales
// divide in float32.
func (a scaled) through(halves int) float64 {
	if a.scale == 0 {
		return float64(halves) * float64(a.in) / float64(2*a.out)
	}
	return float64(float32(halves) / 2 / a.scale)
}

// centre is where the centre of a pixel lies.
func (a scaled) centre(i int) float64 {
	x := a.through(2*i + 1)
	if a.scale == 0 {
		return x - 0.5
	}
	return float64(float32(x) - 0.5)
}

// coordinate is where pixel i of the output lies in the input.
func (a scaled) coordinate(c network.Coordinate, i int) float64 {
	if a.stays(c) {
		return float64(i)
	}
	switch c {
	case network.Asymmetric:
		return a.through(2 * i)
	case network.TFHalfPixelForNN:
		return a.through(2*i + 1)
	case network.AlignCorners:
		if a.out <= 1 {
			return 0
		}
		return float64(i) * float64(a.in-1) / (a.span() - 1)
	case network.PytorchHalfPixel:
		if a.out <= 1 {
			return 0
		}
	case network.HalfPixelSymmetric:
		if a.scale != 0 {
			return float64(a.in)/2*(1-float64(a.out)/a.span()) + a.centre(i)
		}
	case network.TFCropAndResize:
		last := float64(a.in - 1)
		if a.out <= 1 {
			return 0.5 * (a.start + a.end) * last
		}
		return float64(a.start*last) + float64(float64(i)*(a.end-a.start)*last/(a.span()-1))
	}
	return a.centre(i)
}

// resized is where the pixels of a scaled image come from, and the constant outside.
func resized(op network.Resize, in, out []int) (source, float64) {
	axes := scaledAxes(op, in, out)
	crops := op.Coordinate == network.TFCropAndResize
	beyond := func(axis, i int) bool {
		x := axes[axis].coordinate(op.Coordinate, i)
		return crops && (x < 0 || x > float64(in[axis]-1))
	}
	fill := 0.0
	if crops {
		fill = float64(op.Extrapolation)
	}
	if op.Mode == network.Nearest {
		return picked(in, out, func(axis, i int) int {
			if beyond(axis, i) {
				return -1
			}
			x := axes[axis].coordinate(op.Coordinate, i)
			return max(0, min(rounded(op.NearestMode, x), in[axis]-1))
		}), fill
	}
	s := source{mixes: linear(op, axes)}
	if crops {
		shown := picked(out, out, func(axis, i int) int {
			if beyond(axis, i) {
				return -1
			}
			return i
		})
		for _, at := range shown.at {
			s.outside = append(s.outside, at < 0)
		}
	}
	return s, fill
}

// rounded is the nearest pixel.
func rounded(mode network.NearestMode, x float64) int {
	switch mode {
	case network.RoundFloor:
		return int(math.Floor(x))
	case network.RoundCeil:
		return int(math.Ceil(x))
	case network.RoundPreferCeil:
		return int(math.Floor(x + 0.5))
	}
	return int(math.Ceil(x - 0.5))
}

// linear interpolates along every axis that is scaled.
func linear(op network.Resize, axes []scaled) []scalar.Mix {
	mixes := []scalar.Mix{}
	step := 1
	steps := make([]int, len(axes))
	for axis := len(axes) - 1; axis > 0; axis-- {
		steps[axis], step = step, step*axes[axis].in
	}
	for axis := 1; axis < len(axes); axis++ {
		a := axes[axis]
		if a.stays(op.Coordinate) {
			continue
		}
		m, moves := scalar.Mix{Size: a.in, Step: steps[axis]}, a.in != a.out
		for i := range a.out {
			moves = moves || a.coordinate(op.Coordinate, i) != float64(i)
			x := max(0, min(a.coordinate(op.Coordinate, i), float64(a.in-1)))
			lo := int(x)
			m.Lo, m.Hi = append(m.Lo, lo), append(m.Hi, min(lo+1, a.in-1))
			m.Weight = append(m.Weight, x-float64(lo))
		}
		if moves {
			mixes = append(mixes, m)
		}
	}
	return slices.Clip(mixes)
}
