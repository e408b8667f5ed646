package onnx

import (
	"slices"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
)

// volumePool is a pooling of three spatial axes as two of images: over rows and columns
// of every slice, then over the slices of every pixel. The maximum is that of all; a mean
// is rounded after each.
func volumePool(k *call, of func(p network.Pool) network.Op) outcome {
	kernel, stride, dilation, pads := k.integers("kernel_shape"), k.integers("strides"), k.integers("dilations"), k.integers("pads")
	if stride == nil {
		stride = ones(3)
	}
	if dilation == nil {
		dilation = ones(3)
	}
	if pads == nil {
		pads = make([]int, 6)
	}
	ceil := k.flag("ceil_mode", false)
	if pad := k.word("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER", ""); pad != "NOTSET" && pad != "VALID" && pad != "" {
		k.unsupported("auto_pad", pad, "NOTSET, VALID with three spatial axes")
	}
	if len(kernel) != 3 || len(stride) != 3 || len(dilation) != 3 || len(pads) != 6 {
		k.errorf("kernel_shape %v, strides %v, dilations %v, pads %v; allowed with three spatial axes: 3, 3, 3 and 6 entries", kernel, stride, dilation, pads)
	}
	if len(k.errs) > 0 || k.blind {
		return outcome{}
	}
	plane := network.Pool{Kernel: conv.Pair{H: kernel[1], W: kernel[2]}, Stride: conv.Pair{H: stride[1], W: stride[2]},
		Dilation: conv.Pair{H: dilation[1], W: dilation[2]}, Ceil: ceil,
		Padding: conv.Padding{Sides: conv.Sides{Top: pads[1], Left: pads[2], Bottom: pads[4], Right: pads[5]}}}
	depth := network.Pool{Kernel: conv.Pair{H: kernel[0], W: 1}, Stride: conv.Pair{H: stride[0], W: 1}, Dilation: conv.Pair{H: dilation[0], W: 1},
		Ceil: ceil, Padding: conv.Padding{Sides: conv.Sides{Top: pads[0], Bottom: pads[3]}}}
	s := slices.Clone(k.typ(0).Shape)
	x := k.input(0)
	if changes(plane) {
		x = k.prepared(network.Reshape{Shape: []int{s[0], s[1] * s[2], s[3], s[4]}}, "slices", x)
		x = k.prepared(of(plane), "planes", x)
		if out := k.c.typeOf(x).Shape; len(out) == 4 {
			s[3], s[4] = out[2], out[3]
		}
	}
	if changes(depth) {
		x = k.prepared(network.Reshape{Shape: []int{s[0], s[1], s[2], s[3] * s[4]}}, "columns", x)
		x = k.prepared(of(depth), "depth", x)
		if out := k.c.typeOf(x).Shape; len(out) == 4 {
			s[2] = out[2]
		}
	}
	return outcome{op: network.Reshape{Shape: s}, inputs: []string{x}}
}

// changes reports whether a pooling does anything.
func changes(p network.Pool) bool {
	one := conv.Pair{H: 1, W: 1}
	return p.Kernel != one || p.Stride != one || p.Padding.Sides != conv.Sides{}
}

// flatSpace is an operator over all of space, of which three axes or more are seen as one
// row.
func flatSpace(op network.Op) rule {
	return func(k *call) outcome {
		s := k.typ(0).Shape
		if len(s) < 5 {
			return k.flow(op, 0)
		}
		x := k.prepared(network.Reshape{Shape: []int{s[0], s[1], 1, product(s[2:])}}, "space", k.input(0))
		y := k.prepared(op, "one", x)
		return outcome{op: network.Reshape{Shape: append([]int{s[0], s[1]}, ones(len(s)-2)...)}, inputs: []string{y}}
	}
}
