package onnx

import (
	"fmt"
	"math"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// call is a node being converted: its inputs and attributes as a rule reads them.
type call struct {
	c       *converter
	n       *Node
	step    string // name of the node
	version int64  // of the operators of its domain
	blind   bool   // an input is unknown because of a problem that is told already
	asked   map[string]bool
	before  []network.Node
	errs    []error
}

// outcome is what a node becomes: an operator, constants, or another tensor.
type outcome struct {
	op     network.Op
	inputs []string
	types  []network.Type
	before []network.Node // what makes some of the inputs
	values []*value       // one an output
	same   string
}

func newCall(c *converter, n *Node, step string) *call {
	k := &call{c: c, n: n, step: step, asked: map[string]bool{}}
	k.version = c.versions[plain(n.Domain)]
	for i, name := range n.Inputs {
		if name == "" {
			continue
		}
		v := c.values[c.real(name)]
		if v == nil {
			k.errorf("input %d, %q, is made by nothing", i, name)
		} else if v.typ.DType == 0 && !v.constant() {
			k.blind = true
		}
	}
	return k
}

// errorf notes a mistake. Those that may come from inputs that are unknown are
// not.
func (k *call) errorf(format string, args ...any) {
	if !k.blind {
		k.errs = append(k.errs, fmt.Errorf(format, args...))
	}
}

// unsupported notes an attribute that cannot be.
func (k *call) unsupported(attribute string, value any, supported string) {
	k.errs = append(k.errs, fmt.Errorf("attribute %s is %v; supported: %s", attribute, value, supported))
}

// apply converts the node by the rule of its operator.
func (k *call) apply() outcome {
	r, err := k.rule()
	if err != nil {
		k.errs = append(k.errs, err)
	}
	if r == nil || len(k.errs) > 0 {
		return outcome{}
	}
	out := r(k)
	k.leftovers()
	if len(k.errs) > 0 || k.blind {
		return outcome{}
	}
	if out.op != nil {
		out = k.complete(out)
	}
	if most := max(len(out.types), len(out.values), 1); len(k.n.Outputs) > most {
		for i, name := range k.n.Outputs[most:] {
			if k.c.reads[name] && name != "" {
				k.errorf("output %d, %q; supported: %d outputs", most+i, name, most)
			}
		}
		k.n.Outputs = k.n.Outputs[:most]
	}
	return out
}

// complete finds the types of the outputs, and removes or computes the operator if
// that can be done.
func (k *call) complete(out outcome) outcome {
	in := make([]network.Type, len(out.inputs))
	for i, name := range out.inputs {
		in[i] = k.c.typeOf(name)
	}
	types, err := out.op.Infer(in)
	if err != nil {
		k.errorf("%w", err)
		return out
	}
	out.types, out.before = types, k.before
	if changesNothing(out.op, in[0]) {
		return outcome{same: out.inputs[0]}
	}
	if computed, err := k.c.compute(out); err != nil {
		k.errorf("%w", err)
	} else if computed != nil {
		return outcome{values: computed}
	}
	return out
}

// flow returns the outcome of an operator that reads some of the node's inputs, all
// if none are listed. Those left out at the end are dropped.
func (k *call) flow(op network.Op, inputs ...int) outcome {
	out := outcome{op: op}
	if inputs == nil {
		for i := range k.n.Inputs {
			inputs = append(inputs, i)
		}
	}
	for _, i := range inputs {
		out.inputs = append(out.inputs, k.input(i))
	}
	for len(out.inputs) > 0 && out.inputs[len(out.inputs)-1] == "" {
		out.inputs = out.inputs[:len(out.inputs)-1]
	}
	if len(out.inputs) == 0 {
		k.errorf("no inputs")
		return outcome{}
	}
	return out
}

// input returns the name of an input, empty if it is left out.
func (k *call) input(i int) string {
	if i >= len(k.n.Inputs) {
		return ""
	}
	return k.c.real(k.n.Inputs[i])
}

func (k *call) has(i int) bool { return k.input(i) != "" }

// typ returns the type of an input, the zero Type if it is left out or unknown.
func (k *call) typ(i int) network.Type { return k.c.typeOf(k.input(i)) }

// need checks that an input is there, and that its type can be read.
func (k *call) need(i int) bool {
	if !k.has(i) {
		k.errorf("input %d is missing", i)
		return false
	}
	v := k.c.values[k.input(i)]
	if v != nil && v.typ.DType == 0 && v.constant() { // of a type that cannot be read
		_, err := v.get()
		k.errorf("input %d: %w", i, err)
	}
	return v != nil && v.typ.DType != 0
}

// needs is need of the first inputs.
func (k *call) needs(inputs int) bool {
	all := true
	for i := range inputs {
		all = k.need(i) && all
	}
	return all
}

// constant reports whether an input is there and a constant.
func (k *call) constant(i int) bool {
	v := k.c.values[k.input(i)]
	return v != nil && v.constant()
}

// value returns an input that has to be a constant; nil, and a mistake noted, if it
// is none.
func (k *call) value(i int) *tensor.Tensor {
	if !k.need(i) {
		return nil
	}
	if t := k.dequantized(i); t != nil {
		return t
	}
	if !k.constant(i) {
		k.errorf("input %d, %q, is computed from inputs of the graph; supported: constants", i, k.n.Inputs[i])
		k.blind = true // what follows from it is no mistake of its own
		return nil
	}
	t, err := k.c.small(k.input(i))
	if err != nil {
		k.errorf("input %d: %w", i, err)
		k.blind = true
		return nil
	}
	return t
}

// dequantized is an input that a DequantizeLinear makes of constants: those are left to
// the operator that reads them, which here is none of integers. nil if it is something
// else.
func (k *call) dequantized(i int) *tensor.Tensor {
	n, ok := k.c.dequantized[k.input(i)]
	if !ok || size(k.typ(i)) > keep {
		return nil
	}
	t, err := k.c.small(n.Inputs[0])
	if err != nil {
		return nil
	}
	out, err := n.Op.Reference([]*tensor.Tensor{t})
	if err != nil {
		return nil
	}
	return out[0]
}

// ints returns the whole numbers of an input that has to be a constant.
func (k *call) wholes(i int) []int {
	t := k.value(i)
	if t == nil {
		return nil
	}
	if t.DType().IsFloat() {
		k.errorf("input %d is %s; expected: whole numbers", i, t)
		return nil
	}
	out := make([]int, t.Len())
	for j := range out {
		out[j] = int(t.Int(j))
	}
	return out
}

// reals returns the numbers of an input that has to be a constant.
func (k *call) reals(i int) []float64 {
	t := k.value(i)
	if t == nil {
		return nil
	}
	out := make([]float64, t.Len())
	for j := range out {
		out[j] = t.Float(j)
	}
	return out
}

// axis makes an axis one from the start.
func (k *call) axis(axis, rank int) int {
	if axis < -rank || axis >= rank {
		k.errorf("axis %d; allowed with %d axes: %d..%d", axis, rank, -rank, rank-1)
		return 0
	}
	if axis < 0 {
		axis += rank
	}
	return axis
}

// product multiplies sizes.
func product(shape []int) int {
	n, err := tensor.Elements(shape)
	if err != nil {
		return math.MaxInt
	}
	return int(n)
}
