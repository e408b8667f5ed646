package mapping

import (
	"math"

	"github.com/convsim/convsim/network"
	"github.com/convsim/convsim/scalar"
)

// moved adds the stage of an operator that moves elements about: every element of
// the output is one of the input, or a constant, or a mean of neighbours.
func (n *net) moved(node network.Node) ([]feed, string) {
	in, t := n.Types[node.Inputs[0]], n.Types[node.Outputs[0]]
	if len(in.Shape) == 0 || len(t.Shape) == 0 || in.Shape[0] != t.Shape[0] {
		return nil, "it changes the number of frames"
	}
	from, fill, why := sources(node.Op, in.Shape, t.Shape)
	if why != "" {
		return nil, why
	}
	x, ok := n.take(node.Inputs[0])
	if !ok {
		return nil, "its input comes from no stage"
	}
	x = n.natural(x)
	if from.mixes != nil {
		axes := imageAxes(len(t.Shape))
		return []feed{n.batched(x, scalar.Interpolate{Axes: from.mixes, Order: Places(t.Shape, axes)}, t, axes)}, ""
	}
	axes := imageAxes(len(t.Shape))
	g := scalar.Gather{Fill: fill}
	for _, p := range Places(t.Shape, axes) {
		g.From = append(g.From, from.at[p])
	}
	return []feed{n.gathered(x, g, t, axes)}, ""
}

// source says where the elements of a frame come from, by their place in memory:
// -1 is a constant.
type source struct {
	at    []int32
	mixes []scalar.Mix // of a tensor that is interpolated
}

// sources works out where the elements of an operator's output come from.
func sources(op network.Op, in, out []int) (s source, fill float64, why string) {
	switch op := op.(type) {
	case network.Slice:
		return picked(in, out, func(axis, i int) int { return sliced(op, in, axis, i) }), 0, ""
	case network.Pad:
		if op.Begin[0] != 0 || op.End[0] != 0 {
			return s, 0, "it pads frames; allowed: axes other than the batch"
		}
		return picked(in, out, func(axis, i int) int { return shown(op.Mode, i-op.Begin[axis], in[axis]) }), op.Value, ""
	case network.DepthToSpace:
		return depthToSpace(op, in, out), 0, ""
	case network.SpaceToDepth:
		return spaceToDepth(op, in, out), 0, ""
	case network.Resize:
		return resized(op, in, out)
	}
	return s, 0, "no stage moves elements so"
}

// picked makes a source of a function that says, for every axis, which index of
// the input an index of the output shows; -1 shows the constant.
func picked(in, out []int, index func(axis, i int) int) source {
	from := []int32{0}
	for axis := 1; axis < len(out); axis++ {
		next := make([]int32, 0, len(from)*out[axis])
		for _, base := range from {
			for i := range out[axis] {
				k := index(axis, i)
				if base < 0 || k < 0 {
					next = append(next, -1)
					continue
				}
				next = append(next, base*int32(in[axis])+int32(k))
			}
		}
		from = next
	}
	return source{at: from}
}

// sliced is the index that a slice shows, by ONNX's rules.
func sliced(op network.Slice, in []int, axis, i int) int {
	for k := range op.Starts {
		a := k
		if len(op.Axes) > 0 {
			a = positive(op.Axes[k], len(in))
		}
		if a != axis {
			continue
		}
		step := 1
		if len(op.Steps) > 0 {
			step = op.Steps[k]
		}
		start := op.Starts[k]
		if start < 0 {
			start += in[axis]
		}
		if step > 0 {
			start = max(0, min(start, in[axis]))
		} else {
			start = max(0, min(start, in[axis]-1))
		}
		return start + i*step
	}
	return i
}

