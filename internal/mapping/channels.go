package mapping

import (
	"math"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/tensor"
)

// perChannel adds the stage of an operator with constants for each channel.
func (n *net) perChannel(node network.Node) ([]feed, string) {
	t := n.Types[node.Outputs[0]]
	x, ok := n.take(node.Inputs[0])
	if !ok {
		return nil, "its input is a constant or comes from no stage"
	}
	axis, count := 1, 1
	var f scalar.Function
	switch op := node.Op.(type) {
	case network.QuantizeLinear:
		axis, count, f = op.Axis, len(op.Y.Scale), scalar.Quantize{To: scale(op.Y)}
	case network.DequantizeLinear:
		axis, count, f = op.Axis, len(op.X.Scale), scalar.Dequantize{From: scale(op.X)}
	case network.PRelu:
		slope := n.constant(node, 1)
		if slope == nil || slope.Len() > 1 && !perChannel(slope.Shape(), t.Shape) {
			return nil, "its slope is no constant with an element for each channel"
		}
		axis, count, f = channelAxis(slope.Shape(), t.Shape), slope.Len(), scalar.Leaky{Slope: numbers(slope)}
	case network.BatchNormalization:
		a, why := n.affine(node, float64(op.Epsilon))
		if why != "" {
			return nil, why
		}
		count, f = len(a.Mean), a
	}
	if axis = positive(axis, len(t.Shape)); count > 1 {
		if axis == 1 {
			x = n.image(x)
		} else if x = n.natural(x); axis != len(t.Shape)-1 {
			return nil, "constants along an axis that is neither the channels nor the last one"
		}
	}
	return []feed{n.mapped(x, f, t)}, ""
}

func numbers(t *tensor.Tensor) []float64 {
	list := make([]float64, t.Len())
	for i := range list {
		list[i] = number(t, i)
	}
	return list
}

// affine reads the constants of a batch normalisation.
func (n *net) affine(node network.Node, epsilon float64) (scalar.Affine, string) {
	var list [4][]float64
	for i := range list {
		c := n.constant(node, i+1)
		if c == nil {
			return scalar.Affine{}, "its scale, bias, mean or variance is no constant"
		}
		list[i] = numbers(c)
	}
	a := scalar.Affine{Scale: list[0], Bias: list[1], Mean: list[2]}
	for _, v := range list[3] {
		a.Deviation = append(a.Deviation, math.Sqrt(v+epsilon))
	}
	return a, ""
}

// concat puts tensors behind each other along an axis, each requantised before
// if q says so.
func (n *net) concat(node network.Node, axis int, q *network.QLinearConcat) ([]feed, string) {
	t := n.Types[node.Outputs[0]]
	if axis = positive(axis, len(t.Shape)); axis == 0 {
		return nil, "it joins frames; allowed: an axis other than the batch"
	}
	if f, some, why := n.withConstants(node, axis, t, q); some || why != "" {
		return []feed{f}, why
	}
	f, why := n.behind(node, axis, t, q)
	return []feed{f}, why
}

// behind joins streams along an axis.
func (n *net) behind(node network.Node, axis int, t network.Type, q *network.QLinearConcat) (feed, string) {
	var parts []feed
	lanes := n.own.Array.SIMD
	for i, name := range node.Inputs {
		f, ok := n.take(name)
		if !ok {
			return f, "its input comes from no stage"
		}
		if f = n.lastAxis(f, axis); q != nil {
			f = n.mapped(f, scalar.Chain{scalar.Dequantize{From: scale(q.X[i])}, scalar.Quantize{To: scale(q.Y)}},
				network.Type{DType: t.DType, Shape: f.typ.Shape})
		}
		parts = append(parts, f)
		lanes = gcd(lanes, f.typ.Shape[axis])
	}
	var c wiring.Concat
	for i, f := range parts {
		parts[i] = n.lanes(f, lanes)
		s, err := streamOf(f.typ, f.axes, lanes)
		if err != nil {
			return f, err.Error()
		}
		s.Elem = parts[i].stream.Elem
		c.In = append(c.In, s)
	}
	return n.fed(c, t, parts[0].axes, parts...), ""
}

// lastAxis brings a feed into an order in which an axis is innermost and the others
// as in memory: for channels, that of images.
func (n *net) lastAxis(f feed, axis int) feed {
	var axes []int
	for _, a := range naturalAxes(len(f.typ.Shape)) {
		if a != axis {
			axes = append(axes, a)
		}
	}
	return n.ordered(f, append(axes, axis))
}

