package onnx

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// volume is a convolution of three spatial axes as one of images: the slices of depth
// that an output slice sees are channels of an image, and the images of all output slices
// lie side by side, as groups of channels with weights that are alike.
type volume struct {
	k                 *call
	stride, dilation  [3]int
	begin, end        [3]int // padding
	outPadding        [3]int
	groups            int
	depth, out, taps  int // slices: of the image, of the output, of the kernel
	channels, filters int
}

// isVolume reports whether an input has three spatial axes.
func (k *call) isVolume() bool { return k.need(0) && len(k.typ(0).Shape) == 5 }

// volume reads the attributes of a convolution of three spatial axes; nil, and a mistake
// noted, where they are not supported.
func (k *call) volume() *volume {
	v := &volume{k: k, stride: [3]int{1, 1, 1}, dilation: [3]int{1, 1, 1}, groups: k.integer("group", 1)}
	if pad := k.word("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER", ""); pad != "NOTSET" && pad != "VALID" && pad != "" {
		k.unsupported("auto_pad", pad, "NOTSET, VALID with three spatial axes")
	}
	read := func(name string, to []int) {
		given := k.integers(name)
		if given != nil && len(given) != len(to) {
			k.errorf("attribute %s is %v; allowed: %d entries", name, given, len(to))
			return
		}
		copy(to, given)
	}
	read("strides", v.stride[:])
	read("dilations", v.dilation[:])
	read("output_padding", v.outPadding[:])
	var pads [6]int
	read("pads", pads[:])
	copy(v.begin[:], pads[:3])
	copy(v.end[:], pads[3:])
	k.kernel(1, 3)
	if !k.need(1) || len(k.errs) > 0 || k.blind {
		return nil
	}
	if !k.constant(1) || k.has(2) && !k.constant(2) {
		k.errorf("weights and bias of three spatial axes that are computed from inputs of the graph; supported: constants")
		return nil
	}
	for _, n := range slices.Concat(v.stride[:], v.dilation[:], []int{v.groups}) {
		if n < 1 {
			k.errorf("strides %v, dilations %v, group %d; allowed: 1 or more", v.stride, v.dilation, v.groups)
			return nil
		}
	}
	v.depth, v.taps, v.channels = k.typ(0).Shape[2], k.typ(1).Shape[2], k.typ(0).Shape[1]
	return v
}

// images adds the nodes that make images of slices: slice at[i*taps+t] of the input is
// tap t of output slice i; -1 is a slice of zeros.
func (v *volume) images(at []int) string {
	k, s := v.k, v.k.typ(0).Shape
	begin, end := make([]int, 5), make([]int, 5)
	end[2] = 1 // the slice of zeros
	zeros := slices.Contains(at, -1)
	x := k.input(0)
	if zeros {
		x = k.prepared(network.Pad{Begin: begin, End: end}, "zeros", x)
	}
	from := slices.Clone(at)
	for i, a := range from {
		if a < 0 {
			from[i] = v.depth
		}
	}
	x = k.prepared(network.Gather{Axis: 2, At: from}, "slices", x)
	x = k.prepared(network.Reshape{Shape: []int{s[0], s[1], v.out, v.taps, s[3], s[4]}}, "taps", x)
	x = k.prepared(network.Transpose{Perm: []int{0, 2, 1, 3, 4, 5}}, "images", x)
	return k.prepared(network.Reshape{Shape: []int{s[0], v.out * s[1] * v.taps, s[3], s[4]}}, "channels", x)
}

// forAll is a constant, in the order of axes perm and then of a shape, once for every
// output slice; made when the network is.
func (v *volume) forAll(i int, what string, perm, shape []int) string {
	k, name := v.k, v.k.input(i)
	own := k.c.values[name]
	wide := append([]int{shape[0] * v.out}, shape[1:]...)
	at := k.c.fresh(k.step + "." + what)
	k.c.values[at] = &value{typ: network.Type{DType: own.typ.DType, Shape: wide}, load: func() (*tensor.Tensor, error) {
		t, err := own.get()
		if err != nil {
			return nil, err
		}
		out, err := network.Transpose{Perm: perm}.Reference([]*tensor.Tensor{t})
		if err == nil {
			out[0], err = out[0].Reshape(shape...)
		}
		if err != nil {
			return nil, err
		}
		times := append([]int{v.out}, ones(len(shape)-1)...)
		out, err = network.Tile{Times: times}.Reference(out)
		if err != nil {
			return nil, err
		}
		return out[0], nil
	}}
	return at
}

