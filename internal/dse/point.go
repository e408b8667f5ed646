package dse

import (
	"errors"
	"fmt"
	"math"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/space"
	"github.com/convsim/convsim/internal/dse/template"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// layerUse is a layer and how often the workload has one like it; or a whole network.
type layerUse struct {
	name  string
	layer *configs.Layer
	graph *network.Graph // nil: layer
	times int64
}

// machine is a planned pipeline, of a layer or of a network.
type machine interface {
	Bill() *resources.Bill
	MultipliersBuilt() int64
	MayOverflow() bool
	PaceAndRoom(frames int64, w *clock.Workspace) (sim.Pace, clock.Room, error)
	Bound(frames int64) sim.Pace
	TimingShape(dst []byte, frames int64) ([]byte, clock.Room)
}

// on plans the layer, or the network, on a hardware.
func (u layerUse) on(hw *configs.Hardware) (machine, error) {
	if u.graph != nil {
		return sim.NewNetwork(hw, u.graph)
	}
	return sim.NewDesign(hw, u.layer)
}

// uses are the pipelines of the sweep.
func (s *Sweep) uses() []layerUse {
	if s.graph != nil {
		return []layerUse{{name: s.graph.Name, graph: s.graph, times: 1}}
	}
	return distinctLayers(s.layers, s.Definition.Layers)
}

// distinctLayers folds layers that differ in name only.
func distinctLayers(layers []*configs.Layer, ids []definition.LayerID) []layerUse {
	var uses []layerUse
	at := map[string]int{}
	for i, layer := range layers {
		if known, seen := at[ids[i].Hash]; seen {
			uses[known].times++
			continue
		}
		at[ids[i].Hash] = len(uses)
		uses = append(uses, layerUse{name: layer.Name, layer: layer, times: 1})
	}
	return uses
}

// point is a legal point: its hardware, and a design per distinct layer.
type point struct {
	index   int64
	values  []space.Value
	hw      *configs.Hardware
	designs []machine
}

// prepare builds the hardware of a point and its designs. An error says why the point is illegal.
func (e *evaluator) prepare(index int64) (*point, error) {
	p := &point{index: index, values: e.sweep.Axes.Point(index)}
	hw, err := e.hardware(index, p.values)
	if err != nil {
		return p, err
	}
	p.hw = hw
	for _, use := range e.layers {
		d, err := use.on(hw)
		if err != nil {
			return p, e.ofLayer(use, err)
		}
		p.designs = append(p.designs, d)
	}
	return p, nil
}

// ofLayer says which layer an error is about, if there is a choice.
func (e *evaluator) ofLayer(use layerUse, err error) error {
	if len(e.layers) == 1 {
		return errors.New(template.OneLine(err))
	}
	return fmt.Errorf("layer %s: %s", use.name, template.OneLine(err))
}

// static are the metrics that need no simulation. One array runs all layers of a workload, one after the other: it
// costs the maximum of each resource, and energy and MACs add up. A network is one pipeline of all its layers.
func (e *evaluator) static(p *point) metric.Values {
	m := metric.Unknown()
	m[metric.MACs], m[metric.Multipliers], m[metric.Energy], m[metric.MayOverflow] = 0, 0, 0, 0
	var most resources.Amount
	buffers, estimated := 0, true
	for i, d := range p.designs {
		bill := d.Bill()
		m[metric.MACs] += float64(bill.MACs * e.layers[i].times)
		m[metric.Energy] += e.sweep.Definition.Energy.Inference(bill).TotalPJ * float64(e.layers[i].times)
		m[metric.Multipliers] = max(m[metric.Multipliers], float64(d.MultipliersBuilt()))
		if d.MayOverflow() {
			m[metric.MayOverflow] = 1
		}
		cost, gaps := bill.Partly()
		if len(gaps) > 0 && (e.layers[i].graph == nil || e.sweep.Definition.Layers[i].Float) {
			estimated = false // arrays of floating-point units have no cost model
			continue
		}
		most = larger(most, cost.Total)
		buffers = max(buffers, cost.Total.BRAM18-constantBlocks(bill))
	}
	if estimated {
		e.setResources(&m, most, buffers)
	}
	return m
}

func (e *evaluator) setResources(m *metric.Values, most resources.Amount, buffers int) {
	m[metric.DSP], m[metric.LUT], m[metric.FF] = float64(most.DSP), float64(most.LUT), float64(most.FF)
	m[metric.BRAM18], m[metric.URAM], m[metric.BufferBRAM18] = float64(most.BRAM18), float64(most.URAM), float64(buffers)
	if board := e.sweep.Definition.Board; board != nil {
		m[metric.Fits] = 0
		if resources.Fits(resources.Report{Total: most}, *board).Fits {
			m[metric.Fits] = 1
		}
	}
}

func larger(a, b resources.Amount) resources.Amount {
	return resources.Amount{DSP: max(a.DSP, b.DSP), LUT: max(a.LUT, b.LUT), FF: max(a.FF, b.FF),
		BRAM18: max(a.BRAM18, b.BRAM18), URAM: max(a.URAM, b.URAM)}
}

// constantBlocks are the block RAMs that are filled before a run.
func constantBlocks(b *resources.Bill) int {
	n := 0
	for _, m := range b.Memories {
		if m.Constant {
			n += m.Cost.BRAM18
		}
	}
	return n
}

// setTimes fills in what follows from the paces of the layers, or from bounds on these.
func (e *evaluator) setTimes(m *metric.Values, p *point, paces []sim.Pace) {
	frames, mhz := e.sweep.Definition.Frames, p.hw.ClockMHz
	var sum sim.Pace
	for i, pace := range paces {
		times := e.layers[i].times
		sum.Cycles += times * pace.Cycles
		sum.Latency += times * pace.Latency
		sum.Interval += float64(times) * pace.Interval
	}
	m[metric.Cycles], m[metric.Latency] = float64(sum.Cycles), float64(sum.Latency)
	m[metric.LatencyUS] = float64(sum.Latency) / mhz
	m[metric.FPS] = ratio(float64(frames)*mhz*1e6, float64(sum.Cycles))
	if frames >= 3 {
		m[metric.Interval] = sum.Interval
		m[metric.FPS] = ratio(mhz*1e6, sum.Interval)
	}
	m[metric.MACsPerCycle] = ratio(m[metric.MACs]*float64(frames), m[metric.Cycles])
	m[metric.Utilization] = ratio(m[metric.MACsPerCycle], m[metric.Multipliers])
}

// ratio is NaN where there is none.
func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

// bound returns the metrics with every time at the bound of its kind: from below, rates from above.
func (e *evaluator) bound(p *point, static metric.Values) metric.Values {
	paces := make([]sim.Pace, len(p.designs))
	for i, d := range p.designs {
		paces[i] = d.Bound(e.sweep.Definition.Frames)
	}
	e.setTimes(&static, p, paces)
	return static
}

// time runs the time plane of all layers. An error says why the design does not finish.
func (e *evaluator) time(m *metric.Values, p *point) error {
	paces := make([]sim.Pace, len(p.designs))
	for i, d := range p.designs {
		pace, err := e.paces.of(d, e.sweep.Definition.Frames)
		if err != nil {
			return e.ofLayer(e.layers[i], err)
		}
		paces[i] = pace
	}
	e.setTimes(m, p, paces)
	return nil
}

// whyNot is a failure of the time plane in one line.
func whyNot(err error) error {
	var dead *clock.Deadlock
	if errors.As(err, &dead) {
		return errors.New(sim.DeadlockText(dead))
	}
	return err
}
