package onnx

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/network"
)

var partRules = map[string]rule{
	"Concat": concat,
	"Split":  split,
	"Slice":  slice,
	"Pad":    pad,
	"Gather": gather,
}

func concat(k *call) outcome {
	if k.attribute("axis", AttributeInt) == nil {
		k.errorf("attribute axis is missing")
	}
	return k.flow(network.Concat{Axis: k.integer("axis", 0)})
}

func split(k *call) outcome {
	in := k.typ(0).Shape
	op := network.Split{Axis: k.integer("axis", 0)}
	parts := len(k.n.Outputs)
	if k.version >= 18 {
		if n := k.integer("num_outputs", parts); n != parts {
			k.errorf("attribute num_outputs is %d; the node has %d outputs", n, parts)
		}
	}
	switch {
	case k.version < 13:
		op.Sizes = k.integers("split")
	case k.has(1):
		op.Sizes = k.wholes(1)
	}
	if op.Sizes != nil || k.blind || parts == 0 {
		return k.flow(op, 0)
	}
	n := 0
	if axis := k.axis(op.Axis, len(in)); axis < len(in) {
		n = in[axis]
	}
	each := (n + parts - 1) / parts
	if k.version < 18 && n%parts != 0 {
		k.errorf("%d in %d parts; allowed without sizes: equal parts", n, parts)
	}
	for range parts {
		op.Sizes = append(op.Sizes, min(each, n))
		n -= min(each, n)
	}
	return k.flow(op, 0)
}

func slice(k *call) outcome {
	if k.version < 10 {
		op := network.Slice{Starts: k.integers("starts"), Ends: k.integers("ends"), Axes: k.integers("axes")}
		return k.flow(op, 0)
	}
	op := network.Slice{Starts: k.wholes(1), Ends: k.wholes(2)}
	if k.has(3) {
		op.Axes = k.wholes(3)
	}
	if k.has(4) {
		op.Steps = k.wholes(4)
	}
	return k.flow(op, 0)
}

func pad(k *call) outcome {
	modes := map[string]network.PadMode{"constant": network.PadConstant, "reflect": network.PadReflect,
		"edge": network.PadEdge, "wrap": network.PadWrap}
	op := network.Pad{Mode: modes[k.word("mode", "constant", "reflect", "edge", "wrap")]}
	rank := len(k.typ(0).Shape)
	var pads, axes []int
	if k.version < 11 {
		pads = k.integers("pads")
		op.Value = float64(k.float("value", 0))
	} else {
		pads = k.wholes(1)
		if k.has(2) {
			if v := k.reals(2); len(v) == 1 {
				op.Value = v[0]
			} else {
				k.errorf("input 2 has %d values; allowed: one", len(v))
			}
		}
		if k.has(3) {
			axes = k.wholes(3)
		}
	}
	if axes == nil {
		for axis := range rank {
			axes = append(axes, axis)
		}
	}
	if len(pads) != 2*len(axes) {
		k.errorf("pads %v; allowed: %d entries", pads, 2*len(axes))
		return outcome{}
	}
	op.Begin, op.End = make([]int, rank), make([]int, rank)
	for i, axis := range axes {
		if axis = k.axis(axis, rank); axis < rank {
			op.Begin[axis], op.End[axis] = pads[i], pads[len(axes)+i]
		}
	}
	return k.flow(op, 0)
}

// gather picks elements: a slice where there is one index, or several that are evenly apart.
func gather(k *call) outcome {
	in := k.typ(0).Shape
	axis := k.axis(k.integer("axis", 0), len(in))
	at := slices.Clone(k.wholes(1))
	if at == nil || axis >= len(in) {
		return outcome{}
	}
	for i, v := range at {
		if v < -in[axis] || v >= in[axis] {
			k.errorf("index %d of axis %d; allowed: %d..%d", v, axis, -in[axis], in[axis]-1)
			return outcome{}
		}
		if v < 0 {
			at[i] += in[axis]
		}
	}
	shape := slices.Concat(in[:axis], k.typ(1).Shape, in[axis+1:])
	return k.gatherSlice(axis, at, shape)
}

func (k *call) gatherSlice(axis int, at, shape []int) outcome {
	step := 1
	if len(at) > 1 {
		step = at[1] - at[0]
	}
	for i := 2; i < len(at); i++ {
		if at[i]-at[i-1] != step {
			step = 0
		}
	}
	if step == 0 || len(at) == 0 {
		if len(k.typ(1).Shape) == 1 {
			return k.flow(network.Gather{Axis: axis, At: at}, 0)
		}
		return outcome{op: network.Reshape{Shape: shape}, inputs: []string{k.prepare(network.Gather{Axis: axis, At: at}, "gather", 0)}}
	}
	end := at[len(at)-1] + step
	if end < 0 {
		end = -k.typ(0).Shape[axis] - 1 // before the first
	}
	op := network.Slice{Starts: at[:1], Ends: []int{end}, Axes: []int{axis}, Steps: []int{step}}
	if len(k.typ(1).Shape) == 1 {
		return k.flow(op, 0)
	}
	part := k.prepare(op, "slice", 0)
	return outcome{op: network.Reshape{Shape: shape}, inputs: []string{part}}
}

// prepare is prepared of one of the inputs; of a constant there is no node.
func (k *call) prepare(op network.Op, what string, input int) string {
	name, last := k.prepared(op, what, k.input(input)), len(k.before)-1
	if k.blind || len(k.errs) > 0 || !k.constant(input) {
		return name
	}
	computed, err := k.c.compute(outcome{op: op, inputs: k.before[last].Inputs, types: []network.Type{k.c.typeOf(name)}})
	if err != nil {
		k.errorf("%w", err)
	} else if computed != nil {
		k.c.values[name], k.before = computed[0], k.before[:last]
	}
	return name
}

// prepared adds a node before this one, of tensors that are there.
func (k *call) prepared(op network.Op, what string, inputs ...string) string {
	var in []network.Type
	for _, name := range inputs {
		in = append(in, k.c.typeOf(name))
	}
	types, err := op.Infer(in)
	if err != nil {
		k.errorf("%w", err)
		return inputs[0]
	}
	name := k.c.fresh(fmt.Sprintf("%s.%s", k.step, what))
	k.c.values[name] = &value{typ: types[0]}
	k.before = append(k.before, network.Node{Name: k.c.unique(name), Op: op, Inputs: inputs, Outputs: []string{name}})
	return name
}
