package sched

import (
	"math"
	"slices"

	"github.com/convsim/convsim/internal/conv"
)

// Reads is the loop nest in which one frame's stored beats are read: the beat
// of step (y, x, i) is Row[y] + Col[x] + Inner[i]. The free tables answer which
// beats no later step reads, which is when they may be overwritten.
type Reads struct {
	Row, Col []int64
	Inner    []int32
	frame    int64 // beats of the frame

	// Smallest address of the steps after i within a pixel, after x within a
	// row, after y within the frame; farAway when there are none.
	innerAfter []int32
	colAfter   []int64
	rowAfter   []int64

	rowRuns, colRuns []span

	vector     int    // inner steps of one vector
	vectorRuns []span // of the vectors of a pixel
	linear     bool   // the vectors of a row are shifted copies of each other, whatever their pixel
}

const (
	farAway      = math.MaxInt64 / 4
	innerFarAway = math.MaxInt32
)

// NewReads derives the free tables of a nest over frames of frameBeats beats.
func NewReads(row, col []int64, inner []int32, frameBeats int64) *Reads {
	r := &Reads{Row: row, Col: col, Inner: inner, frame: frameBeats}
	r.vector = len(inner)
	r.innerAfter = make([]int32, len(inner))
	least := int32(innerFarAway)
	for i := len(inner) - 1; i >= 0; i-- {
		r.innerAfter[i] = least
		least = min(least, inner[i])
	}
	r.colAfter = after(col)
	r.rowAfter = after(row)
	r.rowRuns, r.colRuns = runs(row, r.rowAfter), runs(col, r.colAfter)
	return r
}

func after(a []int64) []int64 {
	out := make([]int64, len(a))
	least := int64(farAway)
	for i := len(a) - 1; i >= 0; i-- {
		out[i] = least
		least = min(least, a[i])
	}
	return out
}

// Steps is the number of reads of a frame.
func (r *Reads) Steps() int64 {
	return int64(len(r.Row)) * int64(len(r.Col)) * int64(len(r.Inner))
}

// FrameBeats is the number of beats stored per frame.
func (r *Reads) FrameBeats() int64 { return r.frame }

// InnerAfter holds, per inner step, the smallest offset the later inner steps
// of the same pixel read.
func (r *Reads) InnerAfter() []int32 { return r.innerAfter }

// PixelAfter is the smallest address any pixel after (y, x) reads, at most the
// end of the frame.
func (r *Reads) PixelAfter(y, x int) int64 {
	_, after := r.Column(x)
	return min(r.Row[y]+after, r.RowAfter(y))
}

// RowAfter is the smallest address any row after y reads, at most the end of the frame.
func (r *Reads) RowAfter(y int) int64 { return min(r.rowAfter[y], r.frame) }

// Column is the offset of a pixel within its row, and the smallest of those after it.
func (r *Reads) Column(x int) (first, after int64) { return r.Col[x], r.colAfter[x] }

// WindowReads is the read nest of a serial window over the padded image: per
// output pixel, group fold, then kernel tap, then channel fold.
func (f Fold) WindowReads() *Reads { return f.shared(false, f.windowReads) }

func (f Fold) windowReads() *Reads {
	s, cf := f.Shape, f.PixelBeats()
	width := int64(s.PaddedWidth()) * cf
	row := steps(s.OutHeight, int64(s.Stride.H)*width)
	col := steps(s.OutWidth, int64(s.Stride.W)*cf)
	inner := make([]int32, 0, f.GroupFolds*f.VectorBeats())
	for g := range f.GroupFolds {
		for ky := range s.Kernel.H {
			for kx := range s.Kernel.W {
				tap := int64(ky*s.Dilation.H)*width + int64(kx*s.Dilation.W)*cf
				for c := range f.ChannelFolds {
					inner = append(inner, int32(tap+int64(g*f.ChannelFolds+c)))
				}
			}
		}
	}
	r := NewReads(row, col, inner, f.PaddedBeats())
	r.inVectors(f.VectorBeats())
	return r
}

func steps(n int, step int64) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = int64(i) * step
	}
	return out
}

