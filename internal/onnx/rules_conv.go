package onnx

import (
	"slices"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

var convRules = map[string]rule{
	"Conv":          convolution,
	"ConvInteger":   convInteger,
	"ConvTranspose": convTranspose,
	"QLinearConv":   qLinearConv,
	"Gemm":          gemm,
	"MatMul":        func(k *call) outcome { return k.flow(network.MatMul{}) },
	"MatMulInteger": matMulInteger,
	"QLinearMatMul": qLinearMatMul,
}

// spatial returns the number of spatial axes of an input: one or two.
func (k *call) spatial(i int) int {
	if !k.need(i) {
		return 2
	}
	n := len(k.typ(i).Shape) - 2
	if n != 1 && n != 2 {
		k.errorf("input %d is %s; supported: [batch, channels, height, width] or [batch, channels, width]", i, k.typ(i))
		return 2
	}
	return n
}

// pair reads an attribute with an entry for each spatial axis.
func (k *call) pair(name string, spatial, otherwise int) conv.Pair {
	given := k.integers(name)
	if given == nil {
		p := conv.Pair{H: otherwise, W: otherwise}
		if spatial == 1 {
			p.H = min(otherwise, 1)
		}
		return p
	}
	return k.pairOf(name, given, spatial)
}

func (k *call) pairOf(name string, given []int, spatial int) conv.Pair {
	switch {
	case len(given) == spatial && spatial == 2:
		return conv.Pair{H: given[0], W: given[1]}
	case len(given) == spatial:
		return conv.Pair{H: 1, W: given[0]}
	}
	k.errorf("attribute %s is %v; allowed: %d entries", name, given, spatial)
	return conv.Pair{H: 1, W: 1}
}

// paddings reads auto_pad and pads.
func (k *call) padding(spatial int) conv.Padding {
	kinds := map[string]conv.PaddingKind{"NOTSET": conv.Explicit, "": conv.Explicit, "VALID": conv.Valid,
		"SAME_UPPER": conv.SameUpper, "SAME_LOWER": conv.SameLower}
	p := conv.Padding{Kind: kinds[k.word("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER", "")]}
	pads := k.integers("pads")
	if p.Kind != conv.Explicit {
		if slices.ContainsFunc(pads, func(n int) bool { return n != 0 }) {
			k.unsupported("pads", pads, "none beside auto_pad")
		}
		return p
	}
	switch {
	case pads == nil:
	case len(pads) != 2*spatial:
		k.errorf("attribute pads is %v; allowed: %d entries", pads, 2*spatial)
	case spatial == 2:
		p.Sides = conv.Sides{Top: pads[0], Left: pads[1], Bottom: pads[2], Right: pads[3]}
	default:
		p.Sides = conv.Sides{Left: pads[0], Right: pads[1]}
	}
	return p
}

// conv reads the attributes of a convolution of inputs x and w.
func (k *call) conv(x, w int) network.Conv {
	spatial := k.spatial(x)
	k.kernel(w, spatial)
	return network.Conv{Stride: k.pair("strides", spatial, 1), Dilation: k.pair("dilations", spatial, 1),
		Padding: k.padding(spatial), Groups: k.integer("group", 1)}
}

// kernel compares the kernel_shape with the weights.
func (k *call) kernel(w, spatial int) {
	given := k.integers("kernel_shape")
	if !k.need(w) {
		return
	}
	shape := k.typ(w).Shape
	if len(shape) != spatial+2 {
		k.errorf("input %d is %s; allowed: %d axes", w, k.typ(w), spatial+2)
		return
	}
	if given != nil && !slices.Equal(given, shape[2:]) {
		k.errorf("attribute kernel_shape is %v; the weights have %v", given, shape[2:])
	}
}

func convInteger(k *call) outcome {
	op := network.ConvInteger{Conv: k.conv(0, 1), WZero: k.zeros(3)}
	if k.streams(2) {
		return outcome{op: op, inputs: []string{k.less(0, 2), k.input(1)}}
	}
	op.XZero = k.zeros(2)[0]
	return k.flow(op, 0, 1)
}

// streams reports whether an input is there, known, and no constant.
func (k *call) streams(i int) bool { return k.has(i) && k.need(i) && !k.constant(i) }

// less is an input without a zero point that is computed from inputs of the graph: int16.
func (k *call) less(i, zero int) string {
	if n, err := tensor.Elements(k.typ(zero).Shape); err != nil || n != 1 || k.typ(i).DType.Bits() > 8 {
		k.errorf("input %d is %s, computed from inputs of the graph, for %s; supported: one zero point of 8 bits", zero, k.typ(zero), k.typ(i))
		return ""
	}
	wide := network.Cast{To: tensor.Int16}
	x, z := k.input(i), k.prepare(wide, "zero", zero)
	if !k.constant(i) {
		x = k.prepare(wide, "wide", i)
	}
	return k.prepared(network.Combine{How: network.Sub}, "less", x, z)
}

func qLinearConv(k *call) outcome {
	if k.n.Domain == microsoft {
		k.only("channels_last", 0)
	}
	op := network.QLinearConv{Conv: k.conv(0, 3), X: k.quantOf(0, 1, 2), W: k.quantOf(3, 4, 5), Y: k.quant(6, 7)}
	return k.flow(op, 0, 3, 8)
}

func convolution(k *call) outcome {
	if k.isVolume() {
		return convVolume(k)
	}
	return k.flow(k.conv(0, 1))
}

func convTranspose(k *call) outcome {
	if k.isVolume() {
		return convTransposeVolume(k)
	}
	spatial := k.spatial(0)
	k.kernel(1, spatial)
	op := network.ConvTranspose{Stride: k.pair("strides", spatial, 1), Dilation: k.pair("dilations", spatial, 1),
		Padding: k.padding(spatial), OutputPadding: k.pair("output_padding", spatial, 0), Groups: k.integer("group", 1)}
	if spatial == 1 {
		op.OutputPadding.H = 0
	}
	if given := k.integers("output_shape"); given != nil {
		if len(given) == spatial+2 { // with batch and channels, as some write it
			given = given[2:]
		}
		op.OutputSize = k.pairOf("output_shape", given, spatial)
	}
	return k.flow(op)
}

func gemm(k *call) outcome {
	op := network.Gemm{Alpha: k.float("alpha", 1), Beta: k.float("beta", 1),
		TransA: k.flag("transA", false), TransB: k.flag("transB", false)}
	if k.version < 7 {
		k.ignored("broadcast") // the shape of C says the same
	}
	return k.flow(op)
}

func matMulInteger(k *call) outcome {
	if k.streams(2) {
		return outcome{op: network.MatMulInteger{AZero: []int32{0}, BZero: k.zeros(3)}, inputs: []string{k.less(0, 2), k.input(1)}}
	}
	return k.flow(network.MatMulInteger{AZero: k.zeros(2), BZero: k.zeros(3)}, 0, 1)
}

func qLinearMatMul(k *call) outcome {
	op := network.QLinearMatMul{A: k.quantOf(0, 1, 2), B: k.quantOf(3, 4, 5), Y: k.quant(6, 7)}
	return k.flow(op, 0, 3)
}
