package linebuffer

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Kernel makes the vectors.
func (w Window) Kernel(flow.Constants) (flow.Kernel, error) { return windows(w.Fold, w.Elem) }

// Kernel makes the vectors.
func (w ShiftWindow) Kernel(flow.Constants) (flow.Kernel, error) { return windows(w.Fold, w.Elem) }

func windows(f sched.Fold, elem tensor.DType) (flow.Kernel, error) {
	g := gather{f.VectorElements(), sync.OnceValue(func() []run { return runsOf(f) })}
	return flow.Cases{Int8: windowRows[int8]{f, g}, UInt8: windowRows[uint8]{f, g}, Int16: windowRows[int16]{f, g},
		Int32: windowRows[int32]{f, g}, Float32: windowRows[float32]{f, g}}.For(elem)
}

// windowRows is line buffer and sliding window: it takes rows of the padded
// image and makes, per row of outputs, the vectors of one group after the
// other, one per output pixel.
type windowRows[T flow.Element] struct {
	fold   sched.Fold
	gather gather
}

// Run slides over all frames.
func (w windowRows[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	s := w.fold.Shape
	return flow.Through(ctx, w, s.OutHeight, s.PaddedHeight(), in[0], out[0], frames)
}

// Takes implements flow.Banded.
func (w windowRows[T]) Takes(made flow.Span) flow.Span {
	s := w.fold.Shape
	first := min(made.From*s.Stride.H, s.PaddedHeight())
	if made.From == made.To {
		return flow.Span{From: first, To: first}
	}
	return flow.Span{From: first, To: (made.To-1)*s.Stride.H + (s.Kernel.H-1)*s.Dilation.H + 1}
}

// Band implements flow.Banded.
func (w windowRows[T]) Band(made, taken flow.Span, in flow.Rows, _ int) flow.Band {
	return &windowBand[T]{made: made, at: made.From, rows: keep[T](in, taken), shown: &shownWindows[T]{of: w}, idle: w.fold.Windows(tensor.Int8).Idle}
}

// windowBand are windows of rows of outputs.
type windowBand[T flow.Element] struct {
	made  flow.Span
	at    int
	rows  keptRows[T]
	shown *shownWindows[T]
	idle  int64
}

// Next implements flow.Band.
func (b *windowBand[T]) Next(ctx context.Context) (flow.Slab, error) {
	w := b.shown.of
	s, windows := &w.fold.Shape, b.shown.take()
	for ky := range s.Kernel.H {
		row, slab, err := b.rows.get(ctx, b.at*s.Stride.H+ky*s.Dilation.H)
		if err != nil {
			return flow.Slab{}, err
		}
		windows.Rows[ky], windows.slabs[ky] = row, slab.Again()
	}
	b.at++
	for y := min(b.at*s.Stride.H, b.rows.next()) - 1; b.rows.holds(y); y-- {
		b.rows.drop(y)
	}
	return flow.NewGathered(windows, s.Groups*s.OutWidth*w.gather.elements, b.idle), nil
}

// End implements flow.Band.
func (b *windowBand[T]) End(ctx context.Context) error {
	b.at = b.made.From
	return b.rows.end(ctx)
}

// Close implements flow.Band.
func (*windowBand[T]) Close() {}

// Windows are the windows of a row of outputs where they lie: in the rows of the
// padded image that they show, pixels with their channels innermost.
type Windows[T flow.Element] struct {
	Rows  [][]T       // one a row of the kernel
	slabs []flow.Slab // they came in
	from  *shownWindows[T]
	users atomic.Int32
}

// Elements puts the windows together: the vectors of one group after the other, one an
// output pixel.
func (w *Windows[T]) Elements() []T { return w.from.of.vectors(nil, w.Rows) }

// VectorsOf are the elements of a slab, windows put together in the place of what room holds.
func VectorsOf[T flow.Element](room *[]T, slab flow.Slab) []T {
	w, ok := slab.Data.(*Windows[T])
	if !ok {
		return flow.Of[T](slab)
	}
	*room = w.from.of.vectors(*room, w.Rows)
	return *room
}

// Again implements flow.Lent.
func (w *Windows[T]) Again() { w.users.Add(1) }

// Release implements flow.Lent.
func (w *Windows[T]) Release() {
	if w.users.Add(-1) > 0 {
		return
	}
	for _, slab := range w.slabs {
		slab.Release()
	}
	w.from.free.Give(w)
}

// shownWindows are those of a layer that nobody looks at any more.
type shownWindows[T flow.Element] struct {
	of   windowRows[T]
	free flow.FreeList[Windows[T]]
}

// take makes windows of no rows yet.
func (s *shownWindows[T]) take() *Windows[T] {
	w := s.free.Take()
	if w == nil {
		height := s.of.fold.Shape.Kernel.H
		w = &Windows[T]{Rows: make([][]T, height), slabs: make([]flow.Slab, height), from: s}
	}
	w.users.Store(1)
	return w
}

// vectors collects those of one output row.
func (w windowRows[T]) vectors(room []T, rows [][]T) []T {
	s, g, runs := w.fold.Shape, w.gather, w.gather.runs()
	n := s.Groups * s.OutWidth * g.elements
	data := slices.Grow(room[:0], n)[:n]
	at := 0
	for group := range s.Groups {
		first := group * s.GroupInChannels()
		for ox := range s.OutWidth {
			vector := data[at : at+g.elements]
			for _, r := range runs {
				from := (ox*s.Stride.W+r.kx*s.Dilation.W)*s.InChannels + first + r.channel
				if r.length == 1 {
					vector[r.to] = rows[r.ky][from]
					continue
				}
				copy(vector[r.to:r.to+r.length], rows[r.ky][from:from+r.length])
			}
			at += g.elements
		}
	}
	return data
}

// gather says which runs of row elements make up a vector, if somebody asks.
type gather struct {
	elements int // of a vector, with the lanes of uneven folds
	runs     func() []run
}

// run is length channels of a tap, from channel on, that go to element to.
type run struct{ ky, kx, channel, to, length int }

// runsOf lists the runs of a vector.
func runsOf(f sched.Fold) (runs []run) {
	lanes := f.BeatElements()
	for b, beat := range f.Order() {
		for lane, tap := range beat {
			to := b*lanes + lane
			if n := len(runs); n > 0 {
				last := &runs[n-1]
				if last.ky == tap.KY && last.kx == tap.KX && last.channel+last.length == tap.C && last.to+last.length == to {
					last.length++
					continue
				}
			}
			runs = append(runs, run{tap.KY, tap.KX, tap.C, to, 1})
		}
	}
	return runs
}
