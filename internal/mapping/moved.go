package mapping

import (
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/linebuffer"
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
	if sy, sx, ok := nearest(from, in.Shape, t.Shape); ok {
		x = n.image(x)
		x = n.chain(x, linebuffer.Upsample{In: x.stream, SY: sy, SX: sx})
		x.typ, x.axes = t, imageAxes(len(t.Shape))
		return []feed{x}, ""
	}
	if from.mixes != nil {
		x = n.natural(x)
		axes := imageAxes(len(t.Shape))
		f := scalar.Interpolate{Axes: from.mixes, Order: Places(t.Shape, axes), Whole: !t.DType.IsFloat(), Fill: fill}
		for i, p := range f.Order {
			if from.outside != nil && from.outside[p] {
				f.Order[i] = -1
			}
		}
		return []feed{n.batched(x, f, t, axes)}, ""
	}
	axes := imageAxes(len(t.Shape))
	g := scalar.Gather{Fill: fill}
	for _, p := range Places(t.Shape, axes) {
		g.From = append(g.From, from.at[p])
	}
	return []feed{n.rearranged(x, g, t, axes)}, ""
}

// source says where the elements of a frame come from, by their place in memory:
// -1 is a constant.
type source struct {
	at    []int32
	mixes []scalar.Mix // of a tensor that is interpolated

	outside []bool // elements of an interpolated tensor that are the constant; nil for none
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
	case network.Tile:
		return picked(in, out, func(axis, i int) int { return i % in[axis] }), 0, ""
	case network.Gather:
		axis := positive(op.Axis, len(in))
		return picked(in, out, func(a, i int) int {
			if a == axis {
				return op.At[i]
			}
			return i
		}), 0, ""
	case network.DepthToSpace:
		return depthToSpace(op, in, out), 0, ""
	case network.SpaceToDepth:
		return spaceToDepth(op, in, out), 0, ""
	case network.Resize:
		s, fill = resized(op, in, out)
		return s, fill, ""
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
