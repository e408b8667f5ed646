package sim

import (
	"fmt"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// Report is what a run found out. Its JSON is the contract of `convsim run
// --json`; cycles count from 0, the first one out of reset.
type Report struct {
	Hardware string `json:"hardware"`
	Layer    string `json:"layer"`
	Frames   int64  `json:"frames"`

	Cycles           int64             `json:"cycles"` // up to and with the last output
	FirstOutputCycle *int64            `json:"first_output_cycle"`
	SteadyInterval   *float64          `json:"steady_interval"` // mean cycles from frame to frame, with three or more; see Steady
	Steady           *SteadyUse        `json:"steady,omitempty"`
	MACs             int64             `json:"macs"` // every tap counts, padding too
	MACsPerCycle     float64           `json:"macs_per_cycle"`
	Multipliers      int64             `json:"multipliers"`   // built
	DSPKind          resources.DSPKind `json:"dsp_kind"`      // what they are made of
	ArrayLatency     int               `json:"array_latency"` // cycles from the last operands of a sum to its result
	Utilization      float64           `json:"utilization"`   // of the multipliers built, 0..1
	ClockMHz         float64           `json:"clock_mhz"`
	LatencyUS        float64           `json:"latency_us"` // from cycle 0 to the last output of the first frame
	FPS              float64           `json:"fps"`        // from the steady interval, else frames over cycles

	Verified     *bool        `json:"verified"` // whether the outputs are accepted: Conv2d's, or allowed to overflow, and those expected; nil when not checked
	VerifiedBy   Verifier     `json:"verified_by,omitempty"`
	Verdict      Verdict      `json:"verdict,omitempty"`
	Overflow     *Overflow    `json:"overflow,omitempty"` // nil if the outputs are Conv2d's
	OutputSHA256 string       `json:"output_sha256,omitempty"`
	Expect       *Expectation `json:"expect,omitempty"`     // how the output compares with that of the layer's file
	ExpectMet    bool         `json:"expect_met,omitempty"` // the layer's file gives the output, and this is it

	Estimate   Estimate    `json:"estimate"`
	Folding    Folding     `json:"folding"`
	Bottleneck Bottleneck  `json:"bottleneck"`
	Stages     []StageUse  `json:"stages"`
	FIFOs      []FIFOUse   `json:"fifos"`
	DeeperFIFO *Deeper     `json:"deeper_fifo,omitempty"` // looked for by convsim run
	Buffers    []BufferUse `json:"buffers"`
	Timeline   *Timeline   `json:"timeline,omitempty"` // where asked for

	DRAM        *PortUse `json:"dram,omitempty"`         // where weights or tensors move through the port
	MemoryBound bool     `json:"memory_bound,omitempty"` // the array waits for weights in more than 5 % of the cycles

	Accumulator *AccumulatorUse  `json:"accumulator,omitempty"`
	Board       *resources.Fit   `json:"board,omitempty"`
	Layers      []*Report        `json:"layers"` // of a network; none for one layer
	FrameTimes  []FrameUse       `json:"frame_times"`
	Cost        resources.Amount `json:"resources"`                    // estimated
	CostByStage []resources.Row  `json:"resources_by_stage,omitempty"` // when held against a board
	NoCost      string           `json:"resources_unknown,omitempty"`  // why there is no estimate
}

// StageUse is how one stage spent its cycles; the parts sum to Total.
type StageUse struct {
	Name      string `json:"name"`
	Busy      int64  `json:"busy"`
	Starved   int64  `json:"starved"`
	Blocked   int64  `json:"blocked"`
	Other     int64  `json:"other"` // Throttled + Turnaround + Finished
	Total     int64  `json:"total"`
	StarvedOn string `json:"starved_on,omitempty"`
	BlockedOn string `json:"blocked_on,omitempty"`
	HeldBy    string `json:"held_by,omitempty"` // what throttles it, where that is no pattern of its own

	Throttled  int64 `json:"throttled"`
	Turnaround int64 `json:"turnaround"`
	Finished   int64 `json:"finished"`
	Overfull   bool  `json:"queue_overfull,omitempty"` // FINN's array has no room for its results here, and loses some
}

// FIFOUse is how full an edge got. A wire has depth 0 and holds nothing.
type FIFOUse struct {
	Name         string `json:"name"`
	Depth        int    `json:"depth"`
	Beats        int64  `json:"beats"`
	MaxOccupancy int64  `json:"max_occupancy"`
	FullCycles   int64  `json:"full_cycles"`
	EmptyCycles  int64  `json:"empty_cycles"`
}

// SteadyUse is what the steady interval is the mean of: the intervals of one
// period of the pipeline's state, or of the later half of the frames.
type SteadyUse struct {
	Least        int64 `json:"least"`         // cycles
	Most         int64 `json:"most"`          // cycles
	PeriodFrames int64 `json:"period_frames"` // after which the intervals repeat; 0: no period was found
}

// FrameUse is when one frame went in and came out.
type FrameUse struct {
	FirstIn  int64 `json:"first_in"`
	LastIn   int64 `json:"last_in"`
	FirstOut int64 `json:"first_out"`
	LastOut  int64 `json:"last_out"`
}

// mostFrameTimes is how many frames a report lists one by one.
const mostFrameTimes = 16

// AccumulatorUse is how wide the accumulators were and had to be.
type AccumulatorUse struct {
	Bits       int    `json:"bits"`
	Overflow   string `json:"overflow"`
	NeededBits int    `json:"needed_bits"` // to hold every value they would have held
	Min        int64  `json:"min"`
	Max        int64  `json:"max"`
	Overflowed bool   `json:"overflowed"`
}

// Folding is what the layer's sizes make of the arrays.
type Folding struct {
	GroupFolds   int     `json:"group_folds"`
	ChannelFolds int     `json:"channel_folds"`
	OutFolds     int     `json:"out_folds"`
	VectorBeats  int     `json:"vector_beats"` // window beats per output pixel and group fold
	PixelCycles  int64   `json:"pixel_cycles"` // of computing per output pixel
	IdleShare    float64 `json:"idle_share"`   // of multiplications in lanes without work, 0..1
}

func (d *Design) report(t *clock.Result, frames int64, pace *clock.Pace) *Report {
	bill := d.Bill()
	r := &Report{Hardware: d.Hardware.Name, Layer: d.Layer.Name, Frames: frames, Cycles: int64(t.Total), Stages: []StageUse{},
		ClockMHz: d.Hardware.ClockMHz, Multipliers: d.Fold.MultipliersBuilt(),
		DSPKind: d.Hardware.DSPKind(), ArrayLatency: d.ArrayLatency(), Layers: []*Report{}, Buffers: buffers(bill.Memories)}
	r.MACs = bill.MACs * frames
	r.FrameTimes = frameTimes(t)
	r.rates(t, frames, pace)
	r.Folding = d.folding()
	r.Stages = StageUses(t)
	r.FIFOs = fifoUses(t)
	r.DRAM, r.MemoryBound = portUse(d.Hardware, d.Plan, t), len(memoryBoundArrays(d.Plan, t)) > 0
	r.Estimate = d.estimate(frames, r.Cycles)
	r.Bottleneck = d.bottleneck(r)
	cost, err := bill.Report()
	if err != nil {
		r.NoCost = err.Error()
	}
	r.Cost = cost.Total
	return r
}

// rates fills in what follows from the cycles.
func (r *Report) rates(t *clock.Result, frames int64, pace *clock.Pace) {
	if r.Cycles == 0 {
		return
	}
	r.MACsPerCycle = float64(r.MACs) / float64(r.Cycles)
	r.Utilization = r.MACsPerCycle / float64(r.Multipliers)
	out := t.Sinks[0]
	first := int64(out[0].First)
	r.FirstOutputCycle = &first
	r.LatencyUS = float64(out[0].Last+1) / r.ClockMHz
	r.FPS = float64(frames) * r.ClockMHz * 1e6 / float64(r.Cycles)
	if pace != nil {
		r.SteadyInterval = &pace.Mean
		r.Steady = &SteadyUse{Least: int64(pace.Least), Most: int64(pace.Most), PeriodFrames: pace.Period}
		r.FPS = r.ClockMHz * 1e6 / pace.Mean
	}
}

func frameTimes(t *clock.Result) []FrameUse {
	uses := []FrameUse{}
	for i, out := range t.Sinks[0] {
		if i == mostFrameTimes {
			break
		}
		in := t.Sources[0][i]
		uses = append(uses, FrameUse{int64(in.First), int64(in.Last), int64(out.First), int64(out.Last)})
	}
	return uses
}

func stageUse(s clock.StageCycles) StageUse {
	u := StageUse{Name: s.Name, Busy: s.Of(clock.Busy), Starved: s.Of(clock.Starved), Blocked: s.Of(clock.Blocked),
		Total: s.Total(), StarvedOn: s.StarvedOn, BlockedOn: s.BlockedOn, HeldBy: s.HeldBy, Throttled: s.Of(clock.Throttled),
		Turnaround: s.Of(clock.Turnaround), Finished: s.Of(clock.Finished), Overfull: s.Overfull}
	u.Other = u.Throttled + u.Turnaround + u.Finished
	return u
}

// StageUses are the stages of a run.
func StageUses(t *clock.Result) []StageUse {
	list := []StageUse{}
	for _, s := range t.Stages {
		list = append(list, stageUse(s))
	}
	return list
}

// fifoUses lists the edges in stream order.
func fifoUses(t *clock.Result) []FIFOUse {
	uses := []FIFOUse{}
	for _, u := range t.Edges {
		uses = append(uses, FIFOUse{u.Name, u.Depth, u.Beats, u.MaxOccupancy, u.Full, u.Empty})
	}
	return uses
}

func (d *Design) folding() Folding {
	f := d.Fold
	g := Folding{GroupFolds: f.GroupFolds, ChannelFolds: f.ChannelFolds, OutFolds: f.OutFolds, VectorBeats: f.VectorBeats(),
		PixelCycles: int64(f.GroupFolds) * int64(f.VectorBeats()) * int64(f.OutFolds)}
	if f.ComputeCycles() > 0 {
		used := func(n, folds, lanes int) float64 { return float64(n) / (float64(folds) * float64(lanes)) }
		g.IdleShare = 1 - used(f.Shape.Groups, f.GroupFolds, f.Array.GroupParallel)*
			used(f.Shape.GroupInChannels(), f.ChannelFolds, f.Array.SIMD)*used(f.Shape.GroupOutChannels(), f.OutFolds, f.Array.PE)
	}
	return g
}

// Bottleneck names what sets the pace and what would relieve it.
type Bottleneck struct {
	Stage  string `json:"stage"`
	Why    string `json:"why"`
	Relief string `json:"relief"`
}

// bottleneck finds the stage that waits least: the one that sets the pace.
func (d *Design) bottleneck(r *Report) Bottleneck {
	var worst *StageUse
	pace := func(s *StageUse) int64 { return s.Busy + s.Throttled + s.Turnaround }
	for i := range r.Stages {
		if s := &r.Stages[i]; worst == nil || pace(s) > pace(worst) {
			worst = s
		}
	}
	if worst == nil || r.Cycles == 0 {
		return Bottleneck{}
	}
	share := func(n int64) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(r.Cycles)) }
	b := Bottleneck{Stage: worst.Name}
	switch {
	case worst.Throttled > worst.Busy && worst.HeldBy != "":
		b.Why = fmt.Sprintf("%s waits for %s in %s of the cycles", worst.Name, worst.HeldBy, share(worst.Throttled))
		b.Relief = "more dram.bytes_per_cycle, or weights.reuse by more pixels"
	case worst.Throttled > worst.Busy:
		b.Why = fmt.Sprintf("%s is held back by its pattern in %s of the cycles", worst.Name, share(worst.Throttled))
		b.Relief = fmt.Sprintf("a %s that is open more often", worst.Name)
		d.wide(&b)
	case worst.Turnaround > worst.Busy:
		b.Why = fmt.Sprintf("%s waits for the frame before to leave in %s of the cycles", worst.Name, share(worst.Turnaround))
		b.Relief = "window.frame_overlap: true"
	default:
		b.Why = fmt.Sprintf("%s is busy in %s of the cycles", worst.Name, share(worst.Busy))
		b.Relief = d.relief(worst.Name)
	}
	return b
}

