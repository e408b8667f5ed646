package sim

import (
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline/clock"
)

// NetworkReport is what a run of a network found out. Cycles count from 0, the first
// one out of reset.
type NetworkReport struct {
	Hardware string `json:"hardware"`
	Model    string `json:"model"`
	Frames   int64  `json:"frames"`

	Cycles           int64      `json:"cycles"`
	FirstOutputCycle int64      `json:"first_output_cycle"`
	SteadyInterval   *float64   `json:"steady_interval"`
	Steady           *SteadyUse `json:"steady,omitempty"`
	MACs             int64      `json:"macs"` // of all frames; taps that read padding count
	MACsPerCycle     float64    `json:"macs_per_cycle"`
	Multipliers      int64      `json:"multipliers"` // built, all layers together
	Utilization      float64    `json:"utilization"` // of the multipliers built, 0..1
	BusyShare        float64    `json:"busy_share"`  // these three: means of the layers' busiest stages, 0..1
	StarvedShare     float64    `json:"starved_share"`
	BlockedShare     float64    `json:"blocked_share"`
	ClockMHz         float64    `json:"clock_mhz"`
	LatencyUS        float64    `json:"latency_us"`
	FPS              float64    `json:"fps"`

	Verified      *bool             `json:"verified"`
	NodesVerified int               `json:"nodes_verified"`
	VerifiedBy    map[Verifier]int  `json:"nodes_verified_by,omitempty"` // nodes by what they were compared with
	OutputSHA256  map[string]string `json:"output_sha256,omitempty"`     // by output
	Overflow      []OverflowUse     `json:"overflow,omitempty"`          // of accumulators that did not hold their sums
	Top           [][]Class         `json:"top_classes,omitempty"`       // of a classifier, frame by frame

	Cost  resources.Amount `json:"resources"`                   // estimated
	Gaps  []string         `json:"resources_without,omitempty"` // what is left out of them, and why
	Board *resources.Fit   `json:"board,omitempty"`

	DRAM        *PortUse `json:"dram,omitempty"`         // where weights or tensors move through the port
	MemoryBound []string `json:"memory_bound,omitempty"` // layers whose arrays wait for weights in more than 5 % of the cycles

	Bottleneck string     `json:"bottleneck"` // the stage that waits least
	Layers     []LayerUse `json:"layers"`
	Stages     []StageUse `json:"stages"`
	FIFOs      []FIFOUse  `json:"fifos"`
	Timeline   *Timeline  `json:"timeline,omitempty"` // where asked for

	of     int    // layers, shown or not
	values string // what is said of the values in place of the usual words
}

// verifiers counts nodes by what they were compared with.
func verifiers(checked, second int) map[Verifier]int {
	if checked == 0 {
		return nil
	}
	by := map[Verifier]int{ByDefinition: checked - second}
	if second > 0 {
		by[BySecond] = second
	}
	return by
}

// Report sums a run up.
func (n *Network) Report(out *NetworkOutcome, o Options) *NetworkReport {
	t := out.Time
	r := &NetworkReport{Hardware: n.Hardware.Name, Model: n.Graph.Name, Frames: int64(n.Frames()), Cycles: int64(t.Total),
		ClockMHz: n.Hardware.ClockMHz, FIFOs: fifoUses(t), NodesVerified: out.Checked, Timeline: out.Timeline}
	if o.Frames > 0 {
		r.Frames = int64(o.Frames)
	}
	r.Stages = StageUses(t)
	r.layers(n.Plan, t)
	r.port(n, t)
	r.rates(t, out.Pace)
	r.costs(n)
	r.Verified, r.VerifiedBy = verified(out.Checked, out.Wrong), verifiers(out.Checked, out.Second)
	r.OutputSHA256 = digests(out.Outputs)
	r.Top = classesOf(out.Outputs, n.Graph.Outputs)
	r.Overflow = n.overflowUses(out)
	return r
}

// rates fills in what follows from the cycles.
func (r *NetworkReport) rates(t *clock.Result, pace *clock.Pace) {
	if r.Cycles == 0 || len(t.Sinks) == 0 || len(t.Sinks[0]) == 0 {
		return
	}
	r.MACsPerCycle = float64(r.MACs) / float64(r.Cycles)
	if r.Multipliers > 0 {
		r.Utilization = r.MACsPerCycle / float64(r.Multipliers)
	}
	out := t.Sinks[len(t.Sinks)-1]
	r.FirstOutputCycle = int64(out[0].First)
	r.LatencyUS = float64(out[0].Last+1) / r.ClockMHz
	r.FPS = float64(r.Frames) * r.ClockMHz * 1e6 / float64(r.Cycles)
	if pace != nil {
		r.SteadyInterval = &pace.Mean
		r.Steady = &SteadyUse{Least: int64(pace.Least), Most: int64(pace.Most), PeriodFrames: pace.Period}
		r.FPS = r.ClockMHz * 1e6 / pace.Mean
	}
}
