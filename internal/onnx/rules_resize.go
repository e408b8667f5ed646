package onnx

import (
	"slices"

	"github.com/convsim/convsim/internal/network"
)

var resizeRules = map[string]rule{"Resize": resize, "Upsample": upsample}

// upsample, and Resize before version 11, knew one way to place pixels.
func upsample(k *call) outcome {
	mode := k.word("mode", "nearest", "linear")
	if mode == "nearest" && k.n.Op == "Upsample" && k.version < 9 {
		k.ignored("height_scale", "width_scale")
	}
	op := network.Resize{Coordinate: network.Asymmetric, NearestMode: network.RoundFloor}
	if mode == "linear" {
		op.Mode = network.Linear
	}
	if k.n.Op == "Upsample" && k.version < 9 {
		if a := k.attribute("scales", AttributeFloats); a != nil {
			op.Scales = a.Floats
		}
	} else {
		op.Scales = k.scales(1)
	}
	smaller := slices.ContainsFunc(op.Scales, func(s float32) bool { return s < 1 })
	larger := slices.ContainsFunc(op.Scales, func(s float32) bool { return s > 1 })
	switch {
	case smaller && larger && op.Mode == network.Nearest:
		k.errorf("scales %v; supported before version 11: all 1 or more, or all 1 or less", op.Scales)
	case smaller: // as ONNX Runtime has it
		op.NearestMode = network.RoundCeil
	}
	return k.flow(op, 0)
}

func (k *call) scales(i int) []float32 {
	var out []float32
	for _, v := range k.reals(i) {
		out = append(out, float32(v))
	}
	return out
}

func resize(k *call) outcome {
	if k.version < 11 {
		return upsample(k)
	}
	op := network.Resize{
		Coordinate: network.Coordinate(k.word("coordinate_transformation_mode", "half_pixel", "half_pixel_symmetric",
			"pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize")),
		NearestMode:   network.NearestMode(k.word("nearest_mode", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil")),
		Extrapolation: k.float("extrapolation_value", 0),
	}
	if k.word("mode", "nearest", "linear") == "linear" {
		op.Mode = network.Linear
	}
	k.ignored("cubic_coeff_a", "exclude_outside") // of cubic
	k.only("antialias", 0)
	policy := k.word("keep_aspect_ratio_policy", "stretch", "not_larger", "not_smaller")
	axes := k.integers("axes")
	if axes == nil {
		for axis := range k.typ(0).Shape {
			axes = append(axes, axis)
		}
	}
	if op.Coordinate == network.TFCropAndResize {
		op.ROI = k.region(axes, k.scales(1))
	}
	switch sizes := k.sizes(); {
	case len(sizes) > 0:
		k.resizeTo(&op, axes, sizes, policy)
	case k.has(2):
		k.resizeBy(&op, axes, k.scales(2))
	default:
		k.errorf("neither scales nor sizes")
	}
	return k.flow(op, 0)
}

// sizes reads the sizes; an empty tensor stands for none.
func (k *call) sizes() []int {
	if !k.has(3) {
		return nil
	}
	return k.wholes(3)
}

// region spreads a region of some axes over all.
func (k *call) region(axes []int, given []float32) []float32 {
	rank := len(k.typ(0).Shape)
	out := make([]float32, 2*rank)
	for axis := range rank {
		out[rank+axis] = 1
	}
	if len(given) != 2*len(axes) {
		k.errorf("a region of %d entries; allowed: %d", len(given), 2*len(axes))
		return out
	}
	for i, axis := range axes {
		if axis = k.axis(axis, rank); axis < rank {
			out[axis], out[rank+axis] = given[i], given[len(axes)+i]
		}
	}
	return out
}

// resizeBy spreads scales of some axes over all.
func (k *call) resizeBy(op *network.Resize, axes []int, given []float32) {
	rank := len(k.typ(0).Shape)
	op.Scales = make([]float32, rank)
	for axis := range rank {
		op.Scales[axis] = 1
	}
	if len(given) != len(axes) {
		k.errorf("%d scales; allowed: %d", len(given), len(axes))
		return
	}
	for i, axis := range axes {
		if axis = k.axis(axis, rank); axis < rank {
			op.Scales[axis] = given[i]
		}
	}
}

// resizeTo spreads sizes of some axes over all. A policy other than stretch makes
// one scale of them.
func (k *call) resizeTo(op *network.Resize, axes, given []int, policy string) {
	in := k.typ(0).Shape
	op.Sizes = slices.Clone(in)
	if len(given) != len(axes) {
		k.errorf("%d sizes; allowed: %d", len(given), len(axes))
		return
	}
	if policy != "stretch" {
		k.unsupported("keep_aspect_ratio_policy", policy, "stretch with sizes; use scales for one ratio")
	}
	for i, axis := range axes {
		if axis = k.axis(axis, len(in)); axis < len(in) {
			op.Sizes[axis] = given[i]
		}
	}
}
