package synth

import (
	"context"
	"fmt"

	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline"
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
	var paths []string
	for _, path := range p.Circuit.Nodes {
		if path != "" {
			paths = append(paths, path)
		}
	}
	for _, w := range p.Circuit.Edges {
		if w.FIFO != "" {
			paths = append(paths, w.FIFO)
		}
	}
	whole, ok := n.sums[p.Name]
	if !ok {
		return nil, fmt.Errorf("the netlist: no module %s", p.Name)
	}
	c.Total.Measured = whole
	for i, s := range estimates(d) {
		c.Total.Estimated = c.Total.Estimated.Plus(s.Estimated)
		s.Measured = whole
		if i < len(paths) {
			var err error
			if s.Measured, err = n.at(p.Name, paths[i]); err != nil {
				return nil, err
			}
		}
		whole = whole.Plus(s.Measured.Times(-1))
		c.Stages = append(c.Stages, s)
	}
	return c, nil
}

// estimates are those of the blocks, the FIFOs, and the ports.
func estimates(d proof.Design) []Stage {
	var list, ports []Stage
	device := resources.Device{DSP: d.DSP, ClockMHz: d.ClockMHz}
	in, out := d.Plan.Wiring()
	for i, n := range d.Plan.Nodes {
		s := Stage{Name: n.Name()}
		report, gaps := resources.Price(&pipeline.Plan{Nodes: []pipeline.Node{n}}, device).Partly()
		for _, g := range gaps {
			s.Gap = g.Why
		}
		s.Estimated = report.Total
		if len(in[i]) == 0 || len(out[i]) == 0 {
			ports = append(ports, s)
			continue
		}
		list = append(list, s)
	}
	for _, e := range d.Plan.Edges {
		if e.Depth > 0 {
			fifo := resources.FIFO{Depth: e.Depth, Latency: e.Latency, WidthBits: e.Stream.Bits()}
			list = append(list, Stage{Name: "fifo " + e.Name, Estimated: fifo.Cost(device)})
		}
	}
	whole := Stage{Name: "ports"}
	for _, p := range ports {
		whole.Estimated = whole.Estimated.Plus(p.Estimated)
	}
	return append(list, whole)
}
