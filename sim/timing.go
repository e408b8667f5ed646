package sim

import (
	"fmt"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
)

// Timing is one layer's pipeline as the time plane sees it.
type Timing struct {
	Fold        sched.Fold
	Frames      int64
	Overlap     bool   // the next frame may enter the window while this one leaves
	BufferDepth int64  // of a serial window in beats, 0 for the computed depth
	Requantize  bool   // a register stage follows the array
	Name        string // prefix of edge names, for layers in a chain

	FIFODepth   int            // of every edge that EdgeDepths does not name
	FIFOLatency int            // cycles
	EdgeDepths  map[string]int // by edge name

	// Rate is how many output pixels, per axis, this layer makes per output
	// pixel of the layer that paces the run; 1 for that layer itself.
	Rate conv.Pair
	Last bool // paces the run
}

// edge adds an edge of the layer, with its beats per pixel, row and frame.
func (t *Timing) edge(g *pipeline.Graph, name string, units pipeline.Units) *pipeline.Edge {
	depth, ok := t.EdgeDepths[name]
	if !ok {
		depth = t.FIFODepth
	}
	return g.NewEdge(pipeline.EdgeSpec{Name: t.Name + name, Depth: depth, Latency: t.FIFOLatency, Units: units})
}

// image is the units of a stream of pixels of the given width, per output pixel.
func (t *Timing) image(width int, frame int64) pipeline.Units {
	s, cf := t.Fold.Shape, t.Fold.PixelBeats()
	return pipeline.Units{
		int64(s.Stride.W*t.Rate.W) * cf,
		int64(s.Stride.H*t.Rate.H) * int64(width) * cf,
		frame,
	}
}

// output is the units of something that happens n times per output pixel.
func (t *Timing) output(n int64) pipeline.Units {
	s := t.Fold.Shape
	return pipeline.Units{
		int64(t.Rate.W) * n,
		int64(t.Rate.H) * int64(s.OutWidth) * n,
		int64(s.OutHeight) * int64(s.OutWidth) * n,
	}
}

// InputUnits is the units of the edge that feeds the layer.
func (t *Timing) InputUnits() pipeline.Units {
	return t.image(t.Fold.Shape.InWidth, t.Fold.InputBeats())
}

// OutputUnits is the units of the edge that the layer feeds.
func (t *Timing) OutputUnits() pipeline.Units {
	return t.output(int64(t.Fold.GroupFolds) * int64(t.Fold.OutFolds))
}

// PaddedUnits is the units of the edge that feeds the window.
func (t *Timing) PaddedUnits() pipeline.Units {
	return t.image(t.Fold.Shape.PaddedWidth(), t.Fold.PaddedBeats())
}

// WindowUnits is the units of the edge that the window feeds.
func (t *Timing) WindowUnits() pipeline.Units {
	return t.output(int64(t.Fold.GroupFolds) * int64(t.Fold.VectorBeats()))
}

// padded says whether the layer has a padding stage.
func (t *Timing) padded() bool { return t.Fold.Shape.Pad != conv.Sides{} }

// InputEdge is the name of the layer's first edge.
func (t *Timing) InputEdge() string {
	if t.padded() {
		return "source.pad"
	}
	return "source.window"
}

// OutputEdge is the name of the layer's last edge.
func (t *Timing) OutputEdge() string {
	if t.Requantize {
		return "requantize.sink"
	}
	return "array.sink"
}

// Add puts the layer between in and out and returns how many beats of the last
// frame's input the outputs need.
func (t *Timing) Add(g *pipeline.Graph, in, out *pipeline.Edge) (needed int64, err error) {
	pixels := in
	var pad func(n int64) int64
	if t.padded() {
		pixels = t.edge(g, "pad.window", t.PaddedUnits())
		pad = t.addPad(g, in, pixels)
	}
	windows := t.edge(g, "window.array", t.WindowUnits())
	needed, err = t.AddWindow(g, pixels, windows)
	if err != nil {
		return 0, err
	}
	if pad != nil {
		needed = pad(needed)
	}
	sums := out
	if t.Requantize {
		sums = t.edge(g, "array.requantize", t.OutputUnits())
	}
	pe.NewArray(g, windows, sums, pe.ArraySpec{VectorBeats: t.Fold.VectorBeats(), OutFolds: t.Fold.OutFolds,
		Vectors: t.Fold.Vectors() * t.Frames, Units: t.output(int64(t.Fold.GroupFolds))})
	if t.Requantize {
		pipeline.NewRegister(g, "requantize", sums, out, t.Fold.OutputBeats()*t.Frames)
	}
	return needed, nil
}

