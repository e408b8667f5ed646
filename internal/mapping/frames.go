package mapping

import (
	"fmt"
	"maps"

	"github.com/convsim/convsim/tensor"
)

// constants computes the nodes that read nothing but constants.
func (n *net) constants() error {
	g := *n.Graph
	g.Constants, g.Nodes = maps.Clone(g.Constants), nil
	if g.Constants == nil {
		g.Constants = map[string]*tensor.Tensor{}
	}
	for _, node := range n.Graph.Nodes {
		in := make([]*tensor.Tensor, len(node.Inputs))
		all := true
		for i, name := range node.Inputs {
			if in[i] = g.Constants[name]; name != "" && in[i] == nil {
				all = false
			}
		}
		if !all {
			g.Nodes = append(g.Nodes, node)
			continue
		}
		out, err := node.Op.Reference(in)
		if err != nil {
			return fmt.Errorf("node %q (%s): %w", node.Name, node.Op.Kind(), err)
		}
		for i, name := range node.Outputs {
			if name != "" {
				g.Constants[name] = out[i]
			}
		}
	}
	n.Graph = &g
	return nil
}

// frames takes operators apart that have no stage as they are, and makes a run one frame
// where nodes mix the frames of the model.
func (n *net) frames() error {
	parted, err := n.Graph.Parted()
	if err != nil {
		return err
	}
	n.Graph = parted
	if err := n.constants(); err != nil {
		return err
	}
	whole, err := n.Graph.Whole()
	if err != nil {
		return err
	}
	if whole != n.Graph {
		if n.Plain, err = n.Graph.Types(); err != nil {
			return err
		}
		n.Graph = whole
	}
	return nil
}
