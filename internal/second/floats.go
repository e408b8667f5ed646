package second

import (
	"context"
	"runtime"
	"slices"

	"github.com/convsim/convsim/internal/abreast"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/reuse"
)

// FloatLayer is a convolution of float32 numbers; its definition is conv.ReferenceFloat.
type FloatLayer struct {
	Shape   conv.Shape
	Order   conv.Order // in which products are added up
	Weights []float32  // OIHW
	Bias    []float32  // nil for none
}

// floatWork is a layer as it is computed: every channel of the padded image is a plane, of one
// phase of the rows and columns behind the other, so that the pixels that a tap shows to
// neighbouring outputs lie side by side. Weights are read where they are.
type floatWork struct {
	*FloatLayer
	height, width int      // of one phase
	taps          [][2]int // where a tap finds its pixels and its weight, in bytes
	beats         []int    // taps of each
	bias          []float32
}

// FloatSums computes all outputs of a batch x, NCHW, and hands them to visit as Sums does. It
// reports false where the processor has no loops for them.
func FloatSums(ctx context.Context, l FloatLayer, x []float32, visit func(image, channel, y int, sums []float32)) bool {
	if len(floatLoops) == 0 || l.Shape.OutputElements() == 0 {
		return false
	}
	l.Shape = withoutIdleStrides(l.Shape)
	w := newFloatWork(&l)
	s := &l.Shape
	cells := reuse.Take[float32](s.InChannels*w.plane() + w.width + mostPositions)
	defer reuse.Give(cells)
	clear(cells)
	per := s.InChannels * s.InHeight * s.InWidth
	for image := range s.Batch {
		of := x[image*per:][:per]
		abreast.Do(ctx, s.InChannels, abreast.All, func() func(int) {
			return func(c int) { w.fill(cells[c*w.plane():][:w.plane()], of[c*s.InHeight*s.InWidth:]) }
		})
		w.run(ctx, cells, func(channel, y int, sums []float32) { visit(image, channel, y, sums) })
	}
	return true
}

func newFloatWork(l *FloatLayer) *floatWork {
	s := &l.Shape
	w := &floatWork{FloatLayer: l, bias: l.Bias, height: (s.PaddedHeight() + s.Stride.H - 1) / s.Stride.H, width: (s.PaddedWidth() + s.Stride.W - 1) / s.Stride.W}
	if w.bias == nil {
		w.bias = make([]float32, s.OutChannels)
	}
	alone := true
	for _, beat := range l.Order {
		for _, t := range beat {
			y, x := t.KY*s.Dilation.H, t.KX*s.Dilation.W
			phase := y%s.Stride.H*s.Stride.W + x%s.Stride.W
			at := t.C*w.plane() + (phase*w.height+y/s.Stride.H)*w.width + x/s.Stride.W
			w.taps = append(w.taps, [2]int{4 * at, 4 * ((t.C*s.Kernel.H+t.KY)*s.Kernel.W + t.KX)})
		}
		if len(beat) > 0 {
			w.beats, alone = append(w.beats, len(beat)), alone && len(beat) == 1
		}
	}
	if alone { // a sum that began with +0 is never -0: to it, a product is what 0 and the product are
		w.beats = []int{len(w.taps)}
	}
	return w
}

// plane is how many cells a channel has.
func (w *floatWork) plane() int { return w.Shape.Stride.H * w.Shape.Stride.W * w.height * w.width }

// fill puts a channel's pixels x into its plane.
func (w *floatWork) fill(plane, x []float32) {
	s := &w.Shape
	for y := range s.PaddedHeight() {
		from, ok := s.SourceRow(y)
		if !ok {
			continue // zeros are there already
		}
		row := x[from*s.InWidth:][:s.InWidth]
		for phase := range s.Stride.W {
			to := plane[((y%s.Stride.H*s.Stride.W+phase)*w.height+y/s.Stride.H)*w.width:][:w.width]
			w.columns(to, row, phase)
		}
	}
}

// columns puts every stride-th pixel of a row of the padded image into to, from phase on.
func (w *floatWork) columns(to, row []float32, phase int) {
	s := &w.Shape
	stride, width := s.Stride.W, s.PaddedWidth()
	first := (max(0, s.Pad.Left-phase) + stride - 1) / stride // inside the image
	if stride == 1 {
		copy(to[first:], row)
	} else {
		for j, x := first, first*stride+phase-s.Pad.Left; x < len(row); j, x = j+1, x+stride {
			to[j] = row[x]
		}
	}
	for j, x := 0, phase; x < width; j, x = j+1, x+stride {
		if x >= s.Pad.Left && x < s.Pad.Left+len(row) { // on to the pixels behind the image
			j = (s.Pad.Left + len(row) - phase + stride - 1) / stride
			if x = j*stride + phase; x >= width {
				return
			}
		}
		if at, ok := s.SourceColumn(x); ok {
			to[j] = row[at]
		}
	}
}

// run computes an image: a band of rows of all outputs, then the next.
func (w *floatWork) run(ctx context.Context, cells []float32, visit func(channel, y int, sums []float32)) {
	s := &w.Shape
	outputs := s.GroupOutChannels()
	rows := max(1, min(s.OutHeight, inCache/(4*s.GroupInChannels()*s.Stride.H*s.Stride.W*w.width)))
	bands := (s.OutHeight + rows - 1) / rows
	widest := floatLoops[0].outputs
	parts := min((outputs+widest-1)/widest, max(1, 8*runtime.GOMAXPROCS(0)/(bands*s.Groups)))
	abreast.Do(ctx, bands*s.Groups*parts, abreast.All, func() func(int) {
		sums := make([]float32, widest*(rows*w.width+mostPositions))
		return func(i int) {
			y, group, part := i/(s.Groups*parts)*rows, i/parts%s.Groups, i%parts
			n := min(rows, s.OutHeight-y)
			of := cells[group*s.GroupInChannels()*w.plane()+y*w.width:]
			for o := outputs * part / parts; o < outputs*(part+1)/parts; {
				first := group*outputs + o
				done := w.rows(sums, of, first, outputs*(part+1)/parts-o, n)
				w.show(sums, first, done, y, n, visit)
				o += done
			}
		}
	})
}

// rows computes n rows of some outputs, and returns of how many.
func (w *floatWork) rows(sums, cells []float32, first, most, n int) int {
	s := &w.Shape
	l := floatLoops[slices.IndexFunc(floatLoops, func(l floatWidth) bool { return l.outputs <= most })]
	stride := len(sums) / l.outputs
	weights := w.Weights[first*s.Taps():]
	for p, all := 0, (n-1)*w.width+s.OutWidth; p < all; {
		loop := l.loops[len(l.loops)-1]
		for _, wider := range l.loops {
			if p+wider.positions/2 < all {
				loop = wider
				break
			}
		}
		loop.run(&sums[p], 4*stride, &cells[p], &w.taps[0], &w.beats[0], len(w.beats), &weights[0], 4*s.Taps(), &w.bias[first])
		p += loop.positions
	}
	return l.outputs
}

// show hands rows of some outputs on.
func (w *floatWork) show(sums []float32, first, outputs, y, n int, visit func(channel, y int, sums []float32)) {
	stride := len(sums) / outputs
	for o := range outputs {
		of := sums[o*stride:]
		if w.width == w.Shape.OutWidth {
			visit(first+o, y, of[:n*w.width])
			continue
		}
		for i := range n {
			visit(first+o, y+i, of[i*w.width:][:w.Shape.OutWidth])
		}
	}
}
