package blocktest

import (
	"fmt"
	"math"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Image is one frame of a stream: C x H x W elements, W innermost.
type Image struct {
	C, H, W int
	V       []int32
}

func newImage(c, h, w int) Image { return Image{c, h, w, make([]int32, c*h*w)} }

func (m Image) at(c, y, x int) *int32 { return &m.V[(c*m.H+y)*m.W+x] }

// each calls f with every place.
func (m Image) each(f func(c, y, x int)) {
	for c := range m.C {
		for y := range m.H {
			for x := range m.W {
				f(c, y, x)
			}
		}
	}
}

// Empty is a frame of a stream.
func Empty(s sched.Stream) Image {
	return newImage(int(s.Elements()/(s.Rows*s.Pixels)), int(s.Rows), int(s.Pixels))
}

// Expected computes what every sink of a plan takes of one frame, by node, given
// what every source sends and the weights of every array, by node too. It walks
// over pixels and knows nothing of beats. A window's edge carries the padded
// image: what follows reads its taps.
func Expected(p *pipeline.Plan, sources map[int]Image, weights map[int][]int32) map[int]Image {
	in, out := p.Wiring()
	on := make([]Image, len(p.Edges))
	sinks := map[int]Image{}
	for i, n := range p.Nodes {
		var x []Image
		for _, e := range in[i] {
			x = append(x, on[e])
		}
		var y []Image
		switch b := n.Block.(type) {
		case wiring.Source:
			y = []Image{sources[i]}
		case wiring.Sink:
			sinks[i] = x[0]
		case pe.Weights:
			y = []Image{{}}
		case pe.Array:
			y = []Image{convolved(b.Fold.Shape, x[0], weights[i])}
		default:
			y = made(b, x)
		}
		for port, e := range out[i] {
			on[e] = y[port]
		}
	}
	return sinks
}

// made is what all other blocks make.
func made(b pipeline.Block, x []Image) []Image {
	switch b := b.(type) {
	case wiring.Fork:
		y := make([]Image, b.Branches)
		for i := range y {
			y[i] = x[0]
		}
		return y
	case wiring.Join:
		return []Image{joined(b.How, x)}
	case wiring.Concat:
		y := Image{H: x[0].H, W: x[0].W}
		for _, part := range x {
			y.C, y.V = y.C+part.C, append(y.V, part.V...)
		}
		return []Image{y}
	case wiring.Split:
		return split(b, x[0])
	case wiring.Width, wiring.Adapter:
		return x
	case linebuffer.Upsample:
		_, out := b.Streams()
		y := Empty(out[0])
		y.each(func(c, h, w int) { *y.at(c, h, w) = *x[0].at(c, h/b.SY, w/b.SX) })
		return []Image{y}
	case linebuffer.Insert:
		_, out := b.Streams()
		y := Empty(out[0])
		y.each(func(c, h, w int) { *y.at(c, h, w) = b.Fill })
		x[0].each(func(c, h, w int) { *y.at(c, h*b.SY, w*b.SX) = *x[0].at(c, h, w) })
		return []Image{y}
	case pe.ReduceFrame:
		return []Image{ofFrame(b.How, x[0])}
	case wiring.Batch:
		return []Image{batched(b, x[0])}
	case pe.Map:
		return []Image{mapped(x[0], func(v float64, c int) float64 { return b.F.Of(v, c) })}
	case pe.Requantize:
		return []Image{mapped(x[0], func(v float64, _ int) float64 {
			return min(max(math.RoundToEven(v/math.Exp2(float64(b.Rule.Shift[0]))), -128), 127)
		})}
	case linebuffer.Pad:
		zero := b.Zero
		if b.Least {
			lo, _ := b.Elem.Range()
			zero = int32(lo)
		}
		return []Image{padded(b.Fold.Shape, x[0], zero)}
	case linebuffer.AddressedPad:
		return []Image{padded(b.Fold.Shape, x[0], 0)}
	case linebuffer.Window, linebuffer.ShiftWindow, linebuffer.Tile, linebuffer.Turn:
		return x
	case pe.Reduce:
		return []Image{reduced(b, x[0])}
	}
	panic(fmt.Sprintf("blocktest: nothing expected of %T", b))
}

func mapped(x Image, f func(v float64, c int) float64) Image {
	y := newImage(x.C, x.H, x.W)
	x.each(func(c, h, w int) { *y.at(c, h, w) = int32(f(float64(*x.at(c, h, w)), c)) })
	return y
}

func joined(how scalar.Combination, x []Image) Image {
	y := newImage(x[0].C, x[0].H, x[0].W)
	for i := range y.V {
		y.V[i] = x[0].V[i]
		for _, other := range x[1:] {
			if how == nil {
				y.V[i] += other.V[i]
			} else {
				y.V[i] = int32(how.Of(float64(y.V[i]), float64(other.V[i])))
			}
		}
	}
	return y
}

func split(b wiring.Split, x Image) (y []Image) {
	first := 0
	for _, s := range b.Out {
		part := Empty(s)
		part.each(func(c, h, w int) { *part.at(c, h, w) = *x.at(first+c, h, w) })
		first += part.C
		y = append(y, part)
	}
	return y
}

// batched reads every batch in another order; channels come first in a stream.
func batched(b wiring.Batch, x Image) Image {
	var in []float64
	for y := range x.H {
		for w := range x.W {
			for c := range x.C {
				in = append(in, float64(*x.at(c, y, w)))
			}
		}
	}
	var got []float64
	for n := len(in) / int(b.Batches); len(in) > 0; in = in[n:] {
		got = append(got, b.F.Of(in[:n])...)
	}
	y := Empty(b.Out)
	y.each(func(c, h, w int) { *y.at(c, h, w) = int32(got[(h*y.W+w)*y.C+c]) })
	return y
}

// padded shows the image at its place and what its mode says around it.
func padded(s conv.Shape, x Image, zero int32) Image {
	y := newImage(x.C, s.Pad.Top+x.H+s.Pad.Bottom, s.Pad.Left+x.W+s.Pad.Right)
	y.each(func(c, h, w int) {
		from, row := shown(s.PaddingMode, h-s.Pad.Top, x.H)
		at, column := shown(s.PaddingMode, w-s.Pad.Left, x.W)
		*y.at(c, h, w) = zero
		if row && column {
			*y.at(c, h, w) = *x.at(c, from, at)
		}
	})
	return y
}

// shown is which of n places stands at i, if any does.
func shown(mode conv.PaddingMode, i, n int) (int, bool) {
	switch {
	case i >= 0 && i < n:
		return i, true
	case mode == conv.Replicate:
		return min(max(i, 0), n-1), true
	case mode == conv.Circular:
		return (i + n) % n, true
	case mode == conv.Reflect && i < 0:
		return -i, true
	case mode == conv.Reflect:
		return 2*(n-1) - i, true
	}
	return 0, false
}

// taps calls f with the value of every tap of a window.
func taps(s conv.Shape, x Image, c, oy, ox int, f func(tap int, v int32)) {
	for ky := range s.Kernel.H {
		for kx := range s.Kernel.W {
			f(ky*s.Kernel.W+kx, *x.at(c, oy*s.Stride.H+ky*s.Dilation.H, ox*s.Stride.W+kx*s.Dilation.W))
		}
	}
}

// convolved takes the padded image.
func convolved(s conv.Shape, x Image, w []int32) Image {
	y := newImage(s.OutChannels, s.OutHeight, s.OutWidth)
	inputs, outputs, size := s.InChannels/s.Groups, s.OutChannels/s.Groups, s.Kernel.H*s.Kernel.W
	y.each(func(o, oy, ox int) {
		for c := range inputs {
			taps(s, x, o/outputs*inputs+c, oy, ox, func(tap int, v int32) { *y.at(o, oy, ox) += v * w[(o*inputs+c)*size+tap] })
		}
	})
	return y
}

func reduced(b pe.Reduce, x Image) Image {
	s := b.Fold.Shape
	y := newImage(s.OutChannels, s.OutHeight, s.OutWidth)
	y.each(func(c, oy, ox int) {
		taps(s, x, c, oy, ox, func(tap int, v int32) {
			switch at := y.at(c, oy, ox); {
			case b.How == pe.Sum:
				*at += v
			case tap == 0 || v > *at:
				*at = v
			}
		})
	})
	return y
}

// ofFrame makes one pixel.
func ofFrame(how pe.Reduction, x Image) Image {
	y := newImage(x.C, 1, 1)
	for c := range x.C {
		most, sum := *x.at(c, 0, 0), int32(0)
		for h := range x.H {
			for w := range x.W {
				most, sum = max(most, *x.at(c, h, w)), sum+*x.at(c, h, w)
			}
		}
		if y.V[c] = most; how == pe.Sum {
			y.V[c] = sum
		}
	}
	return y
}

// Tensor makes a tensor of images.
func Tensor(elem tensor.DType, images ...Image) *tensor.Tensor {
	m := images[0]
	t, err := tensor.New(tensor.Int32, len(images), m.C, m.H, m.W)
	if err != nil {
		panic(err)
	}
	var all []int32
	for _, m := range images {
		all = append(all, m.V...)
	}
	copy(t.Data.([]int32), all)
	if t, err = t.Convert(elem); err != nil {
		panic(err)
	}
	return t
}
