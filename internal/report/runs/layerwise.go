package runs

import (
	"context"
	"fmt"
	"strings"

	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/probe"
	"github.com/convsim/convsim/sim"
)

// LayerwiseHistories is how many runs each history of a run layer by layer may hold.
func LayerwiseHistories(l *sim.Layerwise) int {
	const stages = 2 // of a node, at most, as a rule
	histories := 0
	for _, s := range l.Steps {
		histories += stages*len(s.Plan.Nodes) + 2*len(s.Plan.Edges)
	}
	return runpage.PerHistory(histories)
}

// OfLayerwise is the page of a run layer by layer that kept its histories: the machine
// of every layer, each at work when it is that layer's turn.
func OfLayerwise(ctx context.Context, l *sim.Layerwise, r *sim.LayerwiseReport, out *sim.LayerwiseOutcome) (runpage.Run, error) {
	if len(out.Steps) == 0 || len(out.Steps[0].Time.Histories) == 0 {
		return runpage.Run{}, errNothing
	}
	f := figures{cycles: r.Cycles, frames: r.Frames, clockMHz: r.ClockMHz, latencyUS: r.LatencyUS, fps: r.FPS,
		utilization: r.Utilization, macsPerCycle: r.MACsPerCycle, multipliers: r.Multipliers, verified: r.Verified}
	run := runpage.Run{Title: r.Model + " on " + r.Hardware, ClockMHz: r.ClockMHz, Cycles: r.Cycles, Facts: f.facts(),
		Subtitle: fmt.Sprintf("%s, %d layers one after the other on one array", plural(r.Frames, "frame"), len(r.Layers)),
		Limits:   layerwiseLimits(r), Roofline: layerwiseRoofline(r), NoCost: "none is made of one array for all layers"}
	run.Facts[1].Label, run.Facts[1].Note = "Whole run", "all frames"
	if r.FirstLoad > 0 {
		run.First = append(run.First, runpage.Step{Name: "constants of the first layer", First: r.FirstLoad, Last: r.FirstLoad, Adds: r.FirstLoad})
	}
	var passing runpage.History // of the edges: behind those of all stages
	made := map[string]int{}    // the node that writes a tensor
	for i, use := range r.Layers {
		turn := out.Steps[i]
		passes(&run, l.Steps[i], made)
		passing = append(passing, machineOfLayer(&run, use, turn, r.Multipliers, len(passing))...)
		adds := use.Cycles
		if i == len(r.Layers)-1 {
			adds = r.FirstOutputCycle - use.Start
		}
		// The next layer has its results when all of them are there.
		run.First = append(run.First, runpage.Step{Name: use.Name, In: use.Start, First: use.Start + adds, Last: use.Start + use.Cycles, Adds: adds})
	}
	for i := range run.Edges {
		e := &run.Edges[i]
		e.In, e.Out = e.In+len(run.Stages), e.Out+len(run.Stages)
	}
	run.Histories = append(run.Histories, passing...)
	var turns []*probe.Turn
	for i, use := range r.Layers {
		t := alone(ctx, out.Steps[i].Plan, out.Steps[i].Time, r.Frames)
		t.Layer, t.Start = use.Name, clock.Cycle(use.Start)+out.Steps[i].Load
		turns = append(turns, t)
	}
	return run, levels(ctx, &run, turns...)
}

// passes adds the tensors that a step reads, whose machine comes next among the nodes.
func passes(run *runpage.Run, s *mapping.Step, made map[string]int) {
	for i, in := range s.Graph.Inputs {
		if from, there := made[in.Name]; there {
			bits := int64(in.Type.DType.Bits())
			for _, n := range in.Type.Shape[1:] {
				bits *= int64(n)
			}
			run.Passes = append(run.Passes, runpage.Pass{Tensor: in.Name, From: from, To: len(run.Nodes) + s.Inputs[i], Bytes: (bits + 7) / 8})
		}
	}
	for i, name := range s.Graph.Outputs {
		made[name] = len(run.Nodes) + s.Outputs[i]
	}
}

