package rtl

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/sim"
)

// gates are the handshake modes of the measurements.
func gates(mode string) (source, sink pipeline.Gate, err error) {
	third := pipeline.Every{N: 3}
	switch mode {
	case "full":
		return pipeline.Always{}, pipeline.Always{}, nil
	case "src3":
		return third, pipeline.Always{}, nil
	case "snk3":
		return pipeline.Always{}, third, nil
	case "both3":
		return third, third, nil
	case "rnd":
		return pipeline.NewRandom(1), pipeline.NewRandom(2), nil
	}
	return nil, nil, fmt.Errorf("column mode: %q is none of full, src3, snk3, both3, rnd", mode)
}

// bench is a row's blocks between a source and a sink, after they ran.
type bench struct {
	result  *pipeline.Result
	skipped int64 // cycles fast-forward did not have to simulate
	traces  map[string]pipeline.EdgeTrace
}

// ends are the streams at the ends of a bench.
type ends struct {
	mode              string
	in, out           int64 // beats per frame
	frames            int64
	inUnits, outUnits pipeline.Units
}

// run puts source and sink to the ends and solves; block joins them. What
// fast-forward makes of the same blocks must be the same.
func run(e ends, block func(g *pipeline.Graph, in, out *pipeline.Edge) error) (*bench, error) {
	g, err := build(e, block)
	if err != nil {
		return nil, err
	}
	b := &bench{traces: map[string]pipeline.EdgeTrace{}}
	for _, t := range g.Trace() {
		b.traces[t.Name] = t
	}
	if b.result, err = g.Run(); err != nil {
		return nil, err
	}
	fast, err := build(e, block)
	if err != nil {
		return nil, err
	}
	fast.FastForward()
	again, err := fast.Run()
	if err != nil {
		return nil, fmt.Errorf("with fast-forward: %w", err)
	}
	b.skipped, again.Skipped = again.Skipped, 0
	if !reflect.DeepEqual(again, b.result) {
		return nil, errors.New("fast-forward changes the result")
	}
	return b, nil
}

func build(e ends, block func(g *pipeline.Graph, in, out *pipeline.Edge) error) (*pipeline.Graph, error) {
	source, sink, err := gates(e.mode)
	if err != nil {
		return nil, err
	}
	g := pipeline.NewGraph()
	in := g.NewEdge(pipeline.EdgeSpec{Name: "in", Units: e.inUnits})
	out := g.NewEdge(pipeline.EdgeSpec{Name: "out", Units: e.outUnits})
	pipeline.NewSource(g, in, source, e.in, e.frames)
	if err := block(g, in, out); err != nil {
		return nil, err
	}
	pipeline.NewSink(g, out, sink, e.out, e.frames)
	return g, nil
}

func (b *bench) input() []pipeline.FrameTimes  { return b.result.Sources[0] }
func (b *bench) output() []pipeline.FrameTimes { return b.result.Sinks[0] }

// columns collects result columns.
type columns map[string]string

func (c columns) cycle(name string, t pipeline.Cycle) { c[name] = strconv.FormatInt(int64(t), 10) }
func (c columns) count(name string, n int64)          { c[name] = strconv.FormatInt(n, 10) }

// ends fills in the columns most tables share.
func (c columns) ends(b *bench, e ends) {
	c.count("n_in", e.in)
	c.count("n_out", e.out)
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
	c["trace_hash"] = fmt.Sprintf("%016x", hash(b.traces["in"].Out.Spans, b.traces["out"].Out.Spans, b.result.Total))
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
	b, f, e, err := simulateWindow(r)
	if err != nil {
		return nil, err
	}
	c := columns{}
	c.ends(b, e)
	c["oh"], c["ow"] = r.text("oh"), r.text("ow")
	depth, firstWindow := f.WindowDepth(), int64(f.VectorBeats())
	if f.Style == sched.Parallel {
		depth, firstWindow = f.ParallelDepth(), 1
	}
	c.count("buffer_depth", depth)
	c.cycle("f0_first_window_done", b.traces["out"].Out.Nth(firstWindow-1))
	return c, nil
}

const windowFrames = 3

