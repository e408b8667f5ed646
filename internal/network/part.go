package network

import (
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Part returns some nodes of a graph, by number and rising, as a graph of their own.
// Its inputs are the tensors that nodes outside make, or the graph is given, in the
// order in which they are read; its outputs those that others read or the graph gives.
// types are those of the whole graph. Constants are shared.
func (g *Graph) Part(nodes []int, types map[string]Type) *Graph {
	p := &Graph{Name: g.Name, Constants: map[string]*tensor.Tensor{}}
	made := map[string]bool{}
	for _, i := range nodes {
		n := g.Nodes[i]
		p.Nodes = append(p.Nodes, n)
		for _, name := range n.Inputs {
			c, constant := g.Constants[name]
			switch {
			case name == "" || made[name]:
			case constant:
				p.Constants[name] = c
			case !slices.ContainsFunc(p.Inputs, func(in Input) bool { return in.Name == name }):
				p.Inputs = append(p.Inputs, Input{name, types[name]})
			}
		}
		for _, name := range n.Outputs {
			made[name] = name != ""
		}
	}
	wanted := g.wanted(nodes)
	for _, n := range p.Nodes {
		for _, name := range n.Outputs {
			if wanted[name] {
				p.Outputs = append(p.Outputs, name)
			}
		}
	}
	return p
}

// wanted are the tensors that are read by nodes other than the given ones, or leave
// the graph.
func (g *Graph) wanted(nodes []int) map[string]bool {
	wanted := map[string]bool{}
	for _, name := range g.Outputs {
		wanted[name] = true
	}
	for i, n := range g.Nodes {
		if !slices.Contains(nodes, i) {
			for _, name := range n.Inputs {
				wanted[name] = true
			}
		}
	}
	delete(wanted, "")
	return wanted
}

// Readers lists, by tensor, the numbers of the nodes that read it, once for each time
// they do.
func (g *Graph) Readers() map[string][]int {
	readers := map[string][]int{}
	for i, n := range g.Nodes {
		for _, name := range n.Inputs {
			if name != "" {
				readers[name] = append(readers[name], i)
			}
		}
	}
	return readers
}
