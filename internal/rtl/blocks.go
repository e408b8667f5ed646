package rtl

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// patterns are the handshake modes of the measurements.
func patterns(mode string) (source, sink clock.Pattern, err error) {
	third := clock.Every{N: 3}
	switch mode {
	case "full":
		return clock.Always{}, clock.Always{}, nil
	case "src3":
		return third, clock.Always{}, nil
	case "snk3":
		return clock.Always{}, third, nil
	case "both3":
		return third, third, nil
	case "rnd":
		return clock.Random{Seed: 1}, clock.Random{Seed: 2}, nil
	case "stall":
		return clock.Always{}, stalled, nil
	}
	return nil, nil, fmt.Errorf("column mode: %q is none of full, src3, snk3, both3, rnd, stall", mode)
}

// stalled is shut for 16 cycles, then open for 16.
var stalled = clock.List{Repeat: 32, Cycles: []clock.Cycle{16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}}

// bench is a row's blocks between a source and a sink, after they ran.
type bench struct {
	plan    *pipeline.Plan
	result  *clock.Result
	skipped int64 // cycles fast-forward did not have to simulate
}

// edge is the record of the edge of that name, false if the plan has none.
func (b *bench) edge(name string) (clock.EdgeRecord, bool) {
	for _, r := range b.result.Records {
		if r.Name == name {
			return r, true
		}
	}
	return clock.EdgeRecord{}, false
}

// in and out are the records of the edges at the ends.
func (b *bench) in() clock.EdgeRecord  { return b.result.Records[0] }
func (b *bench) out() clock.EdgeRecord { return b.result.Records[len(b.result.Records)-1] }

// run puts source and sink to the ends of a chain of blocks, joined by wires,
// and solves; names are the layers they belong to, and depths those of edges
// that are FIFOs. What fast-forward makes of the same blocks must be the same.
func run(r *row, frames int64, layers ...layerOf) (*bench, error) {
	p, err := chained(r.text("mode"), layers)
	if err != nil {
		return nil, err
	}
	r.simulated = &simulated{p, clock.Options{Frames: frames}}
	b := &bench{plan: p}
	b.result, b.skipped, err = solve(p, r.simulated.Options)
	return b, err
}

// chained puts source and sink to the ends of layers.
func chained(mode string, layers []layerOf) (*pipeline.Plan, error) {
	source, sink, err := patterns(mode)
	if err != nil {
		return nil, err
	}
	first, _ := layers[0].blocks[0].Streams()
	end := layers[len(layers)-1].blocks
	_, last := end[len(end)-1].Streams()
	p := &pipeline.Plan{}
	at := mapping.Chain(p, "", mapping.Nowhere, wiring.Source{Stream: first[0], Pattern: source})
	for _, l := range layers {
		at = mapping.Chain(p, l.name, at, l.blocks...)
	}
	mapping.Chain(p, "", at, wiring.Sink{Stream: last[0], Pattern: sink})
	for _, l := range layers {
		p = p.WithDepth(l.edge, l.depth)
	}
	return p, p.Check()
}

// layerOf is blocks of one layer, and a FIFO behind them.
type layerOf struct {
	name   string
	blocks []pipeline.Block
	edge   string
	depth  int
}

func (b *bench) input() []clock.FrameTimes  { return b.result.Sources[0] }
func (b *bench) output() []clock.FrameTimes { return b.result.Sinks[0] }

// columns collects result columns.
type columns map[string]string

func (c columns) cycle(name string, t clock.Cycle) { c[name] = strconv.FormatInt(int64(t), 10) }
func (c columns) count(name string, n int64)       { c[name] = strconv.FormatInt(n, 10) }

// ends fills in the columns most tables share.
func (c columns) ends(b *bench) {
	c.count("n_in", b.plan.Edges[0].Stream.Frame())
	c.count("n_out", b.plan.Edges[len(b.plan.Edges)-1].Stream.Frame())
	for f, t := range b.input() {
		c.cycle(fmt.Sprintf("f%d_first_in", f), t.First)
		c.cycle(fmt.Sprintf("f%d_last_in", f), t.Last)
	}
	out := b.output()
	for f, t := range out {
		c.cycle(fmt.Sprintf("f%d_first_out", f), t.First)
		c.cycle(fmt.Sprintf("f%d_last_out", f), t.Last)
	}
	if n := len(out); n > 1 {
		c.cycle("steady_interval", out[n-1].Last-out[n-2].Last)
	}
	c["trace_hash"] = fmt.Sprintf("%016x", hash(b.in().Out.Spans, b.out().Out.Spans, b.result.Total))
}