// PadReads is the read nest of a padding stage that re-reads stored beats
// (reflect, replicate, circular): the padded raster, each position naming the
// image beat it shows.
func (f Fold) PadReads() *Reads { return f.shared(true, f.padReads) }

func (f Fold) padReads() *Reads {
	s, cf := f.Shape, f.PixelBeats()
	row := make([]int64, s.PaddedHeight())
	for y := range row {
		row[y] = int64(shown(s.PaddingMode, y-s.Pad.Top, s.InHeight)) * int64(s.InWidth) * cf
	}
	col := make([]int64, s.PaddedWidth())
	for x := range col {
		col[x] = int64(shown(s.PaddingMode, x-s.Pad.Left, s.InWidth)) * cf
	}
	inner := make([]int32, cf)
	for i := range inner {
		inner[i] = int32(i)
	}
	return NewReads(row, col, inner, f.InputBeats())
}

func shown(mode conv.PaddingMode, i, n int) int {
	at, ok := conv.SourceIndex(mode, i, n)
	if !ok {
		panic("sched: zero padding has no stored beat to read")
	}
	return at
}

// Depth is the smallest cyclic buffer, in beats, with which the nest cannot
// wait for itself: the largest distance between a beat that must have arrived
// and an older one that a step still needs, plus one. Pixels are assumed to
// read ascending runs, or the same offsets relative to their base.
func (r *Reads) Depth() int64 {
	deepest := int64(0)
	arrived := int64(-1) // newest beat read before this pixel
	widest := int64(slices.Max(r.Inner))
	for y := range r.Row {
		if y > 1 && y < len(r.Row)-1 && r.sameRow(y) {
			arrived = max(arrived, r.Row[y]+r.Col[len(r.Col)-1]+widest)
			continue
		}
		if y > 1 && r.Row[y] == r.Row[y-1] && r.Row[y-1] == r.Row[y-2] && r.rowAfter[y] == r.rowAfter[y-1] {
			continue // shown once more, after it was shown again: nothing new has to arrive
		}
		for x := range r.Col {
			deepest = max(deepest, r.pixelDepth(y, x, arrived))
			arrived = max(arrived, r.Row[y]+r.Col[x]+widest)
		}
	}
	return deepest
}

// sameRow says whether row y relates to its neighbours as the row before did,
// so that it cannot need more room than that one.
func (r *Reads) sameRow(y int) bool {
	d := r.Row[y] - r.Row[y-1]
	return d > 0 && r.Row[y-1]-r.Row[y-2] == d && r.Row[y+1]-r.Row[y] == d &&
		r.rowAfter[y] == r.Row[y+1] && r.rowAfter[y-1] == r.Row[y]
}

func (r *Reads) pixelDepth(y, x int, arrived int64) int64 {
	base := r.Row[y] + r.Col[x]
	next := min(r.Row[y]+r.colAfter[x], r.rowAfter[y])
	deepest := int64(0)
	for i, off := range r.Inner {
		at := base + int64(off)
		arrived = max(arrived, at)
		oldest := min(at, next)
		if a := r.innerAfter[i]; a != innerFarAway {
			oldest = min(oldest, base+int64(a))
		}
		deepest = max(deepest, arrived-oldest+1)
	}
	return deepest
}

// Arrived is how many beats of the frame must have arrived for its first
// `steps` reads.
func (r *Reads) Arrived(steps int64) int64 {
	switch {
	case steps <= 0:
		return 0
	case steps >= r.Steps():
		return slices.Max(r.Row) + slices.Max(r.Col) + int64(slices.Max(r.Inner)) + 1
	}
	pixel := int64(len(r.Inner))
	rowSteps := pixel * int64(len(r.Col))
	newest := int64(-1)
	for y := range r.Row {
		left := steps - int64(y)*rowSteps
		if left <= 0 {
			break
		}
		newest = max(newest, r.Row[y]+r.rowArrived(min(left, rowSteps)))
	}
	return newest + 1
}

