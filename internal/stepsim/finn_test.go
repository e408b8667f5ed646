package stepsim

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// generous is more cycles than any row of the tables takes.
const generous = 20_000_000

// row is one line of a table.
type row struct {
	t     *testing.T
	cells map[string]string
}

func (r row) text(column string) string {
	v, ok := r.cells[column]
	if !ok {
		r.t.Fatalf("no column %q", column)
	}
	return v
}

func (r row) int(column string) int {
	v, err := strconv.Atoi(r.text(column))
	if err != nil {
		r.t.Fatalf("column %s: %v", column, err)
	}
	return v
}

func (r row) bool(column string) bool { return r.int(column) == 1 }

// readTable returns the rows of testdata/finn/name; with -short every k-th of them and those the RTL fails on.
func readTable(t *testing.T, name string, k int) []row {
	return readRows(t, filepath.Join("..", "..", "testdata", "finn", name), k)
}

func readRows(t *testing.T, path string, k int) []row {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for i, line := range lines[1:] {
		cells := map[string]string{}
		for j, column := range lines[0] {
			cells[column] = line[j]
		}
		if !testing.Short() || i%k == 0 || strings.HasPrefix(cells["status"], "rtl_") {
			rows = append(rows, row{t, cells})
		}
	}
	return rows
}

// gates returns the source's and the sink's gate of a handshake mode.
func gates(t *testing.T, mode string) (src, snk Gate) {
	third := Every{N: 3}
	switch mode {
	case "full":
		return Full{}, Full{}
	case "src3":
		return third, Full{}
	case "snk3":
		return Full{}, third
	case "both3":
		return third, third
	case "rnd":
		return Random{Seed: 1}, Random{Seed: 2}
	case "stall":
		second := Listed{Period: 32}
		for t := Cycle(16); t < 32; t++ {
			second.Cycles = append(second.Cycles, t)
		}
		return Full{}, second
	}
	t.Fatalf("unknown mode %q", mode)
	return nil, nil
}

// simulate runs stages between a source and a sink that are gated by the row's mode.
func (r row) simulate(frames int, stages ...Stage) Result {
	r.t.Helper()
	src, snk := gates(r.t, r.text("mode"))
	all := append([]Stage{Source{Gate: src}}, stages...)
	got, err := Chain{Stages: append(all, Sink{Gate: snk}), Frames: frames, Handshakes: true}.Run(generous)
	if err != nil {
		r.t.Fatalf("%v: %v", r.cells, err)
	}
	checkAccounts(r.t, got)
	return got
}

// compare checks the columns the simulator knows, unless the RTL failed on the row.
func (r row) compare(got map[string]string) {
	r.t.Helper()
	if s := r.text("status"); s != "ok" && s != "deadlock" && s != "rtl_wrong_data" { // wrong values, in time
		return
	}
	want := map[string]string{}
	for column := range got {
		want[column] = r.text(column)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("%v\n(-want +got)\n%s", r.cells, diff)
	}
}

func hashText(r Result) string {
	return fmt.Sprintf("%016x", TraceHash(r.Edges[0].Cycles, r.Edges[len(r.Edges)-1].Cycles))
}

func text[T ~int | ~int64](v T) string { return strconv.FormatInt(int64(v), 10) }

// swgWindow is the window of a row of swg_cycles.csv or of a configuration name.
func (r row) swgWindow() Window {
	return Layer{
		H: r.int("h"), W: r.int("w"), KH: r.int("kh"), KW: r.int("kw"),
		SH: r.int("sh"), SW: r.int("sw"), DH: r.int("dh"), DW: r.int("dw"), Parallel: r.bool("parallel_window"),
	}.folded(r.int("c"), r.int("c"), 1, r.int("simd"), r.bool("depthwise")).Window()
}

// folded sets channels and lanes: FINN's depthwise SIMD are groups side by side.
func (l Layer) folded(in, out, pe, simd int, depthwise bool) Layer {
	l.InChannels, l.OutChannels, l.PE, l.SIMD = in, out, pe, simd
	if depthwise {
		l.Groups, l.GroupParallel, l.PE, l.SIMD = in, simd, 1, 1
	}
	return l
}

// firstWindow is the number of output beats that complete the first window (depthwise: of its first channel fold).
func firstWindow(w Window) int {
	switch {
	case w.parallel():
		return 1
	case w.ChannelFolds == 1:
		return w.KH * w.KW
	}
	return w.KH * w.KW * w.folds()
}

func TestFINNWindows(t *testing.T) {
	for _, r := range readTable(t, "swg_cycles.csv", 13) {
		w := r.swgWindow()
		got := r.simulate(3, w)
		in, out := got.In(), got.Out()
		oh, ow := w.OutputSize()
		r.compare(map[string]string{
			"oh": text(oh), "ow": text(ow), "buffer_depth": text(w.DefaultDepth()),
			"n_in": text(got.Edges[0].FrameBeats), "n_out": text(got.Edges[1].FrameBeats),
			"f0_first_in": text(in[0].First), "f0_first_out": text(out[0].First),
			"f0_first_window_done": text(got.Edges[1].Cycles[firstWindow(w)-1]),
			"f0_last_in":           text(in[0].Last), "f0_last_out": text(out[0].Last),
			"f1_first_in": text(in[1].First), "f1_first_out": text(out[1].First), "f1_last_out": text(out[1].Last),
			"f2_last_out":     text(out[2].Last),
			"steady_interval": text(out[2].Last - out[1].Last), "trace_hash": hashText(got),
		})
	}
}

