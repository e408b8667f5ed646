package sim

import (
	"slices"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Estimate is what formulas say, to compare with what the hardware does.
type Estimate struct {
	BoundCycles int64   `json:"bound_cycles"` // the busiest stage or port, if it never waited: no run is shorter
	BoundStage  string  `json:"bound_stage"`
	Cycles      int64   `json:"cycles"`  // bound and pipeline fill
	Percent     float64 `json:"percent"` // by how much the estimate is off, of the simulated cycles
}

// estimate is what a formula gives: the stage that needs most cycles for the
// beats that outputs wait for, and the fill of window, array and output. A port
// moves no more beats than its pattern is open.
func (d *Design) estimate(frames, cycles int64) Estimate {
	e := Estimate{}
	if frames == 0 {
		return e
	}
	bound := 0 // node
	atLeast := func(node int, n int64) {
		if n > e.BoundCycles {
			e.BoundCycles, bound = n, node
		}
	}
	needs, port := d.Plan.Needs(), int64(0)
	for i, edge := range d.Plan.Edges {
		from, to := d.Plan.Nodes[edge.From.Node], d.Plan.Nodes[edge.To.Node]
		beats := (frames-1)*edge.Stream.Frame() + needs[i]
		if _, ok := from.Block.(pe.Array); ok {
			atLeast(edge.From.Node, d.Fold.ComputeCycles()*frames)
		}
		atLeast(edge.From.Node, beats)
		atLeast(edge.From.Node, atPort(from.Block, beats))
		atLeast(edge.To.Node, atPort(to.Block, beats))
		for _, end := range []int{edge.From.Node, edge.To.Node} { // what shares a port takes turns
			if share := clock.PortOf(d.Plan.Nodes[end].Block); share.Given() {
				port += beats * wiring.BeatBytes(edge.Stream)
				atLeast(end, int64(share.Alone(1, port)))
			}
		}
	}
	e.Cycles, e.BoundStage = e.BoundCycles, d.Plan.Nodes[bound].Name()
	if bound >= d.windowNode() {
		e.Cycles += d.firstWindow()
	}
	if cycles > 0 {
		e.Percent = 100 * (float64(e.Cycles) - float64(cycles)) / float64(cycles)
	}
	return e
}

// windowNode is the node that hands windows over: those after it wait for the first.
func (d *Design) windowNode() int {
	return slices.IndexFunc(d.Plan.Nodes, func(n pipeline.Node) bool { return isWindow(n.Block) })
}

func isWindow(b pipeline.Block) bool {
	switch b.(type) {
	case linebuffer.Window, linebuffer.ShiftWindow:
		return true
	}
	return false
}

// atPort is how many cycles a port takes for so many beats at least, 0 for a
// block that is none.
func atPort(b pipeline.Block, beats int64) int64 {
	if end, ok := wiring.EndOf(b); ok && !end.Share.Given() {
		return int64(clock.Opening(end.Pattern, beats-1)) + 1
	}
	return 0
}

// firstWindow is how long the first window takes to arrive: to its last tap
// through the padding, and through the source, and then beat by beat.
func (d *Design) firstWindow() int64 {
	f, arrival := d.Fold, d.Fold.LastTap()
	if source, ok := d.Plan.Nodes[0].Block.(wiring.Source); ok && !source.Share.Given() {
		before := max(0, d.Plan.First()[0]-f.PixelBeats())
		arrival = max(arrival, int64(clock.Opening(source.Pattern, before)))
	}
	return arrival + int64(f.VectorBeats())
}
