package stepsim

import (
	"errors"
	"fmt"
	"testing"
)

// bench is a graph between one source and one sink, gated by the mode of a row.
type bench struct {
	*Graph
	row   row
	first Edge // behind the source
	beats int  // of a frame at the source
}

func (r row) bench(frames, beats int) bench {
	g := New()
	g.Frames, g.Handshakes = frames, true
	return bench{g, r, g.Edge("in", 0, 1), beats}
}

// run ends the graph at an edge and runs it; a row may want it to deadlock.
func (b bench) run(last Edge) Outcome {
	b.row.t.Helper()
	src, snk := gates(b.row.t, b.row.text("mode"))
	b.AddSource("source", Source{Gate: src, Beats: b.beats}, b.first)
	b.AddSink("sink", Sink{Gate: snk}, last)
	got, err := b.Run(generous)
	stuck := new(StuckError)
	switch deadlock := errors.As(err, &stuck) && stuck.Deadlock; {
	case deadlock != (b.row.text("status") == "deadlock"), err != nil && !deadlock:
		b.row.t.Fatalf("%v: %v", b.row.cells, err)
	case deadlock && stuck.LastMove != got.LastMove:
		b.row.t.Fatalf("%v: last moves %d and %d", b.row.cells, stuck.LastMove, got.LastMove)
	}
	checkAccounts(b.row.t, Result{Total: got.Total, Processes: got.Stages})
	return got
}

// columns fills in what most tables have; frames are cut by their beats.
func (b bench) columns(got Outcome, last Edge, frames int) map[string]string {
	in, out := got.Edge(b.first).In, got.Edge(last).Out
	c := map[string]string{"n_in": text(in.Beats), "n_out": text(out.Beats),
		"trace_hash": fmt.Sprintf("%016x", TraceHash(in.Cycles, out.Cycles))}
	if b.row.text("status") == "deadlock" {
		return c
	}
	perIn, perOut := len(in.Cycles)/frames, len(out.Cycles)/frames
	end := func(frame int) Cycle { return out.Cycles[(frame+1)*perOut-1] }
	c["f0_first_in"], c["f0_last_in"] = text(in.Cycles[0]), text(in.Cycles[perIn-1])
	c["f0_first_out"] = text(out.Cycles[0])
	for f := range frames {
		c[fmt.Sprintf("f%d_last_out", f)] = text(end(f))
	}
	if frames > 1 {
		c["steady_interval"] = text(end(frames-1) - end(frames-2))
	}
	return c
}

func TestFINNConverters(t *testing.T) {
	for _, r := range readTable(t, "dwc_cycles.csv", 7) {
		from, to, frames := r.int("in_elems"), r.int("out_elems"), r.int("frames")
		blocks := map[string][]Block{
			"dwc": Converters(from, to), "dwc_lcm": Converters(from, to), "dwc_proto": {DwcProto{from, to}},
			"axis_adapter": {Adapter{In: from, Out: to, Elements: r.int("frame_elems")}},
		}[r.text("style")]
		b := r.bench(frames, ceilDiv(r.int("frame_elems"), from))
		b.Drain = true
		last := b.first
		if len(blocks) > 0 {
			last = b.Edge("out", 0, 1)
			b.AddChain("dwc", blocks, b.first, last)
		}
		r.compare(b.columns(b.run(last), last, frames))
	}
}

// TestFINNCredits holds thresholding and the requantiser by scale.
func TestFINNCredits(t *testing.T) {
	const frames = 3
	for table, unit := range map[string]func(row) Credits{
		"threshold_cycles.csv": func(r row) Credits { return Thresholding(r.int("n_thresholds"), r.bool("deep_pipeline")) },
		"requant_cycles.csv":   func(row) Credits { return Credits{ScaleLatency} },
	} {
		for _, r := range readTable(t, table, 3) {
			b := r.bench(frames, r.int("pixels_per_frame")*r.int("channels")/r.int("pe"))
			last := b.Edge("out", 0, 1)
			b.AddBlock("credits", unit(r), []Edge{b.first}, []Edge{last})
			r.compare(b.columns(b.run(last), last, frames))
		}
	}
}

func TestFINNFIFOs(t *testing.T) {
	for _, r := range readTable(t, "fifo_cycles.csv", 3) {
		style := Stage(FIFO{Depth: r.int("depth")})
		if r.text("kind") == "ram_proto" {
			style = RAMFIFO{r.int("depth"), RAMStyle(r.text("ram_style"))}
		}
		b := r.bench(1, r.int("n_in"))
		last := b.Edge("out", 0, 1)
		b.AddBlock("fifo", style, []Edge{b.first}, []Edge{last})
		got := b.run(last)
		in, out := got.Edge(b.first).In, got.Edge(last).Out
		r.compare(map[string]string{
			"n_in": text(in.Beats), "n_out": text(out.Beats), "first_in": text(in.Frames[0].First), "first_out": text(out.Frames[0].First),
			"last_in": text(in.Frames[0].Last), "last_out": text(out.Frames[0].Last),
			"trace_hash": fmt.Sprintf("%016x", TraceHash(in.Cycles, out.Cycles)),
		})
	}
}
