package sim

import (
	"fmt"
	"io"
	"strings"

	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/tensor"
)

// LayerwiseReport is what a run layer by layer found out.
type LayerwiseReport struct {
	Hardware string `json:"hardware"`
	Model    string `json:"model"`
	Mode     string `json:"mode"`
	Frames   int64  `json:"frames"`

	Cycles           int64    `json:"cycles"`
	FirstOutputCycle int64    `json:"first_output_cycle"`
	SteadyInterval   *float64 `json:"steady_interval"` // null: frames do not overlap
	MACs             int64    `json:"macs"`            // of all frames; taps that read padding count
	MACsPerCycle     float64  `json:"macs_per_cycle"`
	Multipliers      int64    `json:"multipliers"` // of the one array
	Utilization      float64  `json:"utilization"` // of these, 0..1
	ClockMHz         float64  `json:"clock_mhz"`
	LatencyUS        float64  `json:"latency_us"` // of the whole run
	FPS              float64  `json:"fps"`

	DRAM        DRAMUse           `json:"dram"`
	MemoryBound []string          `json:"memory_bound"` // layers, in their order
	Layers      []LayerwiseUse    `json:"layers"`
	FirstLoad   int64             `json:"first_load"` // cycles before the first layer, for its constants
	Verified    *bool             `json:"verified"`
	VerifiedBy  map[Verifier]int  `json:"nodes_verified_by,omitempty"`
	Nodes       int               `json:"nodes_verified"`
	Outputs     map[string]string `json:"output_sha256,omitempty"` // by output
	Top         [][]Class         `json:"top_classes,omitempty"`   // of a classifier, frame by frame

	Timeline *Timeline `json:"timeline,omitempty"` // where asked for
}

// DRAMUse is the port to the DRAM over the whole run.
type DRAMUse struct {
	BytesPerCycle float64 `json:"bytes_per_cycle"`
	Overlap       bool    `json:"overlap"` // constants are loaded while the layer before computes
	Read          int64   `json:"read_bytes"`
	Written       int64   `json:"written_bytes"`
	Constants     int64   `json:"constants_bytes"`
	Busy          float64 `json:"busy_share"`
}

// LayerwiseUse is one layer. Bytes are of all frames, beats rounded up to whole ones.
type LayerwiseUse struct {
	Name      string  `json:"name"`
	Nodes     int     `json:"nodes"`
	Start     int64   `json:"start"` // cycle
	Cycles    int64   `json:"cycles"`
	Load      int64   `json:"load"`    // of these, for nothing but loading its constants
	Compute   int64   `json:"compute"` // cycles with a port that is never busy
	MACs      int64   `json:"macs"`
	Read      int64   `json:"read_bytes"`
	Written   int64   `json:"written_bytes"`
	Constants int64   `json:"constants_bytes"`
	Bound     string  `json:"bound"` // memory: without waiting for the port it would take less than 95 % of its cycles; else compute
	Busy      float64 `json:"dram_busy_share"`
}

// MemoryBound is the bound of a layer that waits for the port.
const MemoryBound = "memory"

// memoryBound is which share of its cycles a layer takes at most, with a port that is
// never busy, to be called memory-bound.
const memoryBound = 0.95

// Report sums a run up.
func (l *Layerwise) Report(out *LayerwiseOutcome, o Options) *LayerwiseReport {
	hw := l.Hardware
	r := &LayerwiseReport{Hardware: hw.Name, Model: l.Graph.Name, Mode: string(hw.Mode), Frames: int64(l.frames(o)),
		Cycles: int64(out.Total()), Multipliers: hw.Array.Macs(), ClockMHz: hw.ClockMHz, MemoryBound: []string{},
		FirstLoad: int64(out.First), Nodes: out.Checked}
	rate, _ := hw.Bandwidth() // the plan was made with it
	r.DRAM = DRAMUse{BytesPerCycle: rate, Overlap: hw.DRAM.Overlap}
	start := int64(out.First)
	for i, t := range out.Steps {
		use := l.layer(i, t, r)
		use.Start = start
		r.FirstOutputCycle = start + int64(t.Load+t.Time.Sinks[0][0].First)
		start += use.Cycles
		r.Layers = append(r.Layers, use)
	}
	if r.Cycles > 0 {
		r.MACsPerCycle = float64(r.MACs) / float64(r.Cycles)
		r.Utilization = r.MACsPerCycle / float64(r.Multipliers)
		r.LatencyUS = float64(r.Cycles) / r.ClockMHz
		r.FPS = float64(r.Frames) * r.ClockMHz * 1e6 / float64(r.Cycles)
		r.DRAM.Busy = float64(r.DRAM.Read+r.DRAM.Written+r.DRAM.Constants) / rate / float64(r.Cycles)
	}
	r.Timeline = out.Timeline
	r.Verified, r.VerifiedBy = verified(out.Checked, out.Wrong), verifiers(out.Checked, out.Second)
	r.Outputs, r.Top = digests(out.Outputs), classesOf(out.Outputs, l.Graph.Outputs)
	return r
}

