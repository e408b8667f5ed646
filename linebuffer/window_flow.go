package linebuffer

import (
	"context"
	"slices"
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
	g := newGather(f)
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
	s, idle := w.fold.Shape, w.fold.Windows(tensor.Int8).Idle
	all := s.Groups * s.OutWidth * w.gather.elements
	shown := &shownWindows[T]{of: w}
	for range frames {
		rows := keep[T](in[0], s.PaddedHeight())
		for oy := range s.OutHeight {
			windows := shown.take()
			for ky := range s.Kernel.H {
				y := oy*s.Stride.H + ky*s.Dilation.H
				row, err := rows.get(ctx, y)
				if err != nil {
					return err
				}
				windows.Rows[ky], windows.slabs[ky] = row, rows.slabs[y].Again()
			}
			if err := out[0].Send(ctx, flow.NewGathered(windows, all, idle)); err != nil {
				return err
			}
			for y := min((oy+1)*s.Stride.H, len(rows.rows)) - 1; y >= 0 && rows.rows[y] != nil; y-- {
				rows.drop(y)
			}
		}
		if err := rows.drain(ctx); err != nil {
			return err
		}
	}
	return nil
}

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
	s, g := w.fold.Shape, w.gather
	n := s.Groups * s.OutWidth * g.elements
	data := slices.Grow(room[:0], n)[:n]
	at := 0
	for group := range s.Groups {
		first := group * s.GroupInChannels()
		for ox := range s.OutWidth {
			vector := data[at : at+g.elements]
			for _, r := range g.runs {
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

// gather says which runs of row elements make up a vector.
type gather struct {
	runs     []run
	elements int // of a vector, with the lanes of uneven folds
}

// run is length channels of a tap, from channel on, that go to element to.
type run struct{ ky, kx, channel, to, length int }

func newGather(f sched.Fold) gather {
	g := gather{elements: f.VectorElements()}
	lanes := f.BeatElements()
	for b, beat := range f.Order() {
		for lane, tap := range beat {
			to := b*lanes + lane
			if n := len(g.runs); n > 0 {
				last := &g.runs[n-1]
				if last.ky == tap.KY && last.kx == tap.KX && last.channel+last.length == tap.C && last.to+last.length == to {
					last.length++
					continue
				}
			}
			g.runs = append(g.runs, run{tap.KY, tap.KX, tap.C, to, 1})
		}
	}
	return g
}
