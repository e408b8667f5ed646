package sim

import (
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline/clock"
)

// Bill is what the network costs on an FPGA, and the work of one image.
func (n *Network) Bill() *resources.Bill {
	return resources.Price(n.Plan, resources.Device{DSP: n.Hardware.DSPKind(), ClockMHz: n.Hardware.ClockMHz})
}

// MultipliersBuilt are those of all arrays.
func (n *Network) MultipliersBuilt() int64 {
	built := int64(0)
	for _, node := range n.Plan.Nodes {
		if a, ok := node.Block.(pe.Array); ok {
			built += a.Fold.MultipliersBuilt()
		}
	}
	return built
}

// Pace is that of Design: the time of a run of so many frames, as its report has it.
func (n *Network) Pace(frames int64, w *clock.Workspace) (Pace, error) {
	p, _, err := n.PaceAndRoom(frames, w)
	return p, err
}

// PaceAndRoom is that of Design.
func (n *Network) PaceAndRoom(frames int64, w *clock.Workspace) (Pace, clock.Room, error) {
	room := clock.NewRoom(n.Plan)
	r, err := clock.Solve(n.Plan, clock.Options{Frames: frames, Work: w})
	if err != nil {
		room.Full()
		return Pace{}, room, err
	}
	room.Ran(r)
	p := Pace{Cycles: int64(r.Total)}
	if last := len(r.Sinks) - 1; last >= 0 && len(r.Sinks[last]) > 0 {
		p.Latency = int64(r.Sinks[last][0].Last) + 1
	}
	pace, err := steady(n.Plan, r, frames, TimeOptions{Work: w}, room)
	if pace != nil {
		p.Interval = pace.Mean
	}
	return p, room, err
}

// Bound is a pace that no run of so many frames can beat: what the busiest edge or
// array needs if it never waits, of the last frame what outputs need.
func (n *Network) Bound(frames int64) Pace {
	var p Pace
	for i, need := range n.Plan.Needs() {
		if need == 0 {
			continue
		}
		e := n.Plan.Edges[i]
		p.Latency = max(p.Latency, need)
		p.Cycles = max(p.Cycles, (frames-1)*e.Stream.Frame()+need)
		if a, ok := n.Plan.Nodes[e.From.Node].Block.(pe.Array); ok {
			p.Cycles = max(p.Cycles, (frames-1)*a.Fold.ComputeCycles())
		}
	}
	if last := len(n.Outputs) - 1; last >= 0 && frames >= 3 {
		in, _ := n.Plan.Nodes[n.Outputs[last]].Block.Streams()
		p.Interval = float64(in[0].Frame())
	}
	return p
}

// TimingKey appends what decides Pace.
func (n *Network) TimingKey(dst []byte, frames int64) []byte {
	return clock.AppendPlan(clock.AppendInts(dst, frames), n.Plan)
}

// TimingShape is that of Design.
func (n *Network) TimingShape(dst []byte, frames int64) ([]byte, clock.Room) {
	return clock.AppendShape(clock.AppendInts(dst, frames), n.Plan), clock.NewRoom(n.Plan)
}

// MayOverflow is that of Design, of any array.
func (n *Network) MayOverflow() bool {
	for i, node := range n.Plan.Nodes {
		a, ok := node.Block.(pe.Array)
		if !ok || a.Sum.IsFloat() {
			continue
		}
		zeros := []int64{0}
		if t := n.Constants[i]["weight_zero"]; t != nil && t.Len() > 0 {
			zeros = nil
			for k := range t.Len() {
				zeros = append(zeros, t.Int(k))
			}
		}
		if mayOverflow(operands{a.Elem, a.Weight, int64(a.Zero), zeros}, int64(a.Fold.Shape.Taps()), a.Accumulator) {
			return true
		}
	}
	return false
}
