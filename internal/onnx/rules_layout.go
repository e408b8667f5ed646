package onnx

import (
	"slices"

	"github.com/convsim/convsim/internal/network"
)

var layoutRules = map[string]rule{
	"Identity":     func(k *call) outcome { return k.flow(network.Identity{}, 0) },
	"Dropout":      dropout,
	"Cast":         cast,
	"Reshape":      reshape,
	"Flatten":      flatten,
	"Squeeze":      squeeze,
	"Unsqueeze":    unsqueeze,
	"Transpose":    transpose,
	"DepthToSpace": depthToSpace,
	"SpaceToDepth": func(k *call) outcome {
		return k.flow(network.SpaceToDepth{Block: k.integer("blocksize", 0)}, 0)
	},
}

// dropout does nothing unless a network is trained.
func dropout(k *call) outcome {
	k.ignored("ratio", "seed", "is_test", "consumed_inputs")
	if k.has(2) {
		if training := k.wholes(2); len(training) > 0 && training[0] != 0 {
			k.errorf("input 2, training_mode, is true; supported: false")
		}
	}
	return k.flow(network.Identity{}, 0)
}

func cast(k *call) outcome {
	k.ignored("saturate")
	to := DataType(k.integer("to", 0))
	dtype, err := to.DType()
	if err != nil {
		k.unsupported("to", to, readable)
		return outcome{}
	}
	if to == Bool {
		return condition(1)(k)
	}
	if dataTypes[to].bits != int64(dtype.Bits()) && !k.constant(0) {
		k.unsupported("to", to, "int4, uint4, int8, uint8, int16, int32, int64, float32, float64")
	}
	return k.flow(network.Cast{To: dtype}, 0)
}

func reshape(k *call) outcome {
	var shape []int
	if k.version < 5 {
		shape = k.integers("shape")
	} else {
		shape = slices.Clone(k.wholes(1))
	}
	zero := k.flag("allowzero", false)
	in := k.typ(0).Shape
	for axis, d := range shape {
		if d == 0 && !zero {
			if axis >= len(in) {
				k.errorf("shape %v copies axis %d of %s", shape, axis, k.typ(0))
				break
			}
			shape[axis] = in[axis]
		}
	}
	return k.flow(network.Reshape{Shape: shape}, 0)
}

func flatten(k *call) outcome {
	in := k.typ(0).Shape
	axis := k.integer("axis", 1)
	if axis != len(in) {
		axis = k.axis(axis, len(in))
	}
	axis = min(axis, len(in))
	return k.flow(network.Reshape{Shape: []int{product(in[:axis]), product(in[axis:])}}, 0)
}

// axes reads axes, which became an input in some version; nil if there are none.
func (k *call) axes(input int, since int64) []int {
	if k.version < since {
		return k.integers("axes")
	}
	if !k.has(input) {
		return nil
	}
	return k.wholes(input)
}

func squeeze(k *call) outcome {
	in := k.typ(0).Shape
	given := k.axes(1, 13)
	axes := map[int]bool{}
	for _, axis := range given {
		axes[k.axis(axis, len(in))] = true
	}
	shape := []int{}
	for axis, n := range in {
		switch {
		case len(given) == 0 && n == 1:
		case axes[axis] && n != 1:
			k.errorf("axis %d of %s is not 1", axis, k.typ(0))
		case !axes[axis]:
			shape = append(shape, n)
		}
	}
	return k.flow(network.Reshape{Shape: shape}, 0)
}

func unsqueeze(k *call) outcome {
	in := k.typ(0).Shape
	given := k.axes(1, 13)
	axes := map[int]bool{}
	for _, axis := range given {
		axes[k.axis(axis, len(in)+len(given))] = true
	}
	if len(axes) != len(given) && !k.blind {
		k.errorf("axes %v; allowed: each once", given)
		return outcome{}
	}
	shape, left := []int{}, in
	for axis := range len(in) + len(axes) {
		switch {
		case axes[axis]:
			shape = append(shape, 1)
		case len(left) > 0:
			shape, left = append(shape, left[0]), left[1:]
		}
	}
	return k.flow(network.Reshape{Shape: shape}, 0)
}

func transpose(k *call) outcome {
	perm := k.integers("perm")
	if perm == nil {
		for axis := range k.typ(0).Shape {
			perm = append([]int{axis}, perm...)
		}
	}
	return k.flow(network.Transpose{Perm: perm}, 0)
}

func depthToSpace(k *call) outcome {
	op := network.DepthToSpace{Block: k.integer("blocksize", 0), CRD: k.word("mode", "DCR", "CRD") == "CRD"}
	return k.flow(op, 0)
}