// window reads the geometry of a window unit.
func window(r *row) sched.Fold {
	shape := conv.Shape{Batch: 1, InChannels: r.size("c"), OutChannels: r.size("c"), Groups: 1,
		InHeight: r.size("h"), InWidth: r.size("w"), OutHeight: r.size("oh"), OutWidth: r.size("ow"),
		Kernel: conv.Pair{H: r.size("kh"), W: r.size("kw")}, Stride: conv.Pair{H: r.size("sh"), W: r.size("sw")},
		Dilation: conv.Pair{H: r.size("dh"), W: r.size("dw")}}
	return fold(r, shape, r.size("simd"), 1, r.int("depthwise") == 1)
}

// fold folds a shape the way the measured units are parameterised: a depthwise
// unit has simd channels side by side.
func fold(r *row, shape conv.Shape, simd, pes int, depthwise bool) sched.Fold {
	style := sched.Serial
	if r.int("parallel_window") == 1 {
		style = sched.Parallel
	}
	a := sched.Array{PE: pes, SIMD: simd, GroupParallel: 1}
	if depthwise {
		shape.Groups = shape.InChannels
		a = sched.Array{PE: 1, SIMD: 1, GroupParallel: simd}
	}
	return sched.NewFold(shape, a, style)
}

func runWindow(r *row) (map[string]string, error) {
	b, f, err := simulateWindow(r)
	if err != nil {
		return nil, err
	}
	c := columns{}
	c.ends(b)
	c["oh"], c["ow"] = r.text("oh"), r.text("ow")
	depth, firstWindow := f.FINNWindowDepth(), int64(f.VectorBeats())
	if f.Style == sched.Parallel {
		depth, firstWindow = f.ParallelDepth(), 1
	}
	c.count("buffer_depth", depth)
	c.cycle("f0_first_window_done", b.out().Out.Nth(firstWindow-1))
	return c, nil
}

const windowFrames = 3

func simulateWindow(r *row) (*bench, sched.Fold, error) {
	f := window(r)
	if r.err != nil {
		return nil, f, r.err
	}
	if err := checkOutput(f.Shape); err != nil {
		return nil, f, err
	}
	c := mapping.Conv{Fold: f, Elem: tensor.Int8}
	b, err := run(r, windowFrames, layerOf{blocks: []pipeline.Block{c.Window()}})
	return b, f, err
}

// checkOutput refuses a row whose stated output size is not that of its shape.
func checkOutput(s conv.Shape) error {
	layer := conv.Conv2d{InChannels: s.InChannels, OutChannels: s.OutChannels, Kernel: s.Kernel, Stride: s.Stride,
		Dilation: s.Dilation, Groups: s.Groups}
	got, err := layer.Resolve(s.Batch, s.InHeight, s.InWidth)
	if err != nil {
		return err
	}
	if got.OutHeight != s.OutHeight || got.OutWidth != s.OutWidth {
		return fmt.Errorf("columns oh, ow: %dx%d, but the window fits %dx%d times", s.OutHeight, s.OutWidth, got.OutHeight, got.OutWidth)
	}
	return nil
}

func runTrace(r *row) (map[string]string, error) {
	geometry, err := parseConfig(r.text("config"), r.text("mode"))
	if err != nil {
		return nil, err
	}
	b, _, err := simulateWindow(geometry)
	if err != nil {
		return nil, err
	}
	end := b.in()
	if r.text("direction") == "out" {
		end = b.out()
	}
	return map[string]string{"cycles": format(end.Out.Spans, b.result.Total)}, nil
}

// parseConfig reads the geometry out of a configuration's name, such as
// k3x3_s1x1_d1x1_i8x8_c4_simd2_dw_p1.
func parseConfig(name, mode string) (*row, error) {
	var kh, kw, sh, sw, dh, dw, h, w, c, simd, parallel int
	var kind string
	spaced := strings.ReplaceAll(name, "_", " ")
	if _, err := fmt.Sscanf(spaced, "k%dx%d s%dx%d d%dx%d i%dx%d c%d simd%d %s p%d",
		&kh, &kw, &sh, &sw, &dh, &dw, &h, &w, &c, &simd, &kind, &parallel); err != nil {
		return nil, fmt.Errorf("column config: %q: %w", name, err)
	}
	depthwise := 0
	if kind == "dw" {
		depthwise = 1
	}
	r := &row{header: []string{"mode"}, cells: []string{mode}}
	add := func(name string, v int) {
		r.header = append(r.header, name)
		r.cells = append(r.cells, strconv.Itoa(v))
	}
	shape, err := conv.Conv2d{InChannels: c, OutChannels: c, Kernel: conv.Pair{H: kh, W: kw},
		Stride: conv.Pair{H: sh, W: sw}, Dilation: conv.Pair{H: dh, W: dw}, Groups: 1}.Resolve(1, h, w)
	if err != nil {
		return nil, err
	}
	for _, v := range []struct {
		name string
		v    int
	}{{"kh", kh}, {"kw", kw}, {"sh", sh}, {"sw", sw}, {"dh", dh}, {"dw", dw}, {"h", h}, {"w", w}, {"c", c},
		{"simd", simd}, {"depthwise", depthwise}, {"parallel_window", parallel},
		{"oh", shape.OutHeight}, {"ow", shape.OutWidth}} {
		add(v.name, v.v)
	}
	return r, nil
}