// wide says so where a port limits that takes outputs which no requantisation has
// narrowed.
func (d *Design) wide(b *Bottleneck) {
	out := d.Layer.DType.Output
	last := d.Plan.Nodes[len(d.Plan.Nodes)-1]
	if b.Stage != last.Name() || d.Layer.Requantize != nil || out.Size() != accumulatorBytes {
		return
	}
	b.Why += fmt.Sprintf("; its outputs are %s, %d bytes an element", out, accumulatorBytes)
	if d.Hardware.Sink.Kind == configs.Rate && !out.IsFloat() {
		b.Relief += ", or outputs requantised to int8, a quarter of the bytes"
	}
}

// relief says what makes a busy stage faster.
func (d *Design) relief(stage string) string {
	f := d.Fold
	var block pipeline.Block
	for _, n := range d.Plan.Nodes {
		if n.Name() == stage {
			block = n.Block
		}
	}
	_, isSink := block.(wiring.Sink)
	_, isArray := block.(pe.Array)
	serial := f.Style == sched.Serial && f.Taps > 1
	switch {
	case isSink && f.OutFolds > 1:
		return "a larger array.pe: more output channels per beat"
	case isArray && f.OutFolds > 1:
		return fmt.Sprintf("a larger array.pe: each vector is read %d times, once per fold of output channels", f.OutFolds)
	case f.GroupFolds > 1:
		return fmt.Sprintf("a larger array.group_parallel: it takes %d turns to cover the %d groups", f.GroupFolds, f.Shape.Groups)
	case f.ChannelFolds > 1:
		return fmt.Sprintf("a larger array.simd: it takes %d beats to bring the channels of a tap", f.ChannelFolds)
	case serial && (isArray || isWindow(block)):
		return "window.style: parallel, which hands over all taps at once"
	}
	return "none in the array: it moves whole pixels each cycle already"
}
