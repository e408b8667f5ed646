package linebuffer

import (
	"context"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// Element is what value streams carry: integers with their zero point taken
// off, or floats.
type Element interface{ int32 | float32 }

// PadValues is the padding stage of the value plane: rows of pixels in, rows of
// the padded image out, frames frames. Padding that shows image pixels keeps
// rows as long as a later padded row shows them.
func PadValues[T Element](ctx context.Context, f sched.Fold, frames int, in, out *flow.Stream[T]) error {
	done := shownLast(f.Shape)
	for range frames {
		rows := keptRows[T]{in: in, total: f.Shape.InHeight}
		for y := range f.Shape.PaddedHeight() {
			var row []T
			if src, ok := f.Shape.SourceRow(y); ok {
				var err error
				if row, err = rows.get(ctx, src); err != nil {
					return err
				}
			}
			padded := padRow(f.Shape, row)
			if err := out.Send(ctx, flow.Slab[T]{Data: padded, Idle: f.IdlePixelLanes() * int64(f.Shape.PaddedWidth())}); err != nil {
				return err
			}
			rows.drop(done[y])
		}
		if err := rows.drain(ctx); err != nil {
			return err
		}
	}
	return nil
}

// padRow widens a row of pixels, nil for a row of zeros.
func padRow[T Element](s conv.Shape, row []T) []T {
	c := s.InChannels
	padded := make([]T, s.PaddedWidth()*c)
	if row == nil {
		return padded
	}
	for x := 0; x < s.PaddedWidth(); x++ {
		if src, ok := s.SourceColumn(x); ok {
			copy(padded[x*c:(x+1)*c], row[src*c:(src+1)*c])
		}
	}
	return padded
}

// keptRows holds the rows of a frame between their arrival and their last use.
type keptRows[T Element] struct {
	in    *flow.Stream[T]
	total int
	rows  [][]T
}

// get returns a row, receiving up to it.
func (k *keptRows[T]) get(ctx context.Context, row int) ([]T, error) {
	for len(k.rows) <= row {
		slab, err := k.in.Receive(ctx)
		if err != nil {
			return nil, err
		}
		k.rows = append(k.rows, slab.Data)
	}
	return k.rows[row], nil
}

// drop lets go of rows.
func (k *keptRows[T]) drop(rows []int) {
	for _, row := range rows {
		k.rows[row] = nil
	}
}

// shownLast lists, for every padded row, the image rows that no later one shows.
func shownLast(s conv.Shape) [][]int {
	last := make([]int, s.InHeight)
	for y := range s.PaddedHeight() {
		if row, ok := s.SourceRow(y); ok {
			last[row] = y
		}
	}
	done := make([][]int, s.PaddedHeight())
	for row, y := range last {
		done[y] = append(done[y], row)
	}
	return done
}

// drain receives the rows that nothing showed.
func (k *keptRows[T]) drain(ctx context.Context) error {
	for len(k.rows) < k.total {
		if _, err := k.get(ctx, len(k.rows)); err != nil {
			return err
		}
	}
	return nil
}

// WindowValues is line buffer and sliding window of the value plane: rows of
// the padded image in; per row of outputs one slab for every array, with the
// vectors of each group fold together, one per output pixel.
func WindowValues[T Element](ctx context.Context, f sched.Fold, frames int, in *flow.Stream[T], out []*flow.Stream[T]) error {
	s := f.Shape
	gather := newGather(f)
	for range frames {
		rows := keptRows[T]{in: in, total: s.PaddedHeight()}
		for oy := range s.OutHeight {
			taps := make([][]T, s.Kernel.H)
			for ky := range taps {
				var err error
				if taps[ky], err = rows.get(ctx, oy*s.Stride.H+ky*s.Dilation.H); err != nil {
					return err
				}
			}
			for array, stream := range out {
				if err := stream.Send(ctx, gatherRow(gather, f, array, taps)); err != nil {
					return err
				}
			}
			for i := min((oy+1)*s.Stride.H, len(rows.rows)) - 1; i >= 0 && rows.rows[i] != nil; i-- {
				rows.rows[i] = nil
			}
		}
		if err := rows.drain(ctx); err != nil {
			return err
		}
	}
	return nil
}

// gather says which runs of row elements make up a vector.
type gather struct {
	runs     []run
	elements int // of a vector, with the lanes of uneven folds
	real     int // of them, those that carry data
}

// run is length channels of a tap, from channel on, that go to element to.
type run struct{ ky, kx, channel, to, length int }

func newGather(f sched.Fold) gather {
	g := gather{elements: f.VectorElements()}
	lanes := f.BeatElements()
	for b, beat := range f.Order() {
		for lane, tap := range beat {
			g.real++
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

// gatherRow collects the vectors of one output row for one array.
func gatherRow[T Element](g gather, f sched.Fold, array int, rows [][]T) flow.Slab[T] {
	s := f.Shape
	groups := f.GroupsOf(array)
	data := make([]T, len(groups)*s.OutWidth*g.elements)
	at := 0
	for _, group := range groups {
		first := group * s.GroupInChannels()
		for ox := range s.OutWidth {
			vector := data[at : at+g.elements]
			for _, r := range g.runs {
				from := (ox*s.Stride.W+r.kx*s.Dilation.W)*s.InChannels + first + r.channel
				copy(vector[r.to:r.to+r.length], rows[r.ky][from:from+r.length])
			}
			at += g.elements
		}
	}
	beats := int64(f.GroupFolds) * int64(f.VectorBeats()) * int64(s.OutWidth)
	lanes := int64(f.WindowLanes() / f.Array.GroupParallel)
	return flow.Slab[T]{Data: data, Idle: beats*lanes - int64(len(data))}
}
