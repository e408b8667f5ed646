package runs

import (
	"fmt"

	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Histories is how many runs the history of each stage and edge of a plan may hold.
func Histories(p *pipeline.Plan) int {
	const stages = 2 // of a node, at most, as a rule
	return runpage.PerHistory(stages*len(p.Nodes) + 2*len(p.Edges))
}

// machine draws a plan and its time.
func machine(run *runpage.Run, p *pipeline.Plan, t *clock.Result) {
	for _, n := range p.Nodes {
		run.Nodes = append(run.Nodes, runpage.Node{Name: n.Block.Kind(), Layer: n.Layer, Detail: detail(n.Block)})
	}
	for i, s := range t.Stages {
		run.Stages = append(run.Stages, runpage.Stage{Name: s.Name, Node: s.Node, Shares: s.Cycles, StarvedOn: s.StarvedOn, BlockedOn: s.BlockedOn})
		run.Histories = append(run.Histories, t.Histories[i])
	}
	for i, e := range p.Edges {
		u, passing := t.Edges[i], t.Passing[i]
		edge := runpage.Edge{Name: e.Name, From: e.From.Node, To: e.To.Node, Depth: e.Depth, Bits: e.Stream.Bits(),
			Beats: u.Beats, Most: u.MaxOccupancy, Full: u.Full, Empty: u.Empty, Out: len(run.Histories)}
		run.Histories = append(run.Histories, passing.Out)
		edge.In = edge.Out
		if passing.In != passing.Out {
			edge.In = len(run.Histories)
			run.Histories = append(run.Histories, passing.In)
		}
		run.Edges = append(run.Edges, edge)
	}
	frames(run, t)
	run.First = first(p, t)
}

// detail says what is special about a block, in a few words.
func detail(b pipeline.Block) string {
	switch b := b.(type) {
	case pe.Array:
		return fmt.Sprintf("%d multipliers", b.Fold.MultipliersBuilt())
	case linebuffer.Window, linebuffer.ShiftWindow:
		in, out := b.Streams()
		return fmt.Sprintf("%d to %d lanes", in[0].Lanes, out[0].Lanes)
	}
	return ""
}

// mostFrames is how many frames a page marks.
const mostFrames = 2000

// frames are the first of them, and when they went in and came out. An end that is
// not there has no times.
func frames(run *runpage.Run, t *clock.Result) {
	if len(t.Sinks) == 0 || len(t.Sources) == 0 {
		return
	}
	in, out := t.Sources[0], t.Sinks[len(t.Sinks)-1]
	for i := range min(len(in), len(out), mostFrames) {
		run.Frames = append(run.Frames, runpage.Frame{FirstIn: int64(in[i].First), LastIn: int64(in[i].Last),
			FirstOut: int64(out[i].First), LastOut: int64(out[i].Last)})
	}
}
