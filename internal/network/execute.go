package network

import (
	"fmt"
	"maps"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Each is called with every tensor a node makes, in the order of the nodes. An
// error ends the execution.
type Each func(node Node, name string, t *tensor.Tensor) error

// Execute computes the graph from its inputs, node by node, and returns its
// outputs by name, for tests: all tensors are kept until it ends. each may be nil.
func Execute(g *Graph, inputs map[string]*tensor.Tensor, each Each) (map[string]*tensor.Tensor, error) {
	types, err := g.Types()
	if err != nil {
		return nil, err
	}
	e := execution{types: types, values: map[string]*tensor.Tensor{}, each: each}
	maps.Copy(e.values, inputs)
	maps.Copy(e.values, g.Constants)
	for _, n := range g.Nodes {
		if err := e.node(n); err != nil {
			return nil, fmt.Errorf("node %q (%s): %w", n.Name, n.Op.Kind(), err)
		}
	}
	outputs := map[string]*tensor.Tensor{}
	for _, name := range g.Outputs {
		outputs[name] = e.values[name]
	}
	return outputs, nil
}

// execution is a graph being computed.
type execution struct {
	types  map[string]Type
	values map[string]*tensor.Tensor
	each   Each
}

func (e *execution) node(n Node) error {
	in := make([]*tensor.Tensor, len(n.Inputs))
	for i, name := range n.Inputs {
		in[i] = e.values[name] // nil for ""
	}
	out, err := n.Op.Reference(in)
	if err != nil {
		return err
	}
	for i, name := range n.Outputs {
		if name == "" {
			continue
		}
		if got, want := TypeOf(out[i]), e.types[name]; got.DType != want.DType || !slices.Equal(got.Shape, want.Shape) {
			return fmt.Errorf("output %d came out as %s; inferred: %s", i, got, want)
		}
		e.values[name] = out[i]
		if e.each != nil {
			if err := e.each(n, name, out[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
