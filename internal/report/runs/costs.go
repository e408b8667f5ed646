package runs

import (
	"strings"

	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline"
)

// costs prices a plan, by stage or by layer, and holds it against a board.
func costs(run *runpage.Run, p *pipeline.Plan, d resources.Device, fps float64, board *resources.Board) {
	bill := resources.Price(p, d)
	cost, err := bill.Report()
	if err != nil {
		run.NoCost = strings.ReplaceAll(err.Error(), "\n", "; ")
		return
	}
	layers := map[string]bool{}
	for _, n := range p.Nodes {
		layers[n.Layer] = true
	}
	at := map[string]int{}
	for _, r := range cost.Rows {
		name := owner(r.Stage, layers)
		i, known := at[name]
		if !known {
			i = len(run.Costs)
			at[name] = i
			run.Costs = append(run.Costs, runpage.Cost{Name: name})
		}
		c := &run.Costs[i]
		c.DSP, c.LUT, c.FF, c.BRAM, c.URAM = c.DSP+r.DSP, c.LUT+r.LUT, c.FF+r.FF, c.BRAM+r.BRAM18, c.URAM+r.URAM
	}
	if board == nil {
		return
	}
	fit := resources.Fits(cost, *board)
	fit.AddTraffic(float64(bill.DRAMBytes())*fps, *board)
	b := &runpage.Board{Name: fit.Board, Fits: fit.Fits, Warnings: fit.Warnings}
	for _, u := range fit.Uses {
		b.Uses = append(b.Uses, runpage.Use{Resource: string(u.Resource), Used: float64(u.Used), Available: float64(u.Available), Tight: u.Tight})
	}
	if fit.DRAM != nil && fit.DRAM.Available > 0 {
		b.Uses = append(b.Uses, runpage.Use{Resource: "DRAM", Used: fit.DRAM.Used, Available: fit.DRAM.Available, Unit: "GB/s"})
	}
	run.Board = b
}

// owner is whom a row of the bill is put down to: in a network a layer, or all FIFOs
// between layers together.
func owner(stage string, layers map[string]bool) string {
	name, fifo := strings.CutPrefix(stage, "fifo ")
	for cut := len(name); cut > 0; cut = strings.LastIndexByte(name[:cut], '.') {
		if layers[name[:cut]] && name[:cut] != "" {
			return name[:cut]
		}
	}
	if fifo && len(layers) > 1 {
		return "FIFOs between layers"
	}
	return stage
}
