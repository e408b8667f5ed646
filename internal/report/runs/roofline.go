package runs

import (
	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// sizes are what a frame moves and computes.
type sizes struct {
	macs        int64
	multipliers int64
	bytes       float64 // through the ports of the plan
	cycles      float64 // that the slowest port needs for its bytes
	frame       float64 // cycles from frame to frame
}

// sizesOf adds up the arrays and the ends of a plan.
func sizesOf(p *pipeline.Plan, frame float64) sizes {
	s := sizes{frame: frame}
	for _, n := range p.Nodes {
		if array, ok := n.Block.(pe.Array); ok {
			s.macs += frameMACs(array)
			s.multipliers += array.Fold.MultipliersBuilt()
		}
		if end, ok := wiring.EndOf(n.Block); ok {
			bytes := streamBytes(end.Stream)
			s.bytes += bytes
			s.cycles = max(s.cycles, bytes/perCycle(end))
		}
	}
	return s
}

// frameMACs are those of one frame; taps that read padding count.
func frameMACs(a pe.Array) int64 { return a.Fold.Shape.MACs() / int64(max(1, a.Fold.Shape.Batch)) }

func streamBytes(s sched.Stream) float64 { return float64(s.Elements()) * float64(s.Elem.Bits()) / 8 }

// perCycle is how many bytes a cycle an end moves at most, in the long run.
func perCycle(e wiring.End) float64 {
	if e.Share.Given() {
		return float64(e.Share.Num) / float64(e.Share.Den)
	}
	beat := streamBytes(e.Stream) / float64(e.Stream.Frame())
	const looked = 4096
	open, gate, t := 0, e.Pattern.Gate(), clock.Cycle(0)
	for {
		if t = gate.Next(t); t >= looked {
			return beat * float64(max(open, 1)) / looked
		}
		open++
		t++
	}
}

// roofline places the whole machine, and each layer of a network, under what bounds
// them: multipliers, ports, and the DRAM of a board.
func roofline(name string, p *pipeline.Plan, frame float64, clockMHz float64, board *resources.Board) *runpage.Roofline {
	s := sizesOf(p, frame)
	if s.macs == 0 || s.bytes == 0 || frame == 0 {
		return nil
	}
	r := &runpage.Roofline{Roofs: []runpage.Roof{
		{Name: "multipliers", Value: float64(s.multipliers)},
		{Name: "ports", Value: s.bytes / s.cycles, Slope: true},
	}}
	if board != nil && board.DRAMGBytesPS > 0 {
		r.Roofs = append(r.Roofs, runpage.Roof{Name: "DRAM of " + board.Name, Value: 1000 * board.DRAMGBytesPS / clockMHz, Slope: true})
	}
	r.Points = append(r.Points, runpage.Position{Name: name, Intensity: float64(s.macs) / s.bytes, Rate: float64(s.macs) / frame,
		Own: float64(s.multipliers)})
	r.Points = append(r.Points, within(p, frame)...)
	return r
}

// within places the layers of a network: what goes in and comes out of each are
// streams within the machine.
func within(p *pipeline.Plan, frame float64) (list []runpage.Position) {
	bytes := map[string]float64{}
	for _, e := range p.Edges {
		if from, to := p.Nodes[e.From.Node].Layer, p.Nodes[e.To.Node].Layer; from != to {
			bytes[from] += streamBytes(e.Stream)
			bytes[to] += streamBytes(e.Stream)
		}
	}
	for _, n := range p.Nodes {
		if a, ok := n.Block.(pe.Array); ok && n.Layer != "" && bytes[n.Layer] > 0 {
			macs := float64(frameMACs(a))
			list = append(list, runpage.Position{Name: n.Layer, Intensity: macs / bytes[n.Layer], Rate: macs / frame,
				Own: float64(a.Fold.MultipliersBuilt()), Within: true})
		}
	}
	return list
}
