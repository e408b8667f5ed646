package sim

import (
	"fmt"
	"maps"
	"slices"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/tensor"
)

// NodeOverflow is an accumulator of a network that did not hold its sums.
type NodeOverflow struct {
	Accumulator conv.Accumulator
	BitsNeeded  int  // would hold every sum
	Allowed     bool // accumulator.allow_overflow
}

func (o *NodeOverflow) String() string {
	remedy := ""
	if o.BitsNeeded > conv.MaxAccumulatorBits {
		remedy = ", more than an accumulator can have"
	}
	if !o.Allowed {
		remedy += "; accumulator.allow_overflow: true accepts it"
	}
	return fmt.Sprintf("its accumulators overflow (%s); %d bits would do%s", o.Accumulator, o.BitsNeeded, remedy)
}

// held is what a node makes whose accumulators overflow, where the hardware allows that:
// of the sums that they hold, added up in the order of the array. nil where they hold all.
func (n *Network) held(i int, node network.Node, o *NodeOverflow, in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	op, ok := node.Op.(network.Finishing)
	if o == nil || !o.Allowed || !ok {
		return nil, nil
	}
	array := n.Arrays[i]
	a, c := n.Plan.Nodes[array].Block.(pe.Array), n.Constants[array]
	k := n.stream(node)
	x := in[k].Int32s(nil, 0, in[k].Len())
	for e := range x {
		x[e] -= a.Zero
	}
	p := n.product(i, node, array, in)
	var bias []int32
	if c["bias"] != nil {
		bias = c["bias"].Int32s(nil, 0, c["bias"].Len())
	}
	sums := conv.ReferenceInt(p.shape, a.Fold.Order(), a.Accumulator, arranged(p, x, in[k].Shape()), withoutZeros(c["weight"], c["weight_zero"]), bias)
	return op.Finish(in, restored(p, sums.Held))
}

// withoutZeros are weights, output channels first, without their zero points.
func withoutZeros(w, zero *tensor.Tensor) []int32 {
	out := w.Int32s(nil, 0, w.Len())
	if zero == nil {
		return out
	}
	for i := range out {
		out[i] -= int32(zero.Int(i / (w.Len() / w.Shape()[0]) % zero.Len()))
	}
	return out
}

// overflows are the nodes of the graph, by number, whose accumulators overflowed.
func (n *Network) overflows(kernels []flow.Kernel) map[int]*NodeOverflow {
	found := map[int]*NodeOverflow{}
	for node, at := range n.Arrays {
		k, ok := kernels[at].(pe.Summing)
		a, isArray := n.Plan.Nodes[at].Block.(pe.Array)
		if !ok || !isArray || a.Sum.IsFloat() {
			continue
		}
		held := k.Held()
		if lo, hi := a.Accumulator.Range(); held.Min < lo || held.Max > hi {
			found[node] = &NodeOverflow{a.Accumulator, held.NeededBits(), n.Hardware.Of(n.Plan.Nodes[at].Layer).Accumulator.AllowOverflow}
		}
	}
	return found
}

// OverflowUse is a layer whose accumulators did not hold their sums.
type OverflowUse struct {
	Layer      string `json:"layer"`
	Bits       int    `json:"bits"`        // that there are
	BitsNeeded int    `json:"bits_needed"` // would hold every sum
	Allowed    bool   `json:"allowed"`     // accumulator.allow_overflow
}

func (o OverflowUse) text() string {
	verdict := "a failed check where it shows"
	if o.Allowed {
		verdict = "as the hardware allows"
	}
	return textwrap.Lines(fmt.Sprintf("accumulators of %s need %d bits, %d there: %s", clip(o.Layer, 44), o.BitsNeeded, o.Bits, verdict),
		"  overflow     ", "               ")
}

// overflowUses are the layers of a run, in the order of the graph.
func (n *Network) overflowUses(out *NetworkOutcome) []OverflowUse {
	var list []OverflowUse
	for _, i := range slices.Sorted(maps.Keys(out.overflows)) {
		o := out.overflows[i]
		list = append(list, OverflowUse{n.Plan.Nodes[n.Arrays[i]].Layer, o.Accumulator.Bits, o.BitsNeeded, o.Allowed})
	}
	return list
}