// square reads a layer with square kernel, stride, dilation and padding.
func square(r *row, suffix, cin string) (conv.Shape, error) {
	at := func(name string) int { return r.int(name + suffix) }
	k, s, d, p := at("k"), at("s"), at("d"), at("p")
	layer := conv.Conv2d{InChannels: r.int(cin), OutChannels: at("cout"), Kernel: conv.Pair{H: k, W: k},
		Stride: conv.Pair{H: s, W: s}, Dilation: conv.Pair{H: d, W: d}, Groups: 1,
		Padding: conv.Padding{Sides: conv.Sides{Top: p, Bottom: p, Left: p, Right: p}}}
	h, w := at("h"), at("w")
	if r.err != nil {
		return conv.Shape{}, r.err
	}
	return layer.Resolve(1, h, w)
}

// layerFrames is how many frames the layers were measured for.
const layerFrames = 3

// layerFold is the layer of a row of layer_cycles, folded.
func layerFold(r *row) (sched.Fold, error) {
	shape, err := square(r, "", "c")
	if err != nil {
		return sched.Fold{}, err
	}
	f := fold(r, shape, r.size("simd"), r.size("pe"), r.int("depthwise") == 1)
	return f, r.err
}

func runLayer(r *row) (map[string]string, error) {
	f, err := layerFold(r)
	if err != nil {
		return nil, err
	}
	b, err := run(r, layerFrames, layerOf{blocks: layer(f, tensor.Int8)})
	if err != nil {
		return nil, err
	}
	c := columns{}
	c.ends(b)
	into, ok := b.edge("pad.window")
	if !ok { // without padding there is no such stage, but the same link
		into, _ = b.edge("source.window")
	}
	c.cycle("pad_first_out", into.Out.Spans[0].First)
	windows, _ := b.edge("window.array")
	c.cycle("swg_first_out", windows.Out.Spans[0].First)
	return c, nil
}

func runChain(r *row) (map[string]string, error) {
	first, err := square(r, "1", "c1")
	if err != nil {
		return nil, err
	}
	second, err := square(r, "2", "c2")
	if err != nil {
		return nil, err
	}
	one := sched.NewFold(first, sched.Array{PE: r.size("pe1"), SIMD: r.size("simd1"), GroupParallel: 1}, sched.Serial)
	two := sched.NewFold(second, sched.Array{PE: r.size("pe2"), SIMD: r.size("simd2"), GroupParallel: 1}, sched.Serial)
	depth := r.int("fifo_depth")
	if r.err != nil {
		return nil, r.err
	}
	if one.OutputBeats() != two.InputBeats() {
		return nil, fmt.Errorf("layer 1 makes %d beats a frame, layer 2 takes %d", one.OutputBeats(), two.InputBeats())
	}
	const frames = 4
	b, err := run(r, frames, layerOf{"1", layer(one, tensor.Int8), "1.2", depth},
		layerOf{name: "2", blocks: layer(two, tensor.Int32)})
	if err != nil {
		return nil, err
	}
	c := columns{}
	c.ends(b)
	c.count("n_link", one.OutputBeats())
	link, _ := b.edge("1.2")
	c.cycle("link_first", link.In.Spans[0].First)
	for _, u := range b.result.Edges {
		if u.Name == link.Name {
			c.count("fifo_max_occupancy", u.MaxOccupancy)
		}
	}
	return c, nil
}

// layer are the measured blocks of a layer: activations of 8 bits, or the sums of the
// layer before, weights of 8 bits, the DSP58 core.
func layer(f sched.Fold, elem tensor.DType) []pipeline.Block {
	c := mapping.Conv{Fold: f, Elem: elem, Weight: tensor.Int8, Sum: tensor.Int32, Accumulator: sums, ArrayLatency: measuredLatency}
	return c.Blocks()
}
