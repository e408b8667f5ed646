package runs

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// OfLayer is the page of a layer's run that kept its histories. With depths it simulates
// the design with other FIFOs, too.
func OfLayer(ctx context.Context, hw *configs.Hardware, layer *configs.Layer, out *sim.Outcome, depths bool) (runpage.Run, error) {
	d, err := sim.NewDesign(hw, layer)
	if err != nil {
		return runpage.Run{}, err
	}
	if len(out.Time.Histories) == 0 {
		return runpage.Run{}, errNothing
	}
	r := out.Report
	f := figures{cycles: r.Cycles, frames: r.Frames, clockMHz: r.ClockMHz, latencyUS: r.LatencyUS, interval: r.SteadyInterval, fps: r.FPS,
		utilization: r.Utilization, macsPerCycle: r.MACsPerCycle, multipliers: r.Multipliers, verified: r.Verified}
	run := runpage.Run{Title: layer.Name + " on " + hw.Name, ClockMHz: r.ClockMHz, Cycles: r.Cycles, Facts: f.facts(),
		Subtitle: plural(r.Frames, "frame") + ", " + describe(d), Limits: r.Bottleneck.Why, Relief: relief(r)}
	machine(&run, d.Plan, out.Time)
	run.Roofline = roofline(layer.Name, d.Plan, f.frame(), r.ClockMHz, hw.Device())
	costs(&run, d.Plan, resources.Device{DSP: hw.DSPKind(), ClockMHz: r.ClockMHz}, r.FPS, hw.Device())
	if err := levels(ctx, &run, alone(ctx, d.Plan, out.Time, r.Frames)); err != nil {
		return run, err
	}
	if depths {
		run.Depths, err = curves(ctx, d.Plan, out.Time)
	}
	return run, err
}

// OfNetwork is the page of a network's run that kept its histories.
func OfNetwork(ctx context.Context, n *sim.Network, r *sim.NetworkReport, t *clock.Result) (runpage.Run, error) {
	f := figures{cycles: r.Cycles, frames: r.Frames, clockMHz: r.ClockMHz, latencyUS: r.LatencyUS, interval: r.SteadyInterval, fps: r.FPS,
		utilization: r.Utilization, macsPerCycle: r.MACsPerCycle, multipliers: r.Multipliers, verified: r.Verified}
	if len(t.Histories) == 0 {
		return runpage.Run{}, errNothing
	}
	hw := n.Hardware
	run := runpage.Run{Title: r.Model + " on " + hw.Name, ClockMHz: r.ClockMHz, Cycles: r.Cycles, Facts: f.facts(),
		Subtitle: fmt.Sprintf("%s, %d layers as one pipeline", plural(r.Frames, "frame"), len(r.Layers)),
		Limits:   r.Bottleneck + " waits least: it sets the pace"}
	machine(&run, n.Plan, t)
	layers(&run, r)
	run.Roofline = roofline(r.Model, n.Plan, f.frame(), r.ClockMHz, hw.Device())
	costs(&run, n.Plan, resources.Device{DSP: hw.DSPKind(), ClockMHz: r.ClockMHz}, r.FPS, hw.Device())
	if err := levels(ctx, &run, alone(ctx, n.Plan, t, r.Frames)); err != nil {
		return run, err
	}
	var err error
	run.Depths, err = curves(ctx, n.Plan, t)
	return run, err
}

// describe says what a layer is, in a line.
func describe(d *sim.Design) string {
	s := d.Fold.Shape
	text := fmt.Sprintf("%d x %d x %d to %d x %d x %d, kernel %d x %d", s.InChannels, s.InHeight, s.InWidth,
		s.OutChannels, s.OutHeight, s.OutWidth, s.Kernel.H, s.Kernel.W)
	if s.Groups > 1 {
		text += fmt.Sprintf(", %d groups", s.Groups)
	}
	a := d.Fold.Array
	return text + fmt.Sprintf("; %s of %d PE x %d SIMD, %s window", plural(int64(a.GroupParallel), "array"), a.PE, a.SIMD, d.Hardware.Window.Style)
}

