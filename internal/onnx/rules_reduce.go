package onnx

import (
	"slices"

	"github.com/convsim/convsim/internal/network"
)

// reduceRules are operators that reduce axes.
func reduceRules() map[string]rule {
	out := map[string]rule{"ArgMax": argMax(false), "ArgMin": argMax(true)}
	for _, how := range []network.Reduction{network.ReduceMean, network.ReduceSum, network.ReduceMax, network.ReduceMin,
		network.ReduceProd, network.ReduceL2, network.ReduceL1, network.ReduceSumSquare, network.ReduceLogSum, network.ReduceLogSumExp} {
		out[string(how)] = func(k *call) outcome { return reduce(k, how) }
	}
	return out
}

// reduce reads axes, which became an input in version 13 or 18. Without any, all
// are reduced, or none if an attribute says so.
func reduce(k *call, how network.Reduction) outcome {
	since := int64(18)
	if how == network.ReduceSum {
		since = 13
	}
	op := network.Reduce{How: how, Axes: slices.Clone(k.axes(1, since)), KeepDims: k.flag("keepdims", true)}
	none := k.version >= since && k.flag("noop_with_empty_axes", false)
	if len(op.Axes) == 0 && none {
		return k.flow(network.Identity{}, 0)
	}
	if len(op.Axes) == 0 {
		for axis := range k.typ(0).Shape {
			op.Axes = append(op.Axes, axis)
		}
	}
	return k.flow(op, 0)
}

func argMax(least bool) rule {
	return func(k *call) outcome {
		op := network.ArgMax{Axis: k.integer("axis", 0), KeepDims: k.flag("keepdims", true), Min: least}
		if k.version >= 12 {
			op.Last = k.flag("select_last_index", false)
		}
		return k.flow(op, 0)
	}
}
