package regress

import (
	"maps"
	"slices"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// networks make a network of a case, by PyTorch's name of the operation, and
// return its output.
var networks = map[string]func(b *builder) string{
	"ConvTranspose2d": transposed,
	"MaxPool2d":       func(b *builder) string { return b.then(network.MaxPool{Pool: b.window()}, b.stream("x")) },
	"AvgPool2d":       averaged,
	"GlobalAvgPool":   func(b *builder) string { return b.then(network.GlobalAveragePool{}, b.real("x")) },
	"Add":             added,
	"QAdd":            quantisedAdd,
	"Concat":          concatenated,
	"ReLU":            func(b *builder) string { return b.then(network.Unary{Function: network.Relu}, b.stream("x")) },
	"ReLU6":           func(b *builder) string { return b.then(six(), b.stream("x")) },
	"QReLU6":          quantisedSix,
	"UpsampleNearest": upsampled,
	"Pad":             padded,
	"Linear":          linear,
	"PixelShuffle":    shuffledPixels,
	"ChannelShuffle":  shuffledChannels,
}

// real is an input as floats.
func (b *builder) real(name string) string {
	return b.then(network.Cast{To: tensor.Float32}, b.stream(name))
}

func six() network.Clip {
	lo, hi := 0.0, 6.0
	return network.Clip{Lo: &lo, Hi: &hi}
}

func transposed(b *builder) string {
	l, err := b.c.TransposeLayer()
	if err != nil {
		b.err = err
		return ""
	}
	x, w, bias := b.stream("x"), b.constant("weight"), b.constant("bias")
	if b.err == nil && b.tensors["x"].DType().IsFloat() {
		return b.then(transposedOp(l), x, w, bias)
	}
	return b.then(network.ConvTransposeInteger{Conv: transposedOp(l), XZero: int32(b.c.XZeroPoint), WZero: []int32{0}}, x, w, bias)
}

// window reads that of a pooling.
func (b *builder) window() network.Pool {
	attrs := attributes[struct {
		Kernel   [2]int  `json:"kernel_size"`
		Stride   *[2]int `json:"stride"`
		Padding  [2]int  `json:"padding"`
		Dilation *[2]int `json:"dilation"`
		Ceil     bool    `json:"ceil_mode"`
	}](b)
	pair := func(p *[2]int, none [2]int) conv.Pair {
		if p == nil {
			p = &none
		}
		return conv.Pair{H: p[0], W: p[1]}
	}
	p := attrs.Padding
	return network.Pool{Kernel: pair(&attrs.Kernel, p), Stride: pair(attrs.Stride, attrs.Kernel), Dilation: pair(attrs.Dilation, [2]int{1, 1}),
		Ceil: attrs.Ceil, Padding: conv.Padding{Sides: conv.Sides{Top: p[0], Bottom: p[0], Left: p[1], Right: p[1]}}}
}

func averaged(b *builder) string {
	attrs := attributes[struct {
		Include *bool `json:"count_include_pad"`
		Divisor int   `json:"divisor_override"`
	}](b)
	include := attrs.Include == nil || *attrs.Include
	return b.then(network.AveragePool{Pool: b.window(), CountIncludePad: include, Divisor: attrs.Divisor}, b.real("x"))
}

func added(b *builder) string {
	wide := network.Cast{To: tensor.Int32}
	y := b.then(network.Combine{How: network.Add}, b.then(wide, b.stream("a")), b.then(wide, b.stream("b")))
	if !attributes[struct{ Saturate bool }](b).Saturate {
		return y
	}
	lo, hi := -128.0, 127.0
	return b.then(network.Cast{To: tensor.Int8}, b.then(network.Clip{Lo: &lo, Hi: &hi}, y))
}

// scales are those of an input or output whose type is that of input x.
func (b *builder) scales(prefix, x string) network.Quant {
	attrs := attributes[map[string]float32](b)
	q := network.Quant{Scale: []float32{attrs[prefix+"scale"]}, Zero: []int32{int32(attrs[prefix+"zero_point"])}}
	if b.err == nil {
		q.DType = b.tensors[x].DType()
	}
	return q
}

func quantisedAdd(b *builder) string {
	a, c := b.stream("a"), b.stream("b")
	y := b.then(network.Combine{How: network.Add}, b.then(network.DequantizeLinear{X: b.scales("a_", "a")}, a),
		b.then(network.DequantizeLinear{X: b.scales("b_", "b")}, c))
	return b.then(network.QuantizeLinear{Y: b.scales("y_", "a")}, y)
}

func concatenated(b *builder) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(b.c.Inputs)) {
		all = append(all, b.stream(name))
	}
	return b.then(network.Concat{Axis: attributes[struct{ Dim int }](b).Dim}, all...)
}

func quantisedSix(b *builder) string {
	x := b.stream("x")
	q := b.scales("", "x")
	return b.then(network.QuantizeLinear{Y: q}, b.then(six(), b.then(network.DequantizeLinear{X: q}, x)))
}

// upsampled is by the size of the output: it says the same as a scale.
func upsampled(b *builder) string {
	op := network.Resize{Coordinate: network.Asymmetric, NearestMode: network.RoundFloor, Sizes: b.c.Outputs["y"].Shape}
	return b.then(op, b.stream("x"))
}

func padded(b *builder) string {
	attrs := attributes[struct {
		Mode  string
		Pad   [4]int
		Value float64
	}](b)
	mode := map[string]network.PadMode{"constant": network.PadConstant, "reflect": network.PadReflect,
		"replicate": network.PadEdge, "circular": network.PadWrap}[attrs.Mode]
	p := attrs.Pad // left, right, top, bottom
	return b.then(network.Pad{Mode: mode, Begin: []int{0, 0, p[2], p[0]}, End: []int{0, 0, p[3], p[1]}, Value: attrs.Value}, b.stream("x"))
}

// linear is a product of matrices: sums stay int32.
func linear(b *builder) string {
	x, w := b.stream("x"), b.constant("weight")
	if b.err != nil {
		return ""
	}
	turned, err := network.Transpose{Perm: []int{1, 0}}.Reference([]*tensor.Tensor{b.graph.Constants[w]})
	if err != nil {
		b.err = err
		return ""
	}
	b.graph.Constants[w] = turned[0]
	y := b.then(network.MatMulInteger{AZero: []int32{0}, BZero: []int32{0}}, x, w)
	if bias := b.constant("bias"); bias != "" {
		y = b.then(network.Combine{How: network.Add}, y, bias)
	}
	return y
}

func shuffledPixels(b *builder) string {
	block := attributes[struct {
		Factor int `json:"upscale_factor"`
	}](b).Factor
	return b.then(network.DepthToSpace{Block: block, CRD: true}, b.stream("x"))
}

func shuffledChannels(b *builder) string {
	groups := attributes[struct{ Groups int }](b).Groups
	x := b.stream("x")
	if b.err != nil {
		return ""
	}
	s := b.tensors["x"].Shape()
	parted := b.then(network.Reshape{Shape: []int{s[0], groups, -1, s[2], s[3]}}, x)
	return b.then(network.Reshape{Shape: s}, b.then(network.Transpose{Perm: []int{0, 2, 1, 3, 4}}, parted))
}
