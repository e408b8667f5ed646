package onnx

import (
	"slices"

	"github.com/convsim/convsim/internal/network"
)

var elementRules = map[string]rule{
	"Add":             combination(network.Add),
	"Sub":             combination(network.Sub),
	"Mul":             combination(network.Mul),
	"Div":             combination(network.Div),
	"Pow":             power,
	"Sum":             combination(network.Sum),
	"Mean":            combination(network.Mean),
	"Max":             combination(network.Max),
	"Min":             combination(network.Min),
	"PRelu":           prelu,
	"LeakyRelu":       func(k *call) outcome { return k.flow(network.LeakyRelu{Alpha: k.float("alpha", 0.01)}, 0) },
	"Elu":             func(k *call) outcome { return k.flow(network.Elu{Alpha: k.float("alpha", 1)}, 0) },
	"Celu":            func(k *call) outcome { return k.flow(network.Celu{Alpha: k.float("alpha", 1)}, 0) },
	"Selu":            selu,
	"ThresholdedRelu": func(k *call) outcome { return k.flow(network.ThresholdedRelu{Alpha: k.float("alpha", 1)}, 0) },
	"HardSigmoid":     hardSigmoid,
	"Gelu":            gelu,
	"Clip":            clip,
}

func selu(k *call) outcome {
	k.ignored("consumed_inputs")
	op := network.Selu{Alpha: k.float("alpha", 1.67326319217681884765625), Gamma: k.float("gamma", 1.05070102214813232421875)}
	return k.flow(op, 0)
}

func hardSigmoid(k *call) outcome {
	return k.flow(network.HardSigmoid{Alpha: k.float("alpha", 0.2), Beta: k.float("beta", 0.5)}, 0)
}

func gelu(k *call) outcome {
	return k.flow(network.Gelu{Tanh: k.word("approximate", "none", "tanh") == "tanh"}, 0)
}

// combination combines tensors element by element. Before version 7 the second one
// was broadcast along axes that an attribute names.
func combination(how network.Combination) rule {
	return func(k *call) outcome {
		k.ignored("consumed_inputs")
		if k.version >= 7 || slices.Contains([]network.Combination{network.Sum, network.Mean, network.Max, network.Min}, how) {
			return k.flow(network.Combine{How: how})
		}
		a, b := k.typ(0).Shape, k.typ(1).Shape
		broadcast := k.flag("broadcast", false)
		axis := k.integer("axis", len(a)-len(b))
		if !broadcast || k.blind || axis < 0 || axis+len(b) > len(a) || axis+len(b) == len(a) {
			if !broadcast && !slices.Equal(a, b) {
				k.errorf("shapes %v and %v; allowed without broadcast: the same", a, b)
			}
			return k.flow(network.Combine{How: how})
		}
		return k.aligned(network.Combine{How: how}, append(slices.Clone(b), ones(len(a)-axis-len(b))...))
	}
}

// ones returns that many.
func ones(n int) []int { return slices.Repeat([]int{1}, max(0, n)) }

// aligned gives input 1 another shape.
func (k *call) aligned(op network.Op, shape []int) outcome {
	return outcome{op: op, inputs: []string{k.input(0), k.prepare(network.Reshape{Shape: shape}, "reshape", 1)}}
}

// prelu aligns slopes of channels with them; before version 7 that is what the
// operator does.
func prelu(k *call) outcome {
	k.ignored("consumed_inputs")
	in, slope := k.typ(0).Shape, k.typ(1).Shape
	if k.version >= 7 || len(slope) != 1 || len(in) < 3 || slope[0] == 1 {
		return k.flow(network.PRelu{})
	}
	return k.aligned(network.PRelu{}, append(slices.Clone(slope), ones(len(in)-2)...))
}

// power may have an exponent of another type than its base.
func power(k *call) outcome {
	base, exponent := k.typ(0), k.typ(1)
	if k.version < 7 || base.DType == exponent.DType || !k.constant(1) {
		return combination(network.Pow)(k)
	}
	if base.DType == 0 {
		return outcome{}
	}
	return outcome{op: network.Combine{How: network.Pow}, inputs: []string{k.input(0), k.prepare(network.Cast{To: base.DType}, "exponent", 1)}}
}

// clip has limits that became inputs in version 11.
func clip(k *call) outcome {
	k.ignored("consumed_inputs")
	limit := func(attribute string, input int) *float64 {
		if k.version < 11 {
			if a := k.attribute(attribute, AttributeFloat); a != nil {
				v := float64(a.Float)
				return &v
			}
			return nil
		}
		if !k.has(input) {
			return nil
		}
		v := k.reals(input)
		if len(v) != 1 {
			k.errorf("input %d has %d values; allowed: one", input, len(v))
			return nil
		}
		return &v[0]
	}
	return k.flow(network.Clip{Lo: limit("min", 1), Hi: limit("max", 2)}, 0)
}