func (r *Reads) rowArrived(steps int64) int64 {
	pixel := int64(len(r.Inner))
	newest := int64(-1)
	if steps == pixel*int64(len(r.Col)) {
		return slices.Max(r.Col) + int64(slices.Max(r.Inner))
	}
	for x := range r.Col {
		left := steps - int64(x)*pixel
		if left <= 0 {
			break
		}
		for _, off := range r.Inner[:min(left, pixel)] {
			newest = max(newest, r.Col[x]+int64(off))
		}
	}
	return newest
}

// WindowDepth is the depth in beats of a serial window's buffer: that of FINN, but
// no more than a frame, which is all there is to hold.
func (f Fold) WindowDepth() int64 {
	s, frame := f.Shape, f.PaddedBeats()
	if s.Stride.H > s.PaddedHeight()+f.Taps || s.Stride.W > s.PaddedHeight()*s.PaddedWidth()+f.Taps {
		return frame // which the formula would exceed, and perhaps an integer
	}
	return min(f.FINNWindowDepth(), frame)
}

// FINNWindowDepth is the depth in beats of FINN's cyclic window buffer: the span
// of one window, plus room to load the rows and columns a large stride skips
// (Xilinx/finn, convolutioninputgenerator_rtl.py).
func (f Fold) FINNWindowDepth() int64 {
	s, cf := f.Shape, f.PixelBeats()
	width, taps := int64(s.PaddedWidth()), int64(f.Taps)
	return f.windowSpan() + max(0, (int64(s.Stride.W)-1-taps)*cf) +
		max(0, ((int64(s.Stride.H)-1)*width-taps)*cf)
}

// LeastWindowDepth is the smallest depth in beats of a serial window's buffer
// that cannot wait for itself: when the last tap of a window is due, all beats
// that this or a later window still reads must be held.
func (f Fold) LeastWindowDepth() int64 {
	r := f.WindowReads()
	step := int64(farAway)
	if len(r.Col) > 1 {
		step = r.Col[1]
	}
	if len(r.Row) > 1 {
		step = min(step, r.Row[1]-r.Col[len(r.Col)-1])
	}
	deepest, newest := int64(0), int64(0)
	for i, off := range r.Inner {
		newest = max(newest, int64(off))
		oldest := min(int64(off), step)
		if a := r.innerAfter[i]; a != innerFarAway {
			oldest = min(oldest, int64(a))
		}
		deepest = max(deepest, newest-oldest+1)
	}
	return deepest
}

// windowSpan is the number of beats from the first beat of a window's first tap
// to the last beat of its last tap.
func (f Fold) windowSpan() int64 { return (f.tapDistance() + 1) * f.PixelBeats() }

// tapDistance is the number of padded pixels from a window's first to its last
// tap.
func (f Fold) tapDistance() int64 {
	s := f.Shape
	return int64((s.Kernel.H-1)*s.Dilation.H)*int64(s.PaddedWidth()) + int64((s.Kernel.W-1)*s.Dilation.W)
}

// ParallelDepth is the number of beats FINN's parallel window holds in shift
// registers and line buffers.
func (f Fold) ParallelDepth() int64 { return f.tapDistance()*f.PixelBeats() + 2 }

// LastTap is the offset in beats from a window's first beat to the pixel of its
// last tap.
func (f Fold) LastTap() int64 { return f.tapDistance() * f.PixelBeats() }

// AlikeRows returns the rows [first, last] around y that are shifted copies of
// each other: the same distance from row to row, of the reads themselves and of
// the beats they set free, or none of them sets any free.
func (r *Reads) AlikeRows(y int) (first, last int) {
	return int(r.rowRuns[y].first), int(r.rowRuns[y].last)
}

// AlikePixels returns the pixels [first, last] of row y around x that are
// shifted copies of each other.
func (r *Reads) AlikePixels(y, x int) (first, last int) {
	first, last = int(r.colRuns[x].first), int(r.colRuns[x].last)
	freed := r.PixelAfter(y, last) - r.PixelAfter(y, first)
	if freed != 0 && freed != r.Col[last]-r.Col[first] { // a later row stops it rising
		return x, x
	}
	return first, last
}

