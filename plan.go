package convsim

import (
	"github.com/convsim/convsim/sim"
)

// Plan is a layer on a hardware as a machine: blocks joined by FIFOs.
type Plan struct{ design *sim.Design }

// Map plans a layer on a hardware. Its error is an *Invalid.
func Map(l Layer, hw Hardware) (*Plan, error) {
	layer, err := l.config()
	if err != nil {
		return nil, err
	}
	h, err := hw.config()
	if err != nil {
		return nil, err
	}
	d, err := sim.NewDesign(h, layer)
	if err != nil {
		return nil, invalid(err)
	}
	return &Plan{d}, nil
}

// Blocks names the blocks of the plan, upstream first.
func (p *Plan) Blocks() []string {
	names := make([]string, len(p.design.Plan.Nodes))
	for i, n := range p.design.Plan.Nodes {
		names[i] = n.Name()
	}
	return names
}

// Edge is a FIFO between two blocks; one of depth 0 is a wire.
type Edge struct {
	Name  string
	Depth int   // beats
	Bits  int   // of a beat
	Beats int64 // of a frame
}

// Edges lists the edges of the plan, upstream first.
func (p *Plan) Edges() []Edge {
	list := make([]Edge, len(p.design.Plan.Edges))
	for i, e := range p.design.Plan.Edges {
		list[i] = Edge{e.Name, e.Depth, e.Stream.Bits(), e.Stream.Frame()}
	}
	return list
}