// machineOfLayer adds the machine of one layer, and what it did in its turn. It returns
// the histories of its edges, which count them behind those of edges before.
func machineOfLayer(run *runpage.Run, use sim.LayerwiseUse, turn sim.StepTime, multipliers int64, edgesBefore int) (passing runpage.History) {
	own := runpage.Run{}
	machine(&own, turn.Plan, turn.Time)
	nodes, stages := len(run.Nodes), len(own.Stages)
	before := clock.Cycle(use.Start) + turn.Load
	after := clock.Cycle(run.Cycles) - before - turn.Time.Total
	for i, h := range own.Histories {
		if h = h.Between(before, after); i < stages {
			run.Histories = append(run.Histories, h)
		} else {
			passing = append(passing, h)
		}
	}
	for _, n := range own.Nodes {
		n.Name = strings.TrimPrefix(pipeline.Within(n.Layer, n.Name), use.Name+".")
		n.Layer = use.Name
		run.Nodes = append(run.Nodes, n)
	}
	busiest := len(run.Stages)
	for _, s := range own.Stages {
		s.Node += nodes
		s.Shares[clock.Finished] += int64(before + after)
		run.Stages = append(run.Stages, s)
		if s.Shares[clock.Busy] > run.Stages[busiest].Shares[clock.Busy] {
			busiest = len(run.Stages) - 1
		}
	}
	for _, e := range own.Edges {
		e.From, e.To, e.In, e.Out = e.From+nodes, e.To+nodes, e.In-stages+edgesBefore, e.Out-stages+edgesBefore
		run.Edges = append(run.Edges, e)
	}
	layer := runpage.Layer{Name: use.Name, Stage: busiest, MACs: use.MACs, Limit: layerwiseLimit(use)}
	if use.MACs > 0 {
		layer.Multipliers, layer.Utilization = multipliers, float64(use.MACs)/float64(multipliers)/float64(max(1, use.Cycles))
	}
	run.Layers = append(run.Layers, layer)
	return passing
}

// layerwiseLimit says what keeps a layer from going faster.
func layerwiseLimit(use sim.LayerwiseUse) string {
	text := "computing"
	if use.Bound == sim.MemoryBound {
		text = "waits for the DRAM port"
	}
	if use.Load > 0 {
		text += fmt.Sprintf(", after %s of loading constants", plural(use.Load, "cycle"))
	}
	return text
}

// layerwiseLimits says it of the whole run.
func layerwiseLimits(r *sim.LayerwiseReport) string {
	longest := 0
	for i, l := range r.Layers {
		if l.Cycles > r.Layers[longest].Cycles {
			longest = i
		}
	}
	l := r.Layers[longest]
	return fmt.Sprintf("%s takes longest, %.1f %% of the cycles; %d of %s are memory-bound; the port to the DRAM is busy in %.1f %%",
		l.Name, 100*float64(l.Cycles)/float64(r.Cycles), len(r.MemoryBound), plural(int64(len(r.Layers)), "layer"), 100*r.DRAM.Busy)
}

// layerwiseRoofline places the run and each layer under the one array and the one port
// to the DRAM.
func layerwiseRoofline(r *sim.LayerwiseReport) *runpage.Roofline {
	bytes := float64(r.DRAM.Read + r.DRAM.Written + r.DRAM.Constants)
	if r.MACs == 0 || bytes == 0 {
		return nil
	}
	own := float64(r.Multipliers)
	roof := &runpage.Roofline{Roofs: []runpage.Roof{{Name: "multipliers", Value: own}, {Name: "DRAM", Value: r.DRAM.BytesPerCycle, Slope: true}},
		Points: []runpage.Position{{Name: r.Model, Intensity: float64(r.MACs) / bytes, Rate: r.MACsPerCycle, Own: own}}}
	for _, l := range r.Layers {
		if moved := float64(l.Read + l.Written + l.Constants); l.MACs > 0 && moved > 0 {
			roof.Points = append(roof.Points, runpage.Position{Name: l.Name, Intensity: float64(l.MACs) / moved,
				Rate: float64(l.MACs) / float64(l.Cycles), Own: own, Within: true})
		}
	}
	return roof
}
