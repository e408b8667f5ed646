package sim

import (
	"cmp"
	"context"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Subject is what is explained: a layer or a network on a hardware.
type Subject struct {
	Name     string
	Hardware *configs.Hardware
	Layer    string // the name of the layer, "" of a network
	plan     func(*configs.Hardware) (*pipeline.Plan, error)
}

// LayerSubject explains a layer.
func LayerSubject(hw *configs.Hardware, layer *configs.Layer) Subject {
	return Subject{layer.Name, hw, layer.Name, func(hw *configs.Hardware) (*pipeline.Plan, error) {
		d, err := mapping.Map(hw, layer, mapping.Streaming)
		if err != nil {
			return nil, err
		}
		return d.Plan, nil
	}}
}

// NetworkSubject explains a network as one pipeline.
func NetworkSubject(hw *configs.Hardware, g *network.Graph) Subject {
	return Subject{g.Name, hw, "", func(hw *configs.Hardware) (*pipeline.Plan, error) {
		n, err := mapping.MapNetwork(hw, g)
		if err != nil {
			return nil, err
		}
		return n.Plan, nil
	}}
}

// Explanation says why a machine is no faster, and what would make it so.
type Explanation struct {
	Hardware string  `json:"hardware"`
	Name     string  `json:"name"`
	Frames   int     `json:"frames"`
	Interval float64 `json:"interval"` // cycles a frame
	FPS      float64 `json:"fps"`

	Slowest    Cause    `json:"slowest"`
	Equals     []string `json:"as_slow"`    // layers that are about as slow as it
	Upstream   []Cause  `json:"upstream"`   // from it to a source
	Downstream []Cause  `json:"downstream"` // from it to a sink
	Tried      int      `json:"tried"`      // changes, each simulated
	Changes    []Change `json:"changes"`    // the cheapest that help
}

// Cause is what a stage does while the slowest one is at work.
type Cause struct {
	Stage   string `json:"stage"`
	Layer   string `json:"layer,omitempty"`
	Does    string `json:"does"` // what it does most: busy, starved, blocked, throttled, turnaround, finished
	Cycles  int64  `json:"cycles"`
	Of      int64  `json:"of"`
	WaitsOn string `json:"waits_on,omitempty"` // a FIFO, or the port or the weights that hold it back
}

// Change is something that could be different.
type Change struct {
	Gain
	More resources.Amount `json:"more"` // resources; fewer are negative
}

// Gain is what a change would do.
type Gain struct {
	What     string  `json:"change"` // as in a hardware file
	Interval float64 `json:"interval"`
	Percent  float64 `json:"percent"` // fewer cycles a frame

	price float64 // share of the board
}

func (c *Change) gain() *Gain { return &c.Gain }

// machineRun is a plan and how it runs.
type machineRun struct {
	plan     *pipeline.Plan
	time     *clock.Result
	interval float64
	cost     resources.Amount
}

// explainer tries changes.
type explainer struct {
	Subject
	ctx    context.Context
	frames int
	now    *machineRun
	limits []int // nodes that are about as slow as the slowest, which comes first
}

// Explain runs a machine for some frames, three or more, and looks for what holds it
// up and for what would help. A design that deadlocks is its *clock.Deadlock.
func Explain(ctx context.Context, s Subject, frames int, progress func(done, total int)) (*Explanation, error) {
	e := &explainer{Subject: s, ctx: ctx, frames: frames}
	now, err := e.run(s.Hardware)
	if err != nil {
		return nil, err
	}
	e.now = now
	x := &Explanation{Hardware: s.Hardware.Name, Name: s.Name, Frames: frames, Interval: now.interval,
		FPS: s.Hardware.ClockMHz * 1e6 / max(1, now.interval), Equals: []string{}}
	e.limits = limits(now)
	e.chain(x)
	for _, n := range e.limits[1:] {
		if l := now.plan.Nodes[n].Layer; l != x.Slowest.Layer && !slices.Contains(x.Equals, l) {
			x.Equals = append(x.Equals, l)
		}
	}
	return x, e.changes(x, progress)
}

// run plans and solves the subject on a hardware.
func (e *explainer) run(hw *configs.Hardware) (*machineRun, error) {
	p, err := e.plan(hw)
	if err != nil {
		return nil, err
	}
	t, err := clock.Solve(p, clock.Options{Frames: int64(e.frames), Done: e.ctx.Done()})
	if e.ctx.Err() != nil {
		return nil, context.Cause(e.ctx)
	}
	if err != nil {
		return nil, err
	}
	m := &machineRun{plan: p, time: t, interval: float64(t.Total) / float64(e.frames)}
	pace, err := Steady(p, t, int64(e.frames), TimeOptions{Done: e.ctx.Done()})
	if err != nil {
		return nil, cmp.Or(context.Cause(e.ctx), err)
	}
	if pace != nil {
		m.interval = pace.Mean
	}
	cost, _ := resources.Price(p, resources.Device{DSP: hw.DSPKind(), ClockMHz: hw.ClockMHz}).Partly()
	m.cost = cost.Total
	return m, nil
}

// work is in how many cycles a stage could not have done more.
func workOf(s clock.StageCycles) int64 {
	return s.Of(clock.Busy) + s.Of(clock.Throttled) + s.Of(clock.Turnaround)
}

// asSlow is from which share of the slowest stage's work a stage is about as slow.
const asSlow = 0.95

// limits are the nodes of the stages that work most, the slowest one first.
func limits(m *machineRun) []int {
	stages := slices.Clone(m.time.Stages)
	slices.SortStableFunc(stages, func(a, b clock.StageCycles) int { return int(max(-1, min(1, workOf(b)-workOf(a)))) })
	var list []int
	for _, s := range stages {
		if float64(workOf(s)) >= asSlow*float64(workOf(stages[0])) && !slices.Contains(list, s.Node) {
			list = append(list, s.Node)
		}
	}
	return list
}