func TestFINNTraces(t *testing.T) {
	windows := map[string]row{}
	for _, r := range readTable(t, "swg_cycles.csv", 1) {
		windows[r.text("config")] = r
	}
	for _, r := range readTable(t, "swg_traces.csv", 1) {
		w, ok := windows[r.text("config")]
		if !ok {
			t.Errorf("no window for %s", r.text("config"))
			continue
		}
		got := r.simulate(3, w.swgWindow())
		edge := map[string]int{"in": 0, "out": 1}[r.text("direction")]
		if diff := cmp.Diff(r.text("cycles"), ranges(got.Edges[edge].Cycles)); diff != "" {
			t.Errorf("%s %s (-want +got)\n%s", r.text("config"), r.text("direction"), diff)
		}
	}
}

// ranges writes ascending cycles as the trace table does: "0-3;7;9-10".
func ranges(cycles []Cycle) string {
	var parts []string
	for i := 0; i < len(cycles); {
		j := i
		for j+1 < len(cycles) && cycles[j+1] == cycles[j]+1 {
			j++
		}
		part := text(cycles[i])
		if j > i {
			part += "-" + text(cycles[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ";")
}

func TestFINNArrays(t *testing.T) {
	rows := append(readTable(t, "mvu_cycles.csv", 3), readTable(t, "mvu48_cycles.csv", 3)...)
	for _, r := range rows {
		a := Array{SF: r.int("sf"), NF: r.int("nf"), Vectors: 1}
		r.setCore(&a)
		if r.text("unit") == "vvu" {
			a.NF, a.Vectors = 1, a.NF
		}
		got := r.simulate(8, a)
		in, out := got.In(), got.Out()
		r.compare(map[string]string{
			"n_in": text(got.Edges[0].Beats), "n_out": text(got.Edges[1].Beats),
			"f0_first_in": text(in[0].First), "first_out": text(out[0].First),
			"last_in": text(in[7].Last), "last_out": text(out[7].Last),
			"steady_vector_interval": text(out[7].Last - out[6].Last), "trace_hash": hashText(got),
		})
	}
}

// setCore sets what differs between FINN's cores; those of mvu_cycles.csv are of DSP58, the default.
func (r row) setCore(a *Array) {
	core := r.cells["core"]
	switch r.cells["rtl"] {
	case "dev":
		levels := 1
		for 1<<levels < r.int("simd") {
			levels++
		}
		a.Latency = 4 + levels
	case "main":
		a.Core, a.Latency = CoreMain, 5
	case "old":
		a.Core, a.Latency = CoreOld, map[string]int{"8sx8u_dsp48": 5, "lut_reg1": 2, "lut_reg0": 1}[core]
	}
}

// tableLayer reads the layer of a row; suffix tells the two layers of chain_cycles.csv apart.
func (r row) tableLayer(suffix string, depthwise, parallel bool) Layer {
	k, s, d, p := r.int("k"+suffix), r.int("s"+suffix), r.int("d"+suffix), r.int("p"+suffix)
	return Layer{
		H: r.int("h" + suffix), W: r.int("w" + suffix), KH: k, KW: k, SH: s, SW: s, DH: d, DW: d,
		Top: p, Bottom: p, Left: p, Right: p, Parallel: parallel,
	}.folded(r.int("c"+suffix), r.int("cout"+suffix), r.int("pe"+suffix), r.int("simd"+suffix), depthwise)
}

func TestFINNLayers(t *testing.T) {
	for _, r := range readTable(t, "layer_cycles.csv", 3) {
		l := r.tableLayer("", r.bool("depthwise"), r.bool("parallel_window"))
		got := r.simulate(3, l.Stages()...)
		in, out := got.In(), got.Out()
		columns := map[string]string{
			"n_in": text(got.Edges[0].FrameBeats), "n_out": text(got.Edges[len(got.Edges)-1].FrameBeats),
			"swg_first_out": text(got.Edges[len(got.Edges)-2].Frames[0].First),
			"f0_first_out":  text(out[0].First), "f0_last_in": text(in[0].Last), "f0_last_out": text(out[0].Last),
			"f1_last_out": text(out[1].Last), "steady_interval": text(out[2].Last - out[1].Last),
			"trace_hash": hashText(got),
		}
		if l.Top > 0 {
			columns["pad_first_out"] = text(got.Edges[1].Frames[0].First)
		}
		r.compare(columns)
	}
}

func TestFINNChains(t *testing.T) {
	for _, r := range readTable(t, "chain_cycles.csv", 3) {
		first := r.tableLayer("1", false, false).Stages()
		second := r.tableLayer("2", false, false).Stages()
		stages := append(append(first, FIFO{Depth: r.int("fifo_depth")}), second...)
		got := r.simulate(4, stages...)
		out, link := got.Out(), got.Edges[len(first)]
		r.compare(map[string]string{
			"n_in": text(got.Edges[0].FrameBeats), "n_link": text(link.FrameBeats),
			"n_out":      text(got.Edges[len(got.Edges)-1].FrameBeats),
			"link_first": text(link.Frames[0].First), "f0_first_out": text(out[0].First),
			"f0_last_out": text(out[0].Last), "f1_last_out": text(out[1].Last), "f2_last_out": text(out[2].Last),
			"steady_interval":    text(out[3].Last - out[2].Last),
			"fifo_max_occupancy": text(got.FIFOs[0].MaxOccupancy), "trace_hash": hashText(got),
		})
	}
}

// checkAccounts holds the invariant that every cycle of every process has one name.
func checkAccounts(t *testing.T, r Result) {
	t.Helper()
	for _, p := range r.Processes {
		sum := Cycle(0)
		for _, n := range p.Counts {
			sum += n
		}
		if sum != r.Total {
			t.Errorf("%v: %v sum to %d, want %d", p, p.Counts, sum, r.Total)
		}
	}
}