// layer sums one layer up and adds it to the totals.
func (l *Layerwise) layer(i int, t StepTime, r *LayerwiseReport) LayerwiseUse {
	s := l.Steps[i]
	use := LayerwiseUse{Name: s.Name(), Nodes: len(s.Graph.Nodes), Cycles: int64(t.Cycles()), Load: int64(t.Load), Compute: int64(t.Compute),
		MACs: macs(s) * r.Frames, Constants: s.Constants, Bound: "compute"}
	use.Read, use.Written = s.Traffic()
	use.Read *= r.Frames
	use.Written *= r.Frames
	moved := use.Read + use.Written
	switch {
	case !r.DRAM.Overlap:
		moved += s.Constants
	case i+1 < len(l.Steps):
		moved += l.Steps[i+1].Constants
	}
	use.Busy = float64(moved) / r.DRAM.BytesPerCycle / float64(max(1, use.Cycles))
	if float64(use.Compute) < memoryBound*float64(use.Cycles) {
		use.Bound = MemoryBound
		r.MemoryBound = append(r.MemoryBound, use.Name)
	}
	r.MACs += use.MACs
	r.DRAM.Read += use.Read
	r.DRAM.Written += use.Written
	r.DRAM.Constants += use.Constants
	return use
}

// macs are those of a frame.
func macs(s *mapping.Step) (n int64) {
	for _, node := range s.Plan.Nodes {
		if a, ok := node.Block.(pe.Array); ok {
			n += a.Fold.Shape.MACs()
		}
	}
	return n
}

// WriteText writes the report for people, 80 columns wide.
func (r *LayerwiseReport) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s on %s, layer by layer: %d layers, %s, %s MACs\n\n", clip(r.Model, 24), clip(r.Hardware, 20), len(r.Layers),
		frames(r.Frames), group(r.MACs))
	fmt.Fprintf(&b, "  %-25s %13s %6s %6s %10s %5s  %s\n", "layer", "cycles", "share", "DRAM", "bytes", "array", "bound")
	for _, l := range r.Layers {
		percent := func(x float64) string { return fmt.Sprintf("%.1f%%", 100*x) }
		used := float64(l.MACs) / float64(r.Multipliers) / float64(max(1, l.Cycles))
		fmt.Fprintf(&b, "  %-25s %13s %6s %6s %10s %4.0f%%  %s\n", clip(l.Name, 25), group(l.Cycles), percent(float64(l.Cycles)/float64(max(1, r.Cycles))),
			percent(l.Busy), group(l.Read+l.Written+l.Constants), 100*used, l.Bound)
	}
	fmt.Fprintf(&b, "\n  cycles       %s (%.1f us at %g MHz), %s frames/s\n", group(r.Cycles), r.LatencyUS, r.ClockMHz, decimal(r.FPS))
	fmt.Fprintf(&b, "  first output in cycle %s\n", group(r.FirstOutputCycle))
	fmt.Fprintf(&b, "  multipliers  %s in one array, %.1f %% used (%.2f MACs per cycle)\n", group(r.Multipliers), 100*r.Utilization, r.MACsPerCycle)
	how := "while the layer before computes"
	if !r.DRAM.Overlap {
		how = "before each layer"
	}
	fmt.Fprintf(&b, "  DRAM         %g bytes a cycle, busy %.1f %%: %s bytes read, %s written\n", r.DRAM.BytesPerCycle, 100*r.DRAM.Busy,
		group(r.DRAM.Read), group(r.DRAM.Written))
	fmt.Fprintf(&b, "  constants    %s bytes, loaded %s\n", group(r.DRAM.Constants), how)
	fmt.Fprintf(&b, "  memory-bound %d of %d layers\n", len(r.MemoryBound), len(r.Layers))
	b.WriteString(verifiedText(r.Verified, r.Nodes))
	if r.Timeline != nil {
		b.WriteString("\n")
		(&text{w: &b}).layers(r.Timeline)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// verified says whether all of the nodes compared are right, nil if none was.
func verified(checked int, wrong *WrongNode) *bool {
	if checked == 0 {
		return nil
	}
	ok := wrong == nil
	return &ok
}

// digests are the SHA-256 of outputs by name, nil if there are none.
func digests(outputs map[string]*tensor.Tensor) map[string]string {
	var list map[string]string
	for name, y := range outputs {
		if list == nil {
			list = map[string]string{}
		}
		list[name] = sha(y)
	}
	return list
}

// verifiedText says what came of comparing the values of a network.
func verifiedText(verified *bool, nodes int) string {
	switch {
	case verified == nil:
		return "  values       not checked\n"
	case *verified:
		return fmt.Sprintf("  values       every tensor of all %d nodes equals its definition, bit for bit\n", nodes)
	}
	return "  values       a node is not what its definition says\n"
}
