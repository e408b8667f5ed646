package sim

import (
	"fmt"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// PortUse is what a pipeline moves through the port to the DRAM. Beats are rounded up
// to whole bytes.
type PortUse struct {
	BytesPerCycle float64 `json:"bytes_per_cycle"`
	Weights       int64   `json:"weights_bytes"`
	Read          int64   `json:"read_bytes"` // of inputs
	Written       int64   `json:"written_bytes"`
	Busy          float64 `json:"busy_share"`
}

// portUse sums up what the ends at the port moved, nil where there are none.
func portUse(hw *configs.Hardware, p *pipeline.Plan, t *clock.Result) *PortUse {
	u := &PortUse{}
	moved := func(e int) int64 { return t.Edges[e].Beats * wiring.BeatBytes(p.Edges[e].Stream) }
	shared := false
	in, out := p.Wiring()
	for i, n := range p.Nodes {
		if !clock.PortOf(n.Block).Given() {
			continue
		}
		shared = true
		switch n.Block.(type) {
		case pe.Weights:
			u.Weights += moved(out[i][0])
		case wiring.Source:
			u.Read += moved(out[i][0])
		case wiring.Sink:
			u.Written += moved(in[i][0])
		}
	}
	if !shared {
		return nil
	}
	u.BytesPerCycle, _ = hw.Bandwidth() // the plan was made with it
	u.Busy = float64(u.Weights+u.Read+u.Written) / u.BytesPerCycle / float64(max(1, t.Total))
	return u
}

// text is the port in the report for people.
func (u *PortUse) text() string {
	if u == nil {
		return ""
	}
	parts := []string{fmt.Sprintf("%g bytes a cycle, busy in %.1f %%: %s of weights", u.BytesPerCycle, 100*u.Busy, group(u.Weights))}
	if u.Read > 0 {
		parts = append(parts, group(u.Read)+" of inputs")
	}
	if u.Written > 0 {
		parts = append(parts, group(u.Written)+" of outputs")
	}
	return textwrap.Lines(strings.Join(parts, ", "), "  dram         ", "               ")
}

// waitsForWeights is from which share of the cycles an array that waits for weights
// makes its layer memory-bound.
const waitsForWeights = 1 - memoryBound

// memoryBoundArrays are the nodes of arrays that wait for weights for long, in stream order.
func memoryBoundArrays(p *pipeline.Plan, t *clock.Result) []int {
	var list []int
	for _, s := range t.Stages {
		if _, ok := p.Nodes[s.Node].Block.(pe.Array); ok && float64(s.Of(clock.Throttled)) > waitsForWeights*float64(t.Total) {
			list = append(list, s.Node)
		}
	}
	return list
}
