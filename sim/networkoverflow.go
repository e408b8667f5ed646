package sim

import (
	"fmt"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/flow"
)

// NodeOverflow is an accumulator of a network that did not hold its sums.
type NodeOverflow struct {
	Accumulator conv.Accumulator
	BitsNeeded  int // would hold every sum
}

func (o *NodeOverflow) String() string {
	remedy := ""
	if o.BitsNeeded > conv.MaxAccumulatorBits {
		remedy = ", more than an accumulator can have"
	}
	return fmt.Sprintf("its accumulators overflow (%s); %d bits would do%s", o.Accumulator, o.BitsNeeded, remedy)
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
			found[node] = &NodeOverflow{a.Accumulator, held.NeededBits()}
		}
	}
	return found
}