// shown is the index that padding shows at position i of n; -1 is the constant.
func shown(mode network.PadMode, i, n int) int {
	if i >= 0 && i < n {
		return i
	}
	switch mode {
	case network.PadEdge:
		return max(0, min(i, n-1))
	case network.PadWrap:
		return ((i % n) + n) % n
	case network.PadReflect:
		if n == 1 {
			return 0
		}
		for i < 0 || i >= n {
			if i < 0 {
				i = -i
			} else {
				i = 2*(n-1) - i
			}
		}
		return i
	}
	return -1
}

// depthToSpace moves channels to pixels.
func depthToSpace(op network.DepthToSpace, in, out []int) source {
	var s source
	b, c := op.Block, out[1]
	for k := range out[1] {
		for y := range out[2] {
			for x := range out[3] {
				dy, dx := y%b, x%b
				channel := (dy*b+dx)*c + k
				if op.CRD {
					channel = (k*b+dy)*b + dx
				}
				s.at = append(s.at, int32((channel*in[2]+y/b)*in[3]+x/b))
			}
		}
	}
	return s
}

// spaceToDepth moves blocks of pixels to channels.
func spaceToDepth(op network.SpaceToDepth, in, out []int) source {
	var s source
	b := op.Block
	for k := range out[1] {
		c, block := k%in[1], k/in[1]
		for y := range out[2] {
			for x := range out[3] {
				s.at = append(s.at, int32((c*in[2]+y*b+block/b)*in[3]+x*b+block%b))
			}
		}
	}
	return s
}

// resized is where the pixels of a scaled image come from.
func resized(op network.Resize, in, out []int) (source, float64, string) {
	if op.Coordinate == network.TFCropAndResize {
		return source{}, 0, "coordinates tf_crop_and_resize"
	}
	scaleOf := func(axis int) float64 {
		if len(op.Scales) > 0 {
			return float64(op.Scales[axis])
		}
		return float64(out[axis]) / float64(in[axis])
	}
	if op.Mode == network.Nearest {
		return picked(in, out, func(axis, i int) int {
			if in[axis] == out[axis] && scaleOf(axis) == 1 {
				return i
			}
			x := coordinate(op.Coordinate, i, in[axis], out[axis], scaleOf(axis))
			return max(0, min(rounded(op.NearestMode, x), in[axis]-1))
		}), 0, ""
	}
	return source{mixes: linear(op, in, out, scaleOf)}, 0, ""
}

// coordinate is where pixel i of an output axis lies in the input.
func coordinate(c network.Coordinate, i, in, out int, scale float64) float64 {
	x := float64(i)
	switch c {
	case network.Asymmetric:
		return x / scale
	case network.AlignCorners:
		if out == 1 {
			return 0
		}
		return x * float64(in-1) / float64(out-1)
	case network.PytorchHalfPixel:
		if out == 1 {
			return 0
		}
	case network.TFHalfPixelForNN:
		return (x + 0.5) / scale
	case network.HalfPixelSymmetric:
		adjust := float64(out) / (scale * float64(in))
		return float64(in)/2*(1-adjust) + (x+0.5)/scale - 0.5
	}
	return (x+0.5)/scale - 0.5
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
func linear(op network.Resize, in, out []int, scaleOf func(axis int) float64) []scalar.Mix {
	mixes := []scalar.Mix{}
	shape := append([]int(nil), in...)
	for axis := 1; axis < len(out); axis++ {
		if in[axis] == out[axis] && scaleOf(axis) == 1 {
			continue
		}
		m := scalar.Mix{Size: in[axis], Step: 1}
		for _, d := range shape[axis+1:] {
			m.Step *= d
		}
		for i := range out[axis] {
			x := coordinate(op.Coordinate, i, in[axis], out[axis], scaleOf(axis))
			x = max(0, min(x, float64(in[axis]-1)))
			lo := int(x)
			m.Lo, m.Hi = append(m.Lo, lo), append(m.Hi, min(lo+1, in[axis]-1))
			m.Weight = append(m.Weight, x-float64(lo))
		}
		mixes = append(mixes, m)
		shape[axis] = out[axis]
	}
	return mixes
}