// inVectors says that a pixel's inner steps are vectors of so many steps, and finds
// the runs of them that are shifted copies of each other.
func (r *Reads) inVectors(steps int) {
	r.vector = steps
	for first := 0; first < len(r.Inner)/steps; {
		last := first
		for r.shifted(last, r.step(first)) {
			last++
		}
		for range last - first + 1 {
			r.vectorRuns = append(r.vectorRuns, span{int32(first), int32(last)})
		}
		first = last + 1
	}
	r.linear = r.isLinear()
}

// step is from vector i to the next one, 0 after the last.
func (r *Reads) step(i int) int32 {
	if at := (i + 1) * r.vector; at < len(r.Inner) {
		return r.Inner[at] - r.Inner[i*r.vector]
	}
	return 0
}

// shifted reports whether the vector after vector i is like it, moved by step.
func (r *Reads) shifted(i int, step int32) bool {
	at := i * r.vector
	if step <= 0 || at+2*r.vector > len(r.Inner) {
		return false
	}
	for j := at; j < at+r.vector; j++ {
		k := j + r.vector
		if r.Inner[k]-r.Inner[j] != step || r.innerAfter[k]-r.innerAfter[j] != step {
			return false
		}
	}
	return true
}

// Vector is how many inner steps a vector has; a pixel has one or more.
func (r *Reads) Vector() int { return r.vector }

// AlikeVectors returns the vectors [first, last] of pixel (y, x) around number i that
// are shifted copies of each other.
func (r *Reads) AlikeVectors(y, x, i int) (first, last int) {
	if i >= len(r.vectorRuns) {
		return i, i
	}
	first, last = int(r.vectorRuns[i].first), int(r.vectorRuns[i].last)
	if int64(r.innerAfter[(last+1)*r.vector-1]) > r.PixelAfter(y, x)-r.Row[y]-r.Col[x] {
		return i, i // what later pixels read stops it rising
	}
	return first, last
}

// Linear reports whether the vectors of a row are shifted copies of each other whatever
// their pixel: those of the next pixel go on where those of the one before end.
func (r *Reads) Linear() bool { return r.linear }

func (r *Reads) isLinear() bool {
	n, step := len(r.Inner)/r.vector, r.step(0)
	if n < 2 || len(r.Col) < 2 || r.Col[1]-r.Col[0] != int64(n)*int64(step) {
		return false
	}
	for i, at := range r.Inner[r.vector:] { // what the last of a pixel sets free, AlikeLinear looks at
		if at-r.Inner[i] != step || i < len(r.Inner)-2*r.vector && r.innerAfter[i+r.vector]-r.innerAfter[i] != step {
			return false
		}
	}
	return true
}

// AlikeLinear returns the pixels [first, last] of row y around x in which all vectors
// of a linear nest are shifted copies of each other, but for the last one of them all. The last
// pixel of a row is one of them: more is set free behind it, by its last vector alone.
func (r *Reads) AlikeLinear(y, x int) (first, last int) {
	end := len(r.Col) - 1
	at := min(x, end-1)
	first, last = r.AlikePixels(y, at)
	if r.PixelAfter(y, at)-r.Row[y]-r.Col[at] != r.Col[1]-r.Col[0] { // what is set free does not go on with the reads
		return x, x
	}
	if last == end-1 {
		last = end
	}
	return first, last
}

// span is a run of indices, both ends inclusive.
type span struct{ first, last int32 }

// runs finds, for every index, the run around it in which addresses rise by the
// same constant, and with them what is set free; or nothing is set free at all,
// since something at or before the run's first address is read again later.
func runs(at, after []int64) []span {
	out := make([]span, len(at))
	for first := 0; first < len(at); {
		last := first
		if first+1 < len(at) {
			step, frees := at[first+1]-at[first], after[first+1]-after[first]
			alike := frees == step || frees == 0 && step > 0 && after[first] <= at[first]
			for alike && last+1 < len(at) && at[last+1]-at[last] == step && after[last+1]-after[last] == frees {
				last++
			}
		}
		for i := first; i <= last; i++ {
			out[i] = span{int32(first), int32(last)}
		}
		first = last + 1
	}
	return out
}
