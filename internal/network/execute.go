package network

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Each is called with every tensor a node makes, in the order of the nodes. An
// error ends the execution.
type Each func(node Node, name string, t *tensor.Tensor) error

// Execute computes the graph from its inputs, node by node, and returns its
// outputs by name. Tensors are let go after their last use. each may be nil.
func Execute(ctx context.Context, g *Graph, inputs map[string]*tensor.Tensor, each Each) (map[string]*tensor.Tensor, error) {
	types, err := g.Types()
	if err != nil {
		return nil, err
	}
	if err := g.checkInputs(inputs); err != nil {
		return nil, err
	}
	e := execution{types: types, values: maps.Clone(inputs), uses: g.uses(), each: each}
	if e.values == nil {
		e.values = map[string]*tensor.Tensor{}
	}
	maps.Copy(e.values, g.Constants)
	for _, n := range g.Nodes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
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

// checkInputs finds all inputs that are missing, unknown or of another type.
func (g *Graph) checkInputs(inputs map[string]*tensor.Tensor) error {
	var errs []error
	known := map[string]bool{}
	for _, in := range g.Inputs {
		known[in.Name] = true
		switch t := TypeOf(inputs[in.Name]); {
		case t.DType == 0:
			errs = append(errs, fmt.Errorf("input %q is missing; wanted: %s", in.Name, in.Type))
		case t.DType != in.Type.DType || !slices.Equal(t.Shape, in.Type.Shape):
			errs = append(errs, fmt.Errorf("input %q is %s; wanted: %s", in.Name, t, in.Type))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(inputs)) {
		if !known[name] {
			errs = append(errs, fmt.Errorf("the graph has no input %q", name))
		}
	}
	return errors.Join(errs...)
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

// execution is a graph being computed.
type execution struct {
	types  map[string]Type
	values map[string]*tensor.Tensor // made and still needed
	uses   map[string]int            // left of each tensor
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
		if e.each != nil {
			if err := e.each(n, name, out[i]); err != nil {
				return err
			}
		}
		if e.uses[name] > 0 {
			e.values[name] = out[i]
		}
	}
	for _, name := range n.Inputs {
		if e.uses[name]--; e.uses[name] == 0 {
			delete(e.values, name)
		}
	}
	return nil
}
