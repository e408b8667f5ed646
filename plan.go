package convsim

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sim"
)

// Plan is a layer on a hardware as a machine: blocks joined by FIFOs.
type Plan struct{ design *sim.Design }

// Map plans a layer on a hardware. Its error is an *Invalid.
func Map(l Layer, hw Hardware) (*Plan, error) {
	layer, layerErr := l.config()
	h, hwErr := hw.config()
	if err := errors.Join(layerErr, hwErr); err != nil {
		return nil, invalid(err)
	}
	d, err := sim.NewDesign(h, layer)
	if err != nil {
		return nil, invalid(err)
	}
	return &Plan{d}, nil
}

// check refuses a plan that Map has not made.
func (p *Plan) check() error {
	if p == nil || p.design == nil {
		return &Invalid{[]string{"plan: empty; allowed: one made by Map"}}
	}
	return nil
}

// Blocks names the blocks of the plan, upstream first.
func (p *Plan) Blocks() []string {
	if p.check() != nil {
		return nil
	}
	return blocks(p.design.Plan)
}

// Edges lists the edges of the plan, upstream first.
func (p *Plan) Edges() []Edge {
	if p.check() != nil {
		return nil
	}
	return edges(p.design.Plan)
}

// String draws the plan, an edge a line: "pad -[2]-> window" with what crosses it in a
// frame.
func (p *Plan) String() string {
	if err := p.check(); err != nil {
		return err.Error()
	}
	return drawn(p.design.Plan)
}

// Edge is a FIFO between two blocks; one of depth 0 is a wire.
type Edge struct {
	Name  string
	Depth int   // beats
	Bits  int   // of a beat
	Beats int64 // of a frame
}

func blocks(p *pipeline.Plan) []string {
	names := make([]string, len(p.Nodes))
	for i, n := range p.Nodes {
		names[i] = n.Name()
	}
	return names
}

func edges(p *pipeline.Plan) []Edge {
	list := make([]Edge, len(p.Edges))
	for i, e := range p.Edges {
		list[i] = Edge{e.Name, e.Depth, e.Stream.Bits(), e.Stream.Frame()}
	}
	return list
}

// drawn is a plan as text.
func drawn(p *pipeline.Plan) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	for _, e := range p.Edges {
		link := "->"
		if e.Depth > 0 {
			link = fmt.Sprintf("-[%d]->", e.Depth)
		}
		fmt.Fprintf(w, "%s %s %s\t%d beats of %d bits\n", p.Nodes[e.From.Node].Name(), link, p.Nodes[e.To.Node].Name(), e.Stream.Frame(), e.Stream.Bits())
	}
	_ = w.Flush() // a builder takes everything
	return b.String()
}
