package mapping

import (
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// pooling is an operator that pools, as a window and what is made of it.
type pooling struct {
	pool    network.Pool
	global  bool
	how     pe.Reduction
	divisor int             // as in pe.Reduce
	before  scalar.Function // of integers that stand for floats
	after   scalar.Function
}

// pool adds the stages of a pooling.
func (n *net) pool(node network.Node) ([]feed, string) {
	in, t := n.Types[node.Inputs[0]], n.Types[node.Outputs[0]]
	p, why := poolingOf(node.Op, in)
	if why != "" {
		return nil, why
	}
	x, ok := n.take(node.Inputs[0])
	if !ok {
		return nil, "its input comes from no stage"
	}
	x = n.image(x)
	if p.before != nil {
		x = n.mapped(x, p.before, network.Type{DType: tensor.Float32, Shape: in.Shape})
	}
	if p.global {
		one := conv.Pair{H: 1, W: 1}
		height, width := pixels(in)
		p.pool = network.Pool{Kernel: conv.Pair{H: height, W: width}, Stride: one, Dilation: one}
	}
	shape, hang, err := poolShape(p.pool, in, t)
	if err != nil {
		return nil, err.Error()
	}
	if p.whole(shape) {
		x = n.chain(x, pe.ReduceFrame{In: x.stream, How: p.how})
	} else {
		x = n.windows(x, p, shape, hang)
	}
	x.typ, x.axes = network.Type{DType: x.stream.Elem, Shape: t.Shape}, imageAxes(len(t.Shape))
	if p.after != nil {
		x = n.mapped(x, p.after, t)
	}
	return []feed{x}, ""
}

// whole reports whether there is one window, which is the image: it needs no memory
// of rows.
func (p pooling) whole(s conv.Shape) bool {
	pixels := s.InHeight * s.InWidth
	return s.Pad == (conv.Sides{}) && s.Kernel == conv.Pair{H: s.InHeight, W: s.InWidth} && (p.divisor <= 0 || p.divisor == pixels)
}

// windows adds padding, window and reduction.
func (n *net) windows(x feed, p pooling, shape conv.Shape, hang conv.Pair) feed {
	f := sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: divisor(shape.Groups, x.stream.Lanes)}, styleOf(n.own))
	x = n.lanes(x, f.InLanes())
	c := Conv{Fold: f, Elem: x.stream.Elem, Overlap: n.own.Window.FrameOverlap, BufferDepth: n.bufferDepth(f)}
	var blocks []pipeline.Block
	if shape.Pad != (conv.Sides{}) {
		blocks = append(blocks, linebuffer.Pad{Fold: f, Elem: x.stream.Elem, Least: p.how == pe.Max})
	}
	blocks = append(blocks, c.Window(), pe.Reduce{Fold: f, Elem: x.stream.Elem, How: p.how, Divisor: p.divisor, Hang: hang})
	return n.chain(x, blocks...)
}

// poolShape is a pooling as a depthwise convolution. Where the output size is
// rounded up, the image is padded further at the end: by hang.
func poolShape(p network.Pool, in, out network.Type) (s conv.Shape, hang conv.Pair, err error) {
	l := conv.Conv2d{InChannels: in.Shape[1], OutChannels: in.Shape[1], Groups: in.Shape[1], Kernel: p.Kernel, Stride: p.Stride,
		Dilation: p.Dilation, Padding: p.Padding}
	height, width := pixels(in)
	if s, err = l.Resolve(1, height, width); err != nil || !p.Ceil {
		return s, hang, err
	}
	outHeight, outWidth := pixels(out)
	extent := s.KernelExtent()
	hang.H = max(0, (outHeight-1)*p.Stride.H+extent.H-s.PaddedHeight())
	hang.W = max(0, (outWidth-1)*p.Stride.W+extent.W-s.PaddedWidth())
	pad := s.Pad
	pad.Bottom += hang.H
	pad.Right += hang.W
	l.Padding = conv.Padding{Kind: conv.Explicit, Sides: pad}
	s, err = l.Resolve(1, height, width)
	return s, hang, err
}

// pixels are the rows of an image or of a line, and the pixels of a row.
func pixels(t network.Type) (height, width int) {
	if len(t.Shape) == 4 {
		return t.Shape[2], t.Shape[3]
	}
	return 1, t.Shape[2]
}

// poolingOf sees an operator as a pooling.
func poolingOf(op network.Op, in network.Type) (pooling, string) {
	average := func(a network.AveragePool) pooling {
		p := pooling{pool: a.Pool, how: pe.Mean, divisor: a.Divisor}
		if a.CountIncludePad && a.Divisor == 0 {
			p.divisor = -1
		}
		return p
	}
	switch op := op.(type) {
	case network.MaxPool:
		return pooling{pool: op.Pool, how: pe.Max}, ""
	case network.GlobalMaxPool:
		return pooling{global: true, how: pe.Max}, ""
	case network.Reduce:
		how, ok := map[network.Reduction]pe.Reduction{network.ReduceMean: pe.Mean, network.ReduceMax: pe.Max}[op.How]
		if ok && ofPixels(op, in) {
			return pooling{global: true, how: how}, ""
		}
	case network.AveragePool:
		return average(op), ""
	case network.GlobalAveragePool:
		return pooling{global: true, how: pe.Mean}, ""
	case network.QLinearAveragePool:
		if op.ChannelsLast {
			return pooling{}, "channels last; allowed: channels first"
		}
		p := average(op.Pool)
		p.before, p.after = scalar.Dequantize{From: scale(op.X)}, scalar.Quantize{To: scale(op.Y)}
		return p, ""
	case network.QLinearGlobalAveragePool:
		if op.ChannelsLast {
			return pooling{}, "channels last; allowed: channels first"
		}
		return pooling{global: true, how: pe.Sum, after: averageOf(op, elements(in.Shape[2:]))}, ""
	}
	return pooling{}, "it is no pooling"
}

// ofPixels reports whether what is reduced is all pixels of an image of floats.
func ofPixels(r network.Reduce, in network.Type) bool {
	rank := len(in.Shape)
	axes := make(map[int]bool, rank)
	for _, a := range r.Axes {
		axes[positive(a, rank)] = true
	}
	return in.DType == tensor.Float32 && (rank == 3 || rank == 4) && len(axes) == rank-2 && !axes[0] && !axes[1]
}

// averageOf turns the sum of a channel's pixels into their mean: the zero points
// are taken off, the rest is a requantisation by ONNX's rule.
func averageOf(op network.QLinearGlobalAveragePool, size int) scalar.Function {
	y := limited(op.Y, op.Clamp)
	factor := float64(op.X.Scale[0] / float32(op.Y.Scale[0]*float32(size)))
	return scalar.Chain{
		scalar.With{Combine: scalar.Integer{Name: "Sub"}, Constant: []float64{float64(size) * float64(op.X.Zero[0])}},
		scalar.Rescale{Factor: []float64{factor}, Zero: y.Zero[0], Lo: y.Lo, Hi: y.Hi},
	}
}