// addPad adds the padding stage and returns what limits it to n padded beats of
// the last frame, which returns the image beats those need.
func (t *Timing) addPad(g *pipeline.Graph, in, out *pipeline.Edge) func(n int64) int64 {
	s := t.Fold.Shape
	units := t.PaddedUnits()
	if s.PaddingMode == conv.Zeros {
		p := linebuffer.NewPad(g, in, out, linebuffer.PadSpec{Height: s.InHeight, Width: s.InWidth,
			Sides: s.Pad, Beats: t.Fold.PixelBeats(), Frames: t.Frames, Units: units})
		return func(n int64) int64 {
			p.Limit(n)
			return p.ImageBeats(n)
		}
	}
	reads := t.Fold.PadReads()
	b := linebuffer.NewBuffer(g, in, out, linebuffer.BufferSpec{WriteName: "pad.buffer", ReadName: "pad",
		Reads: reads, Depth: reads.Depth(), Frames: t.Frames, Overlap: t.Overlap,
		WriteUnits: t.InputUnits(), ReadUnits: units})
	return func(n int64) int64 {
		image := reads.Arrived(n)
		b.Limit(image, n)
		return image
	}
}

// AddWindow adds line buffer and window and returns how many beats of a frame
// the windows need.
func (t *Timing) AddWindow(g *pipeline.Graph, in, out *pipeline.Edge) (int64, error) {
	f, s := t.Fold, t.Fold.Shape
	var pacer *pipeline.Pacer
	if t.Last {
		pacer = g.NewPacer()
	}
	cf := f.PixelBeats()
	units := t.PaddedUnits()
	rowStep, colStep := int64(s.Stride.H)*int64(s.PaddedWidth())*cf, int64(s.Stride.W)*cf
	needed := int64(s.OutHeight-1)*rowStep + int64(s.OutWidth-1)*colStep + f.LastTap() + cf
	if f.Style == sched.Parallel {
		w := linebuffer.NewShiftWindow(g, in, out, linebuffer.ShiftSpec{Rows: s.OutHeight, Cols: s.OutWidth,
			RowStep: rowStep, ColStep: colStep, PixelBeats: cf, LastTap: f.LastTap(), FrameBeats: f.PaddedBeats(),
			Frames: t.Frames, Overlap: t.Overlap, WriteUnits: units, Pacer: pacer})
		w.Limit(needed)
		return needed, nil
	}
	reads := f.WindowReads()
	depth := t.BufferDepth
	if depth == 0 {
		depth = f.WindowDepth()
	} else if least := f.LeastWindowDepth(); depth < least {
		return 0, &BufferTooSmall{Depth: depth, Least: least, Default: f.WindowDepth()}
	}
	b := linebuffer.NewBuffer(g, in, out, linebuffer.BufferSpec{WriteName: "linebuffer", ReadName: "window",
		Reads: reads, Depth: depth, Frames: t.Frames, Overlap: t.Overlap,
		WriteUnits: units, ReadUnits: t.output(int64(len(reads.Inner))), Pacer: pacer})
	b.Limit(needed, reads.Steps())
	return needed, nil
}

// BufferTooSmall refuses a window buffer that could never hold a window.
type BufferTooSmall struct{ Depth, Least, Default int64 }

func (e *BufferTooSmall) Error() string {
	return fmt.Sprintf("window.buffer_depth %d is too small for this layer: a window needs %d beats at least, %d run without extra stalls", e.Depth, e.Least, e.Default)
}

// Build joins the layer to a source and a sink.
func (t *Timing) Build(source, sink pipeline.Gate) (*pipeline.Graph, error) {
	g := pipeline.NewGraph()
	in := t.edge(g, t.InputEdge(), t.InputUnits())
	from := pipeline.NewSource(g, in, source, t.Fold.InputBeats(), t.Frames)
	out := t.edge(g, t.OutputEdge(), t.OutputUnits())
	needed, err := t.Add(g, in, out)
	if err != nil {
		return nil, err
	}
	from.Limit(needed)
	pipeline.NewSink(g, out, sink, t.Fold.OutputBeats(), t.Frames)
	return g, nil
}
