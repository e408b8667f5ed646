package network

import (
	"fmt"
	"maps"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Lower returns the network as integer hardware computes it: what stands
// between DequantizeLinear and QuantizeLinear becomes an operator of integers.
//
//   - Conv, ConvTranspose, Gemm, MatMul, GlobalAveragePool, then any Relu and Clip:
//     an integer accumulator, requantised. Biases have to be whole in units of the
//     accumulator.
//   - functions of one 8-bit tensor, constants included: a Table
//   - MaxPool and what only moves elements: the same operator on integers, behind
//     the QuantizeLinear
//   - Concat, AveragePool, Softmax: ONNX Runtime's operators, which are defined so
//
// Everything else stays as it is, each node by itself. Where the sums of floats are
// exact, all tensors that are left are the same bit for bit; otherwise the integer
// operator is the definition. Tensors keep their names, those that are new have
// "_quantized" behind the name of what they are made of, and nodes whose results
// nobody needs any more are gone.
func Lower(g *Graph) (*Graph, error) {
	types, err := g.Types()
	if err != nil {
		return nil, err
	}
	l := lowering{types: types, maker: map[string]Node{}, uses: g.uses(), constants: maps.Clone(g.Constants)}
	if l.constants == nil {
		l.constants = map[string]*tensor.Tensor{}
	}
	out := &Graph{Name: g.Name, Inputs: g.Inputs, Outputs: g.Outputs, Constants: l.constants}
	for _, n := range g.Nodes {
		for _, name := range n.Outputs {
			l.maker[name] = n
		}
		lowered, err := l.node(n, maxMoves)
		if err != nil {
			return nil, fmt.Errorf("node %q (%s): %w", n.Name, n.Op.Kind(), err)
		}
		out.Nodes = append(out.Nodes, lowered...)
	}
	out.dropUnused()
	return out, out.Check()
}

// lowering is a graph being lowered. It looks at the graph as it was: tensors
// keep their names.
type lowering struct {
	types     map[string]Type
	maker     map[string]Node // tensor -> the node that makes it
	uses      map[string]int
	constants map[string]*tensor.Tensor
}

// rule makes an operator of integers of what ends in a QuantizeLinear, or says
// that it does not apply.
type rule func(l *lowering, n Node, q Quant) (Node, bool, error)

// node returns what becomes of a node, which may pass so many that move elements.
func (l *lowering) node(n Node, moves int) ([]Node, error) {
	switch op := n.Op.(type) {
	case QLinearSigmoid:
		return l.table(n, op.X, op.Y.DType)
	case QLinearLeakyRelu:
		return l.table(n, op.X, op.Y.DType)
	case QuantizeLinear:
		if !op.Y.single() {
			return []Node{n}, nil
		}
		for _, apply := range []rule{(*lowering).function, (*lowering).floats, (*lowering).accumulator} {
			lowered, ok, err := apply(l, n, op.Y)
			if ok || err != nil {
				return []Node{lowered}, err
			}
		}
		return l.move(n, op.Y, moves)
	}
	return []Node{n}, nil
}

// dequantized returns the node that makes floats of integers with one scale, if
// that is what makes a tensor.
func (l *lowering) dequantized(name string) (integers string, x Quant, ok bool) {
	d, ok := l.maker[name].Op.(DequantizeLinear)
	if !ok || !d.X.single() || !slices.Contains(narrow, d.X.DType) {
		return "", Quant{}, false
	}
	return l.maker[name].Inputs[0], d.X, true
}

// own names a new node after the operator that does the work, if nobody else needs
// that one.
func (l *lowering) own(work, quantize Node) string {
	if l.uses[work.Outputs[0]] == 1 {
		return work.Name
	}
	return quantize.Name
}

// dropUnused removes nodes and constants that no output depends on.
func (g *Graph) dropUnused() {
	needed := map[string]bool{}
	for _, name := range g.Outputs {
		needed[name] = true
	}
	var kept []Node
	for _, n := range slices.Backward(g.Nodes) {
		if !slices.ContainsFunc(n.Outputs, func(name string) bool { return needed[name] }) {
			continue
		}
		kept = append(kept, n)
		for _, name := range n.Inputs {
			needed[name] = true
		}
	}
	slices.Reverse(kept)
	g.Nodes = kept
	maps.DeleteFunc(g.Constants, func(name string, _ *tensor.Tensor) bool { return !needed[name] })
}

// uses counts how often each tensor is read, as an output of the graph too.
func (g *Graph) uses() map[string]int {
	uses := map[string]int{}
	for _, n := range g.Nodes {
		for _, name := range n.Inputs {
			uses[name]++
		}
	}
	for _, name := range g.Outputs {
		uses[name]++
	}
	return uses
}
