package difference

import (
	"fmt"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sim"
)

// Run is what is compared of a run.
type Run struct {
	File     string
	Kind     Kind
	Hardware string
	Workload string // name of the layer or the model
	Cycles   int64
	Frames   int64

	Settings []configs.Setting // of the hardware file; nil if there is only the report
	Reported []configs.Setting // what the report says of the design
	Figures  []Figure
	Stages   []sim.StageUse // none layer by layer
	Layers   []Layer        // of a network
	FIFOs    []sim.FIFOUse  // none layer by layer
	Cost     *resources.Amount
	Gaps     []string          // what is left out of the cost, and why
	Outputs  map[string]string // digests by name, if values ran
}

// Kind says whose report a run is.
type Kind string

// The kinds.
const (
	OneLayer  Kind = "layer"
	Network   Kind = "network"
	Layerwise Kind = "layerwise"
)

// Figure is a number about a whole run, by its key in the report.
type Figure struct {
	Key   string
	Value *float64 // nil where the report has none
}

// Layer is a layer of a network.
type Layer struct {
	Name        string
	Multipliers int64   // of its own, so none layer by layer
	Cycles      float64 // of a frame, which it needs at least; layer by layer: of all frames
	Limit       string  // its busiest stage; layer by layer: what bounds it
}

func figure[N int64 | float64](key string, value N) Figure {
	v := float64(value)
	return Figure{key, &v}
}

// ofLayer is the run of a layer; one that is no convolution has no folds.
func ofLayer(r *sim.Report) *Run {
	run := &Run{Kind: OneLayer, Hardware: r.Hardware, Workload: r.Layer, Cycles: r.Cycles, Frames: r.Frames, Stages: r.Stages, FIFOs: r.FIFOs, Cost: &r.Cost}
	if r.NoCost != "" {
		run.Gaps = []string{r.NoCost}
	}
	if r.OutputSHA256 != "" {
		run.Outputs = map[string]string{"": r.OutputSHA256}
	}
	first := Figure{Key: "first_output_cycle"}
	if r.FirstOutputCycle != nil {
		first = figure(first.Key, *r.FirstOutputCycle)
	}
	run.Figures = []Figure{figure("frames", r.Frames), figure("cycles", r.Cycles), first, {"steady_interval", r.SteadyInterval},
		figure("latency_us", r.LatencyUS), figure("fps", r.FPS), figure("clock_mhz", r.ClockMHz), figure("macs", r.MACs),
		figure("macs_per_cycle", r.MACsPerCycle), figure("multipliers", r.Multipliers), figure("utilization", r.Utilization)}
	run.say("dsp_kind", r.DSPKind)
	if f := r.Folding; f != (sim.Folding{}) {
		run.say("array_latency", r.ArrayLatency)
		run.say("folding.group_folds", f.GroupFolds)
		run.say("folding.channel_folds", f.ChannelFolds)
		run.say("folding.out_folds", f.OutFolds)
		run.say("folding.vector_beats", f.VectorBeats)
	}
	for _, b := range r.Buffers {
		run.say("buffers."+b.Name, fmt.Sprintf("%d x %d bits", b.Depth, b.WidthBits))
	}
	if a := r.Accumulator; a != nil {
		run.say("accumulator.bits", a.Bits)
		run.say("accumulator.overflow", a.Overflow)
	}
	return run
}

// ofNetwork is the run of a network as one pipeline.
func ofNetwork(r *sim.NetworkReport) *Run {
	run := &Run{Kind: Network, Hardware: r.Hardware, Workload: r.Model, Cycles: r.Cycles, Frames: r.Frames, Stages: r.Stages, FIFOs: r.FIFOs,
		Cost: &r.Cost, Gaps: r.Gaps, Outputs: r.OutputSHA256}
	run.Figures = []Figure{figure("frames", r.Frames), figure("cycles", r.Cycles), figure("first_output_cycle", r.FirstOutputCycle),
		{"steady_interval", r.SteadyInterval}, figure("latency_us", r.LatencyUS), figure("fps", r.FPS), figure("clock_mhz", r.ClockMHz),
		figure("macs", r.MACs), figure("macs_per_cycle", r.MACsPerCycle), figure("multipliers", r.Multipliers), figure("utilization", r.Utilization)}
	run.say("mode", configs.Streaming)
	for _, l := range r.Layers {
		run.Layers = append(run.Layers, Layer{l.Name, l.Multipliers, l.Interval, l.Busiest})
		run.say("layers."+l.Name+".multipliers", l.Multipliers)
	}
	return run
}

// ofLayerwise is the run of a network layer by layer.
func ofLayerwise(r *sim.LayerwiseReport) *Run {
	run := &Run{Kind: Layerwise, Hardware: r.Hardware, Workload: r.Model, Cycles: r.Cycles, Frames: r.Frames, Outputs: r.Outputs}
	d := r.DRAM
	run.Figures = []Figure{figure("frames", r.Frames), figure("cycles", r.Cycles), figure("first_output_cycle", r.FirstOutputCycle),
		{"steady_interval", r.SteadyInterval}, figure("latency_us", r.LatencyUS), figure("fps", r.FPS), figure("clock_mhz", r.ClockMHz),
		figure("macs", r.MACs), figure("macs_per_cycle", r.MACsPerCycle), figure("multipliers", r.Multipliers), figure("utilization", r.Utilization),
		figure("first_load", r.FirstLoad), figure("dram.read_bytes", d.Read), figure("dram.written_bytes", d.Written),
		figure("dram.constants_bytes", d.Constants), figure("dram.busy_share", d.Busy), figure("memory_bound", int64(len(r.MemoryBound)))}
	run.say("mode", r.Mode)
	run.say("dram.bytes_per_cycle", d.BytesPerCycle)
	run.say("dram.overlap", d.Overlap)
	for _, l := range r.Layers {
		run.Layers = append(run.Layers, Layer{l.Name, 0, float64(l.Cycles), l.Bound})
	}
	return run
}

// say adds what the report says of the design.
func (r *Run) say(key string, value any) {
	r.Reported = append(r.Reported, configs.Setting{Key: key, Value: fmt.Sprint(value)})
}
