package synth

import (
	"context"
	"fmt"

	"github.com/convsim/convsim/hdl/proof"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/resources"
)

// Family is what Yosys calls a family of devices.
type Family string

// The families, with their DSP slices.
const (
	UltraScalePlus Family = "xcup" // DSP48E2
	Series7        Family = "xc7"  // DSP48E1
)

// FamilyOf is the family with the slices of a board, or the nearest there is.
func FamilyOf(k resources.DSPKind) Family {
	if k == resources.DSP48E1 {
		return Series7
	}
	return UltraScalePlus
}

// Stage is a block or a FIFO: what it was estimated to take, and what it took.
type Stage struct {
	Name      string           `json:"stage"`
	Estimated resources.Amount `json:"estimated"`
	Measured  resources.Amount `json:"synthesized"`
	// Gap is why there is no whole estimate.
	Gap string `json:"not_estimated,omitempty"`
}

// Comparison is a design, stage by stage in stream order, FIFOs last.
type Comparison struct {
	Family     Family            `json:"family"`
	Multiplier resources.DSPKind `json:"estimated_for"`
	Stages     []Stage           `json:"stages"`
	Total      Stage             `json:"total"`
}

// Run synthesizes a project of a design.
func Run(ctx context.Context, d proof.Design, p *proof.Project, f Family) (*Comparison, error) {
	if err := Present(); err != nil {
		return nil, err
	}
	n, err := synthesize(ctx, p, f)
	if err != nil {
		return nil, err
	}
	return compare(d, p, f, n)
}

// compare holds a netlist against the estimate.
func compare(d proof.Design, p *proof.Project, f Family, n *netlist) (*Comparison, error) {
	c := &Comparison{Family: f, Multiplier: d.DSP, Total: Stage{Name: "total"}}
	device := resources.Device{DSP: d.DSP, ClockMHz: d.ClockMHz}
	for i, path := range p.Circuit.Nodes {
		if path == "" {
			continue
		}
		node := d.Plan.Nodes[i]
		report, gaps := resources.Price(&pipeline.Plan{Nodes: []pipeline.Node{node}}, device).Partly()
		if err := c.stage(node.Name(), report.Total, gaps, n, p, path); err != nil {
			return nil, err
		}
	}
	for i, w := range p.Circuit.Edges {
		if w.FIFO == "" {
			continue
		}
		e := d.Plan.Edges[i]
		fifo := resources.FIFO{Depth: e.Depth, WidthBits: e.Stream.Bits()}
		if err := c.stage("fifo "+e.Name, fifo.Cost(device), nil, n, p, w.FIFO); err != nil {
			return nil, err
		}
	}
	whole, ok := n.sums[p.Name]
	if !ok {
		return nil, fmt.Errorf("the netlist: no module %s", p.Name)
	}
	c.Stages = append(c.Stages, Stage{Name: "ports", Measured: whole.Plus(c.Total.Measured.Times(-1))})
	c.Total.Measured = whole
	return c, nil
}

// stage adds a stage and what it comes to.
func (c *Comparison) stage(name string, estimate resources.Amount, gaps []resources.Gap, n *netlist, p *proof.Project, path string) error {
	s := Stage{Name: name, Estimated: estimate}
	for _, g := range gaps {
		s.Gap = g.Why
	}
	var err error
	if s.Measured, err = n.at(p.Name, path); err != nil {
		return err
	}
	c.Stages = append(c.Stages, s)
	c.Total.Estimated = c.Total.Estimated.Plus(s.Estimated)
	c.Total.Measured = c.Total.Measured.Plus(s.Measured)
	return nil
}