func simulateWindow(r *row) (*bench, sched.Fold, ends, error) {
	f := window(r)
	if r.err != nil {
		return nil, f, ends{}, r.err
	}
	if err := checkOutput(f.Shape); err != nil {
		return nil, f, ends{}, err
	}
	t := sim.Timing{Fold: f, Frames: windowFrames, Rate: conv.Pair{H: 1, W: 1}, Last: true}
	e := ends{mode: r.text("mode"), in: f.PaddedBeats(), out: f.WindowBeats(), frames: windowFrames,
		inUnits: t.PaddedUnits(), outUnits: t.WindowUnits()}
	b, err := run(e, func(g *pipeline.Graph, in, out *pipeline.Edge) error {
		_, err := t.AddWindow(g, in, out)
		return err
	})
	return b, f, e, err
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
	b, _, _, err := simulateWindow(geometry)
	if err != nil {
		return nil, err
	}
	end := "in"
	if r.text("direction") == "out" {
		end = "out"
	}
	return map[string]string{"cycles": format(b.traces[end].Out.Spans, b.result.Total)}, nil
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

// arrayVectors is how many input vectors an array is measured with.
const arrayVectors = 8

func runArray(r *row) (map[string]string, error) {
	sf, nf := int64(r.size("sf")), int64(r.size("nf"))
	if r.err != nil {
		return nil, r.err
	}
	spec := pe.ArraySpec{VectorBeats: int(sf), OutFolds: int(nf), Vectors: arrayVectors}
	e := ends{mode: r.text("mode"), in: arrayVectors * sf, out: arrayVectors * nf, frames: 1}
	if r.text("unit") == "vvu" {
		spec.OutFolds, spec.Vectors = 1, arrayVectors*nf
		e.in *= nf
	}
	b, err := run(e, func(g *pipeline.Graph, in, out *pipeline.Edge) error {
		pe.NewArray(g, in, out, spec)
		return nil
	})
	if err != nil {
		return nil, err
	}
	c := columns{}
	c.ends(b, e)
	out := b.traces["out"].Out
	c.cycle("first_out", b.output()[0].First)
	c.cycle("last_out", b.output()[0].Last)
	c.cycle("last_in", b.input()[0].Last)
	c.cycle("steady_vector_interval", out.Nth(e.out-1)-out.Nth(e.out-1-nf))
	return c, nil
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

func runLayer(r *row) (map[string]string, error) {
	shape, err := square(r, "", "c")
	if err != nil {
		return nil, err
	}
	depthwise := r.int("depthwise") == 1
	f := fold(r, shape, r.size("simd"), r.size("pe"), depthwise)
	if r.err != nil {
		return nil, r.err
	}
	const frames = 3
	t := sim.Timing{Fold: f, Frames: frames, Rate: conv.Pair{H: 1, W: 1}, Last: true}
	e := ends{mode: r.text("mode"), in: f.InputBeats(), out: f.OutputBeats(), frames: frames,
		inUnits: t.InputUnits(), outUnits: t.OutputUnits()}
	b, err := run(e, func(g *pipeline.Graph, in, out *pipeline.Edge) error {
		_, err := t.Add(g, in, out)
		return err
	})
	if err != nil {
		return nil, err
	}
	c := columns{}
	c.ends(b, e)
	c["pad_first_out"] = ""
	if pad, ok := b.traces["pad.window"]; ok {
		c.cycle("pad_first_out", pad.Out.Spans[0].First)
	}
	c.cycle("swg_first_out", b.traces["window.array"].Out.Spans[0].First)
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
	t1 := sim.Timing{Fold: one, Frames: frames, Name: "1.", Rate: second.Stride}
	t2 := sim.Timing{Fold: two, Frames: frames, Name: "2.", Rate: conv.Pair{H: 1, W: 1}, Last: true}
	e := ends{mode: r.text("mode"), in: one.InputBeats(), out: two.OutputBeats(), frames: frames,
		inUnits: t1.InputUnits(), outUnits: t2.OutputUnits()}
	b, err := run(e, func(g *pipeline.Graph, in, out *pipeline.Edge) error {
		link := g.NewEdge(pipeline.EdgeSpec{Name: "link", Depth: depth, Units: t2.InputUnits()})
		if _, err := t1.Add(g, in, link); err != nil {
			return err
		}
		_, err := t2.Add(g, link, out)
		return err
	})
	if err != nil {
		return nil, err
	}
	c := columns{}
	c.ends(b, e)
	c.count("n_link", one.OutputBeats())
	c.cycle("link_first", b.traces["link"].In.Spans[0].First)
	for _, u := range b.result.Edges {
		if u.Name == "link" {
			c.count("fifo_max_occupancy", u.MaxOccupancy)
		}
	}
	return c, nil
}
