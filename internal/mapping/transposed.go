package mapping

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/tensor"
)

// Spread is a transposed convolution as hardware does it: the image spread out,
// its pixels a stride apart with zeros between and around them, then a plain
// convolution of stride 1 by the kernel turned round.
type Spread struct {
	Shape         conv.TransposeShape
	Height, Width int        // of the spread image
	Top, Left     int        // where the first pixel lies in it
	Pad           conv.Sides // zeros around it
}

// SpreadOf works out how a transposed convolution spreads its image: zeros between the
// pixels, and around these by padding. Where more padding is taken off than a kernel
// reaches, rows or columns of the image are left out instead: then every element is
// put where it belongs, out of a memory of the frame, and nothing is padded.
func SpreadOf(t conv.TransposeShape) Spread {
	h, w := t.OutHeight+t.Dilation.H*(t.Kernel.H-1), t.OutWidth+t.Dilation.W*(t.Kernel.W-1)
	top, left := t.Dilation.H*(t.Kernel.H-1)-t.Pad.Top, t.Dilation.W*(t.Kernel.W-1)-t.Pad.Left
	s := Spread{Shape: t, Height: (t.InHeight-1)*t.Stride.H + 1, Width: (t.InWidth-1)*t.Stride.W + 1}
	s.Pad = conv.Sides{Top: top, Left: left, Bottom: h - top - s.Height, Right: w - left - s.Width}
	if min(s.Pad.Top, s.Pad.Left, s.Pad.Bottom, s.Pad.Right) < 0 {
		return Spread{Shape: t, Height: h, Width: w, Top: top, Left: left}
	}
	return s
}

// between reports whether the image is spread out by zeros between its pixels alone.
func (s Spread) between() bool {
	t := s.Shape
	return s.Top == 0 && s.Left == 0 && s.Height == (t.InHeight-1)*t.Stride.H+1 && s.Width == (t.InWidth-1)*t.Stride.W+1
}

// Layer is the plain convolution.
func (s Spread) Layer() conv.Conv2d {
	t := s.Shape
	return conv.Conv2d{InChannels: t.InChannels, OutChannels: t.OutChannels, Kernel: t.Kernel, Stride: conv.Pair{H: 1, W: 1},
		Padding: conv.Padding{Sides: s.Pad}, Dilation: t.Dilation, Groups: t.Groups, Bias: t.Bias}
}

// source says where the pixels of the spread image come from, in the order of
// images; -1 is a zero.
func (s Spread) source() []int32 {
	t := s.Shape
	var from []int32
	for y := range s.Height {
		for x := range s.Width {
			iy, ix := y-s.Top, x-s.Left
			inside := iy >= 0 && ix >= 0 && iy%t.Stride.H == 0 && ix%t.Stride.W == 0 && iy/t.Stride.H < t.InHeight && ix/t.Stride.W < t.InWidth
			for c := range t.InChannels {
				if !inside {
					from = append(from, -1)
					continue
				}
				from = append(from, int32((iy/t.Stride.H*t.InWidth+ix/t.Stride.W)*t.InChannels+c))
			}
		}
	}
	return from
}

// transposed adds the stages of a transposed convolution.
func (n *net) transposed(node network.Node) ([]feed, string) {
	c, p, why := n.transposedProduct(node)
	if why != "" {
		return nil, why
	}
	in, w := n.Types[node.Inputs[0]], p.weight.Shape()
	height, width := pixels(in)
	layer := conv.ConvTranspose2d{InChannels: w[0], OutChannels: w[1] * c.Groups, Kernel: conv.Pair{H: w[2], W: w[3]}, Stride: c.Stride,
		Dilation: c.Dilation, Padding: c.Padding, OutputPadding: c.OutputPadding, OutputSize: c.OutputSize, Groups: c.Groups,
		Bias: p.bias != nil}
	shape, err := layer.Resolve(1, height, width)
	if err != nil {
		return nil, err.Error()
	}
	x, ok := n.take(node.Inputs[0])
	if !ok {
		return nil, "its input comes from no stage"
	}
	s := SpreadOf(shape)
	n.Spreads[n.number] = s
	spread := network.Type{DType: in.DType, Shape: []int{in.Shape[0], shape.InChannels, s.Height, s.Width}}
	switch x = n.image(x); {
	case !s.between():
		x = n.gathered(x, scalar.Gather{From: s.source(), Fill: float64(p.zero)}, spread, imageAxes(4))
	case c.Stride != conv.Pair{H: 1, W: 1}:
		x = n.chain(x, linebuffer.Insert{In: x.stream, SY: c.Stride.H, SX: c.Stride.W, Fill: p.zero})
	}
	x.typ, x.axes = spread, imageAxes(4)
	p.layer, p.weight = s.Layer(), turnedRound(p.weight, c.Groups)
	return n.multiplied(x, p, n.Types[node.Outputs[0]])
}

// transposedProduct reads the constants of a transposed convolution.
func (n *net) transposedProduct(node network.Node) (network.ConvTranspose, product, string) {
	p := product{elem: tensor.Float32}
	var c network.ConvTranspose
	switch op := node.Op.(type) {
	case network.ConvTranspose:
		c = op
	case network.ConvTransposeInteger:
		c, p.elem, p.zero, p.weightZero = op.Conv, tensor.Int32, op.XZero, op.WZero
	case network.QLinearConvTranspose:
		c, p.elem = op.Conv, op.Y.DType
		p.quantised(op.X, op.W, op.Y, op.Clamp)
		p.rounds(op.Rounding)
	default:
		return c, p, "it is no transposed convolution"
	}
	if p.weight = n.constant(node, 1); p.weight == nil {
		return c, p, "its weights are no constant"
	}
	if s := p.weight.Shape(); len(s) == 3 {
		p.weight, _ = p.weight.Reshape(s[0], s[1], 1, s[2])
	}
	if len(node.Inputs) > 2 && node.Inputs[2] != "" {
		if p.bias = n.constant(node, 2); p.bias == nil {
			return c, p, "its bias is no constant"
		}
	}
	return c, p, ""
}

// turnedRound makes the weights [in, out/groups, kh, kw] of a transposed convolution
// those of a plain one, [out, in/groups, kh, kw], with the kernel turned round.
func turnedRound(w *tensor.Tensor, groups int) *tensor.Tensor {
	s := w.Shape()
	in, out, taps := s[0]/groups, s[1], s[2]*s[3]
	turned, err := w.Picked([]int{out * groups, in, s[2], s[3]}, func(at int) int {
		k, i, o, g := at%taps, at/taps%in, at/(taps*in)%out, at/(taps*in*out)
		return ((g*in+i)*out+o)*taps + taps - 1 - k
	})
	if err != nil {
		panic(fmt.Sprintf("mapping: %v", err)) // as large as w
	}
	return turned
}