// split cuts a tensor along an axis.
func (n *net) split(node network.Node, op network.Split) ([]feed, string) {
	in := n.Types[node.Inputs[0]]
	axis := positive(op.Axis, len(in.Shape))
	if axis == 0 {
		return nil, "it parts frames; allowed: an axis other than the batch"
	}
	x, ok := n.take(node.Inputs[0])
	if !ok {
		return nil, "its input comes from no stage"
	}
	x = n.lastAxis(x, axis)
	lanes := x.stream.Lanes
	for _, size := range op.Sizes {
		lanes = gcd(lanes, size)
	}
	x = n.lanes(x, lanes)
	var s wiring.Split
	out := make([]feed, len(op.Sizes))
	for i, size := range op.Sizes {
		t := network.Type{DType: in.DType, Shape: append([]int(nil), in.Shape...)}
		t.Shape[axis] = size
		part, err := streamOf(t, x.axes, lanes)
		if err != nil {
			return nil, err.Error()
		}
		s.Out = append(s.Out, part)
		out[i] = feed{stream: part, typ: t, axes: x.axes}
	}
	at := n.Plan.Add(n.layer, s)
	n.Plan.Join(x.port, pipeline.Port{Node: at})
	for i := range out {
		out[i].port = pipeline.Port{Node: at, Port: i}
	}
	return out, ""
}

// vector adds the stage of a function of the elements along an axis, or several.
func (n *net) vector(node network.Node) ([]feed, string) {
	in, t := n.Types[node.Inputs[0]], n.Types[node.Outputs[0]]
	rank := len(in.Shape)
	var f scalar.Vector
	var along []int
	softmax := func(s network.Softmax) {
		f, along = scalar.Softmax{Log: s.Log}, []int{positive(s.Axis, rank)}
		if s.Flatten {
			along = naturalAxes(rank)[max(0, positive(s.Axis, rank)-1):]
		}
	}
	switch op := node.Op.(type) {
	case network.Softmax:
		softmax(op)
	case network.QLinearSoftmax:
		softmax(op.Softmax)
		f = scalar.Through{From: scale(op.X), F: f, To: scale(op.Y)}
	case network.LayerNormalization, network.GroupNormalization:
		return n.standardized(node)
	case network.LRN:
		f, along = scalar.Normalize{Size: op.Size, Alpha: float64(op.Alpha), Beta: float64(op.Beta), Bias: float64(op.Bias)}, []int{1}
	case network.ArgMax:
		f, along = scalar.Extreme{Min: op.Min, Last: op.Last}, []int{positive(op.Axis, rank)}
	case network.Reduce:
		fold := scalar.Fold{Name: string(op.How)}
		if !t.DType.IsFloat() {
			fold.Bits, fold.Signed = t.DType.Bits(), signed(t.DType)
		}
		f = fold
		for _, a := range op.Axes {
			along = append(along, positive(a, rank))
		}
	}
	return n.alongAxes(node, f, along, t)
}

func positive(axis, rank int) int {
	if axis < 0 {
		return axis + rank
	}
	return axis
}

// alongAxes applies a function to the elements along some axes, for every index
// of the others.
func (n *net) alongAxes(node network.Node, f scalar.Vector, along []int, t network.Type) ([]feed, string) {
	in := n.Types[node.Inputs[0]]
	if slices.Contains(along, 0) {
		return nil, "it goes over frames; allowed: axes other than the batch"
	}
	x, ok := n.take(node.Inputs[0])
	if !ok {
		return nil, "its input comes from no stage"
	}
	run := 1
	var axes, inner []int
	for _, a := range naturalAxes(len(in.Shape)) {
		if slices.Contains(along, a) {
			inner = append(inner, a)
			run *= in.Shape[a]
		} else {
			axes = append(axes, a)
		}
	}
	outer := len(axes)
	axes = append(axes, inner...)
	x = n.lanes(n.ordered(x, axes), 1)
	order := axes
	if len(t.Shape) != len(in.Shape) {
		order = naturalAxes(len(t.Shape))
	} else if !slices.Equal(in.Shape, t.Shape) {
		order = axes[:outer]
		order = append(append([]int(nil), axes[outer:]...), order...) // what is left of the inner axes is 1
	}
	s, err := streamOf(t, order, 1)
	if err != nil {
		return nil, err.Error()
	}
	b := wiring.Batch{In: x.stream, Out: s, Batches: x.stream.Frame() / int64(run), F: f}
	x = n.chain(x, b)
	x.typ, x.axes = t, order
	return []feed{x}, ""
}

// dynamic adds the stages of a quantisation by the range of a frame: a memory each for
// the numbers, the scale and the zero point.
func (n *net) dynamic(node network.Node) ([]feed, string) {
	x, ok := n.take(node.Inputs[0])
	if !ok {
		return nil, "its input comes from no stage"
	}
	if len(x.typ.Shape) == 0 || x.typ.Shape[0] != 1 {
		return nil, "it goes over frames; allowed: one frame"
	}
	x = n.natural(x)
	var out []feed
	for i, f := range []scalar.DynamicRange{{}, {Scale: true}, {Zero: true}} {
		name := ""
		if i < len(node.Outputs) {
			name = node.Outputs[i]
		}
		if name == "" {
			out = append(out, feed{})
			continue
		}
		t := n.Types[name]
		out = append(out, n.batched(x, f, t, naturalAxes(len(t.Shape))))
	}
	return out, ""
}