// finished adds the convolution of images and gives its output three spatial axes.
func (v *volume) finished(op network.Op, inputs ...string) outcome {
	k := v.k
	if v.out < 1 || len(k.errs) > 0 {
		k.errorf("%d slices of output; allowed: 1 or more", v.out)
		return outcome{}
	}
	if k.has(2) {
		inputs = append(inputs, v.forAll(2, "biases", []int{0}, []int{v.filters}))
	}
	y := k.prepared(op, "image", inputs...)
	s := k.c.typeOf(y).Shape
	if len(s) != 4 || len(k.errs) > 0 {
		return outcome{}
	}
	y = k.prepared(network.Reshape{Shape: []int{s[0], v.out, v.filters, s[2], s[3]}}, "parts", y)
	return outcome{op: network.Transpose{Perm: []int{0, 2, 1, 3, 4}}, inputs: []string{y}}
}

// pairOfVolume is rows and columns of three.
func pairOfVolume(p [3]int) conv.Pair { return conv.Pair{H: p[1], W: p[2]} }

func (v *volume) sides() conv.Padding {
	return conv.Padding{Sides: conv.Sides{Top: v.begin[1], Left: v.begin[2], Bottom: v.end[1], Right: v.end[2]}}
}

// convVolume is a Conv of three spatial axes.
func convVolume(k *call) outcome {
	v := k.volume()
	if v == nil {
		return outcome{}
	}
	w := k.typ(1).Shape
	extent := v.dilation[0]*(v.taps-1) + 1
	v.filters, v.out = w[0], (v.depth+v.begin[0]+v.end[0]-extent)/v.stride[0]+1
	if v.depth+v.begin[0]+v.end[0] < extent || w[1]*v.groups != v.channels {
		k.errorf("%s with weights %v; allowed: a kernel within the padded image, %d channels", k.typ(0), w, w[1]*v.groups)
		return outcome{}
	}
	var at []int
	for o := range v.out {
		for t := range v.taps {
			at = append(at, v.slice(o*v.stride[0]+t*v.dilation[0]-v.begin[0]))
		}
	}
	op := network.Conv{Stride: pairOfVolume(v.stride), Dilation: pairOfVolume(v.dilation), Padding: v.sides(), Groups: v.out * v.groups}
	weights := v.forAll(1, "weights", []int{0, 1, 2, 3, 4}, []int{w[0], w[1] * v.taps, w[3], w[4]})
	return v.finished(op, v.images(at), weights)
}

// slice is a slice of the image, or -1 beyond it.
func (v *volume) slice(i int) int {
	if i < 0 || i >= v.depth {
		return -1
	}
	return i
}

// convTransposeVolume is a ConvTranspose of three spatial axes.
func convTransposeVolume(k *call) outcome {
	if given := k.integers("output_shape"); given != nil {
		k.unsupported("output_shape", fmt.Sprint(given), "none with three spatial axes")
	}
	v := k.volume()
	if v == nil {
		return outcome{}
	}
	w := k.typ(1).Shape
	if w[0] != v.channels || v.channels%v.groups != 0 {
		k.errorf("%s with weights %v in %d groups; allowed: %d channels", k.typ(0), w, v.groups, w[0])
		return outcome{}
	}
	v.filters = w[1] * v.groups
	v.out = (v.depth-1)*v.stride[0] - v.begin[0] - v.end[0] + v.dilation[0]*(v.taps-1) + 1 + v.outPadding[0]
	var at []int
	for o := range max(0, v.out) {
		for t := range v.taps {
			i := o + v.begin[0] - t*v.dilation[0]
			if i%v.stride[0] != 0 {
				at = append(at, -1)
				continue
			}
			at = append(at, v.slice(i/v.stride[0]))
		}
	}
	if v.out < 1 {
		return v.finished(nil)
	}
	op := network.ConvTranspose{Stride: pairOfVolume(v.stride), Dilation: pairOfVolume(v.dilation), Padding: v.sides(),
		OutputPadding: pairOfVolume(v.outPadding), Groups: v.out * v.groups}
	weights := v.forAll(1, "weights", []int{0, 2, 1, 3, 4}, []int{w[0] * v.taps, w[1], w[3], w[4]})
	return v.finished(op, v.images(at), weights)
}
