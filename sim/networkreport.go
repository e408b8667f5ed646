package sim

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
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
	ClockMHz         float64    `json:"clock_mhz"`
	LatencyUS        float64    `json:"latency_us"`
	FPS              float64    `json:"fps"`

	Verified      *bool             `json:"verified"`
	NodesVerified int               `json:"nodes_verified"`
	OutputSHA256  map[string]string `json:"output_sha256,omitempty"` // by output

	Bottleneck string     `json:"bottleneck"` // the stage that waits least
	Layers     []LayerUse `json:"layers"`
	Stages     []StageUse `json:"stages"`
	FIFOs      []FIFOUse  `json:"fifos"`

	values string // what is said of the values in place of the usual words
}

// LayerUse is one layer of a network.
type LayerUse struct {
	Name        string  `json:"name"`
	MACs        int64   `json:"macs"`
	Multipliers int64   `json:"multipliers"`
	Busiest     string  `json:"busiest"` // stage
	Busy        int64   `json:"busy"`    // its cycles
	BusyShare   float64 `json:"busy_share"`
	Starved     int64   `json:"starved"`
	Blocked     int64   `json:"blocked"`
}

// Report sums a run up.
func (n *Network) Report(out *NetworkOutcome, o Options) *NetworkReport {
	t := out.Time
	r := &NetworkReport{Hardware: n.Hardware.Name, Model: n.Graph.Name, Frames: int64(n.Frames()), Cycles: int64(t.Total),
		ClockMHz: n.Hardware.ClockMHz, FIFOs: fifoUses(t), NodesVerified: out.Checked}
	if o.Frames > 0 {
		r.Frames = int64(o.Frames)
	}
	for _, s := range t.Stages {
		r.Stages = append(r.Stages, stageUse(s))
	}
	r.layers(n.Plan)
	r.rates(t)
	if out.Checked > 0 {
		ok := out.Wrong == nil
		r.Verified = &ok
	}
	if len(out.Outputs) > 0 {
		r.OutputSHA256 = map[string]string{}
		for name, y := range out.Outputs {
			r.OutputSHA256[name] = sha(y)
		}
	}
	return r
}

// layers sums the stages up by layer, in stream order.
func (r *NetworkReport) layers(p *pipeline.Plan) {
	at := map[string]int{}
	for _, n := range p.Nodes {
		if _, known := at[n.Layer]; !known {
			at[n.Layer] = len(r.Layers)
			r.Layers = append(r.Layers, LayerUse{Name: n.Layer})
		}
		if a, ok := n.Block.(pe.Array); ok {
			l := &r.Layers[at[n.Layer]]
			l.MACs = a.Fold.Shape.MACs() * r.Frames
			l.Multipliers = a.Fold.MultipliersBuilt()
			r.MACs += l.MACs
			r.Multipliers += l.Multipliers
		}
	}
	most := int64(-1)
	for _, s := range r.Stages {
		cut := strings.LastIndex(s.Name, ".")
		i, known := at[s.Name[:max(0, cut)]]
		if !known {
			continue
		}
		if l := &r.Layers[i]; s.Busy > l.Busy || l.Busiest == "" {
			l.Busiest, l.Busy, l.Starved, l.Blocked = s.Name[cut+1:], s.Busy, s.Starved, s.Blocked
			l.BusyShare = float64(s.Busy) / float64(max(1, r.Cycles))
		}
		if s.Busy > most {
			most, r.Bottleneck = s.Busy, s.Name
		}
	}
}

// rates fills in what follows from the cycles.
func (r *NetworkReport) rates(t *clock.Result) {
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
	if pace, ok := t.Pace(); ok {
		r.SteadyInterval = &pace.Mean
		r.Steady = &SteadyUse{Least: int64(pace.Least), Most: int64(pace.Most), PeriodFrames: pace.Period}
		r.FPS = r.ClockMHz * 1e6 / pace.Mean
	}
}

// WriteText writes the report for people, 80 columns wide.
func (r *NetworkReport) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %s: %d layers, %d frames, %s MACs\n\n", clip(r.Model, 30), clip(r.Hardware, 24), len(r.Layers), r.Frames, group(r.MACs))
	fmt.Fprintf(&b, "  %-30s %-11s %6s %8s %8s %9s\n", "layer", "busiest", "busy", "starved", "blocked", "mults")
	for _, l := range r.Layers {
		share := func(n int64) float64 { return 100 * float64(n) / float64(max(1, r.Cycles)) }
		fmt.Fprintf(&b, "  %-30s %-11s %5.1f%% %7.1f%% %7.1f%% %9s\n", clip(l.Name, 30), l.Busiest, 100*l.BusyShare, share(l.Starved),
			share(l.Blocked), group(l.Multipliers))
	}
	fmt.Fprintf(&b, "\n  cycles       %s (%.1f us at %g MHz)\n", group(r.Cycles), float64(r.Cycles)/r.ClockMHz, r.ClockMHz)
	fmt.Fprintf(&b, "  latency      first output in cycle %s, first frame done after %.1f us\n", group(r.FirstOutputCycle), r.LatencyUS)
	if r.SteadyInterval != nil {
		fmt.Fprintf(&b, "  throughput   a frame every %s cycles, %s frames/s%s\n", mean(*r.SteadyInterval), decimal(r.FPS), r.Steady.spread())
	} else {
		fmt.Fprintf(&b, "  throughput   %s frames/s (three or more frames give the steady interval)\n", decimal(r.FPS))
	}
	fmt.Fprintf(&b, "  multipliers  %s built, %.1f %% used (%.2f MACs per cycle)\n", group(r.Multipliers), 100*r.Utilization, r.MACsPerCycle)
	fmt.Fprintf(&b, "  bottleneck   %s\n", clip(r.Bottleneck, 64))
	b.WriteString(cmp.Or(r.values, verifiedText(r.Verified, r.NodesVerified)))
	_, err := io.WriteString(w, b.String())
	return err
}

// clip shortens a name in its middle; what does not print of it is escaped.
func clip(s string, most int) string {
	r := []rune(strictyaml.Visible(s, false))
	if len(r) <= most {
		return string(r)
	}
	half := (most - 1) / 2
	return string(r[:half]) + "…" + string(r[len(r)-(most-1-half):])
}
