package stepsim

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
