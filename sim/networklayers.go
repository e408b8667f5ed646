package sim

import (
	"strings"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// LayerUse is one layer of a network. Cycles are those of its busiest stage.
type LayerUse struct {
	Name        string  `json:"name"`
	MACs        int64   `json:"macs"`
	Multipliers int64   `json:"multipliers"`
	Utilization float64 `json:"utilization"` // of them, over the whole run, 0..1
	Busiest     string  `json:"busiest"`     // stage
	Busy        int64   `json:"busy"`
	BusyShare   float64 `json:"busy_share"`
	Starved     int64   `json:"starved"`
	Blocked     int64   `json:"blocked"`
	Other       int64   `json:"other"`
	WaitsOn     string  `json:"waits_on,omitempty"` // the FIFO it waits for in most of the cycles it waits

	Cycles           int64   `json:"cycles"`             // from its first beat on, until the last of its stages has finished
	FirstOutputCycle *int64  `json:"first_output_cycle"` // in which its first beat leaves for another layer
	Interval         float64 `json:"interval"`           // cycles of a frame it works or turns round: it could not be faster

	WeightBytes int64 `json:"weights_bytes,omitempty"`     // that come through the port to the DRAM
	NoWeights   int64 `json:"waits_for_weights,omitempty"` // cycles of the array

	Cost     resources.Amount `json:"resources"`                   // estimated, with the FIFOs in front
	NoCost   string           `json:"resources_unknown,omitempty"` // what is left out of them, and why
	Overfull bool             `json:"queue_overfull,omitempty"`    // FINN's array has no room for its results here, and loses some
}

// layers sums the stages up by layer, in stream order.
func (r *NetworkReport) layers(p *pipeline.Plan, t *clock.Result) {
	at := map[string]int{}
	for _, n := range p.Nodes {
		if _, known := at[n.Layer]; !known {
			at[n.Layer] = len(r.Layers)
			r.Layers = append(r.Layers, LayerUse{Name: n.Layer})
		}
		if a, ok := n.Block.(pe.Array); ok {
			l := &r.Layers[at[n.Layer]]
			l.MACs += a.Fold.Shape.MACs() * r.Frames
			l.Multipliers += a.Fold.MultipliersBuilt()
			r.MACs += l.MACs
			r.Multipliers += l.Multipliers
		}
	}
	most := int64(-1)
	for i, s := range r.Stages {
		l := &r.Layers[at[p.Nodes[t.Stages[i].Node].Layer]]
		l.add(s, r)
		l.Cycles = max(l.Cycles, r.Cycles-s.Finished)
		l.Overfull = l.Overfull || t.Stages[i].Overfull
		if s.Busy > most {
			most, r.Bottleneck = s.Busy, s.Name
		}
	}
	for i, e := range p.Edges {
		from, to := p.Nodes[e.From.Node].Layer, p.Nodes[e.To.Node].Layer
		if first := int64(t.Edges[i].First); from != to && first >= 0 && t.Edges[i].First < t.Total {
			r.Layers[at[from]].leaves(first)
		}
	}
	begins := beginnings(p, t)
	all := float64(max(1, r.Cycles)) * float64(max(1, len(r.Layers)))
	for i := range r.Layers {
		r.Layers[i].Cycles -= begins[r.Layers[i].Name]
		r.BusyShare += float64(r.Layers[i].Busy) / all
		r.StarvedShare += float64(r.Layers[i].Starved) / all
		r.BlockedShare += float64(r.Layers[i].Blocked) / all
		if l := &r.Layers[i]; l.Multipliers > 0 && r.Cycles > 0 {
			l.Utilization = float64(l.MACs) / (float64(l.Multipliers) * float64(r.Cycles))
		}
	}
}

// beginnings are the cycles of the first beats that layers take or hand on.
func beginnings(p *pipeline.Plan, t *clock.Result) map[string]int64 {
	first := map[string]int64{}
	for i, e := range p.Edges {
		for _, node := range []int{e.From.Node, e.To.Node} {
			layer, at := p.Nodes[node].Layer, int64(t.Edges[i].First)
			if before, known := first[layer]; at >= 0 && at < int64(t.Total) && (!known || at < before) {
				first[layer] = at
			}
		}
	}
	return first
}

// port fills in what moves through the port to the DRAM, and who waits for it.
func (r *NetworkReport) port(n *Network, t *clock.Result) {
	if r.DRAM = portUse(n.Hardware, n.Plan, t); r.DRAM == nil {
		return
	}
	at := map[string]*LayerUse{}
	for i := range r.Layers {
		at[r.Layers[i].Name] = &r.Layers[i]
	}
	_, out := n.Plan.Wiring()
	for i, node := range n.Plan.Nodes {
		if _, ok := node.Block.(pe.Weights); ok {
			e := out[i][0]
			at[node.Layer].WeightBytes += t.Edges[e].Beats * wiring.BeatBytes(n.Plan.Edges[e].Stream)
		}
	}
	for _, s := range t.Stages {
		if _, ok := n.Plan.Nodes[s.Node].Block.(pe.Array); ok {
			at[n.Plan.Nodes[s.Node].Layer].NoWeights += s.Of(clock.Throttled)
		}
	}
	for _, i := range memoryBoundArrays(n.Plan, t) {
		r.MemoryBound = append(r.MemoryBound, n.Plan.Nodes[i].Layer)
	}
}

// add takes a stage of the layer into account, if it is the busiest so far.
func (l *LayerUse) add(s StageUse, r *NetworkReport) {
	if l.Busiest != "" && s.Busy <= l.Busy {
		return
	}
	l.Busiest = strings.TrimPrefix(s.Name, l.Name+".")
	l.Busy, l.Starved, l.Blocked, l.Other = s.Busy, s.Starved, s.Blocked, s.Other
	l.BusyShare = float64(s.Busy) / float64(max(1, r.Cycles))
	l.Interval = float64(s.Busy+s.Turnaround) / float64(max(1, r.Frames))
	switch {
	case s.Starved > 0 && s.Starved >= s.Blocked:
		l.WaitsOn = s.StarvedOn
	case s.Blocked > 0:
		l.WaitsOn = s.BlockedOn
	default:
		l.WaitsOn = ""
	}
}

// leaves notes a first beat that leaves the layer.
func (l *LayerUse) leaves(first int64) {
	if l.FirstOutputCycle == nil || first < *l.FirstOutputCycle {
		l.FirstOutputCycle = &first
	}
}

// costs puts what the plan costs down to the layers, and holds it against the board.
func (r *NetworkReport) costs(n *Network) {
	bill := resources.Price(n.Plan, resources.Device{DSP: n.Hardware.DSPKind(), ClockMHz: n.Hardware.ClockMHz})
	cost, gaps := bill.Partly()
	at := map[string]*LayerUse{}
	for i := range r.Layers {
		at[r.Layers[i].Name] = &r.Layers[i]
	}
	for _, row := range cost.Rows {
		l := at[row.Layer]
		l.Cost = l.Cost.Plus(row.Amount)
	}
	for _, g := range gaps {
		l := at[g.Layer]
		if l.NoCost != "" {
			l.NoCost += "; "
		}
		l.NoCost += g.Why
		r.Gaps = append(r.Gaps, g.Layer+": "+g.Why)
	}
	r.Cost = cost.Total
	if board := n.Hardware.Device(); board != nil {
		fit := resources.Fits(cost, *board)
		fit.AddTraffic(float64(bill.DRAMBytes())*r.FPS, *board)
		if w := n.Hardware.SetAside(); w != "" {
			fit.Warnings = append(fit.Warnings, w)
		}
		r.Board = &fit
	}
}