var errNothing = errors.New("a run without frames has no page")

// relief says what would help, deeper FIFOs among it.
func relief(r *sim.Report) string {
	if d := r.DeeperFIFO; d != nil {
		return fmt.Sprintf("%s; or %d beats in %s: %.1f %% fewer cycles", r.Bottleneck.Relief, d.Depth, d.Edge, d.Percent)
	}
	return r.Bottleneck.Relief
}

// layers sums the stages of every layer up by the one that waits least.
func layers(run *runpage.Run, r *sim.NetworkReport) {
	at := map[string]int{}
	for i, s := range r.Stages {
		at[s.Name] = i
	}
	for _, l := range r.Layers {
		i, ok := at[l.Name+"."+l.Busiest]
		if !ok {
			continue
		}
		u := runpage.Layer{Name: l.Name, Stage: i, MACs: l.MACs, Multipliers: l.Multipliers, Limit: limit(r.Stages[i])}
		if l.Multipliers > 0 && r.Cycles > 0 {
			u.Utilization = float64(l.MACs) / (float64(l.Multipliers) * float64(r.Cycles))
		}
		run.Layers = append(run.Layers, u)
	}
}

// limit says what a stage spends most cycles on.
func limit(s sim.StageUse) string {
	most := max(s.Busy, s.Starved, s.Blocked, s.Throttled, s.Turnaround)
	switch {
	case most == s.Busy:
		return s.Name[strings.LastIndexByte(s.Name, '.')+1:] + " is busy"
	case most == s.Starved:
		return "starved by " + s.StarvedOn
	case most == s.Blocked:
		return "blocked by " + s.BlockedOn
	case most == s.Throttled && s.HeldBy != "":
		return "waits for " + s.HeldBy
	case most == s.Throttled:
		return "held back by its pattern"
	}
	return "waits for the frame before"
}

// figures are what the head of a page says.
type figures struct {
	cycles, frames, multipliers int64
	clockMHz, latencyUS, fps    float64
	utilization, macsPerCycle   float64
	interval                    *float64
	verified                    *bool
}

// frame is the cycles from frame to frame: the steady interval, or what the run gives.
func (f figures) frame() float64 {
	if f.interval != nil {
		return *f.interval
	}
	return float64(f.cycles) / float64(max(1, f.frames))
}

func (f figures) facts() []runpage.Fact {
	list := []runpage.Fact{
		{Label: "Cycles", Value: textwrap.Group(f.cycles), Note: fmt.Sprintf("%s at %g MHz", microseconds(float64(f.cycles)/f.clockMHz), f.clockMHz)},
		{Label: "First frame", Value: microseconds(f.latencyUS), Note: "latency"},
		{Label: "Throughput", Value: short(f.fps) + " fps", Note: "from frames over cycles"},
		{Label: "Multipliers used", Value: fmt.Sprintf("%.1f %%", 100*f.utilization),
			Note: fmt.Sprintf("%s of %s MACs per cycle", short(f.macsPerCycle), textwrap.Group(f.multipliers))},
	}
	if f.interval != nil {
		list[2].Note = fmt.Sprintf("a frame every %s cycles", short(*f.interval))
	}
	values := runpage.Fact{Label: "Values", Value: "not checked"}
	if f.verified != nil {
		values.Value = "exact"
		values.Note = "as the reference, bit for bit"
		if values.Bad = !*f.verified; values.Bad {
			values.Value, values.Note = "wrong", "not what the reference says"
		}
	}
	return append(list, values)
}

func plural(n int64, what string) string {
	if n != 1 {
		what += "s"
	}
	return textwrap.Group(n) + " " + what
}

// short writes a number with four digits or so.
func short(v float64) string {
	switch {
	case v >= 1000:
		return textwrap.Group(int64(v + 0.5))
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// microseconds writes a time in the unit that suits it.
func microseconds(us float64) string {
	switch {
	case us >= 1e6:
		return short(us/1e6) + " s"
	case us >= 1e3:
		return short(us/1e3) + " ms"
	}
	return short(us) + " µs"
}
