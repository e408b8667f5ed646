package linebuffer

import (
	"context"
	"slices"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Kernel makes the padded rows.
func (p Pad) Kernel(flow.Constants) (flow.Kernel, error) {
	return padding(p.Fold, p.Elem, p.zero())
}

// Kernel makes the padded rows.
func (p AddressedPad) Kernel(flow.Constants) (flow.Kernel, error) { return padding(p.Fold, p.Elem, 0) }

func padding(f sched.Fold, elem tensor.DType, zero float64) (flow.Kernel, error) {
	return flow.Cases{Int8: padRows[int8]{f, int8(zero)}, UInt8: padRows[uint8]{f, uint8(zero)}, Int16: padRows[int16]{f, int16(zero)},
		Int32: padRows[int32]{f, int32(zero)}, Float32: padRows[float32]{f, float32(zero)}}.For(elem)
}

// padRows takes rows of pixels and makes rows of the padded image. Padding that
// shows image pixels keeps rows as long as a later padded row shows them.
type padRows[T flow.Element] struct {
	fold sched.Fold
	zero T
}

// Run pads all frames.
func (p padRows[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	s := p.fold.Shape
	return flow.Through(ctx, p, s.PaddedHeight(), s.InHeight, in[0], out[0], frames)
}

// Takes implements flow.Banded.
func (p padRows[T]) Takes(made flow.Span) flow.Span {
	s := p.fold.Shape
	taken := flow.Span{From: s.InHeight}
	for y := made.From; y < made.To; y++ {
		if row, ok := s.SourceRow(y); ok {
			taken = flow.Span{From: min(taken.From, row), To: max(taken.To, row+1)}
		}
	}
	if taken.To == 0 { // nothing but zeros, above the image or below it
		at := min(max(0, made.From-s.Pad.Top), s.InHeight)
		taken = flow.Span{From: at, To: at}
	}
	return taken
}

// Band implements flow.Banded.
func (p padRows[T]) Band(made, taken flow.Span, in flow.Rows, _ int) flow.Band {
	return &padBand[T]{of: p, made: made, at: made.From, rows: keep[T](in, taken), done: shownLast(p.fold.Shape), pool: flow.NewPool[T]()}
}

// padBand are padded rows.
type padBand[T flow.Element] struct {
	of   padRows[T]
	made flow.Span
	at   int
	rows keptRows[T]
	done [][]int // by padded row
	pool *flow.Pool[T]
}

// Next implements flow.Band.
func (b *padBand[T]) Next(ctx context.Context) (padded flow.Slab, err error) {
	s := &b.of.fold.Shape
	var row []T
	if src, ok := s.SourceRow(b.at); ok {
		if row, _, err = b.rows.get(ctx, src); err != nil {
			return flow.Slab{}, err
		}
	}
	padded, to := b.pool.Take(s.PaddedWidth()*s.InChannels, b.of.fold.IdlePixelLanes()*int64(s.PaddedWidth()))
	b.of.widen(to, row)
	b.rows.drop(b.done[b.at]...)
	b.at++
	return padded, nil
}

// End implements flow.Band.
func (b *padBand[T]) End(ctx context.Context) error {
	b.at = b.made.From
	return b.rows.end(ctx)
}

// Close implements flow.Band.
func (b *padBand[T]) Close() { b.pool.Close() }

// widen pads a row of pixels, nil for a row of nothing but zeros.
func (p padRows[T]) widen(padded, row []T) {
	s, c := &p.fold.Shape, p.fold.Shape.InChannels
	if row == nil {
		fill(padded, p.zero)
		return
	}
	inside := padded[s.Pad.Left*c:][:s.InWidth*c]
	copy(inside, row)
	for x := range s.PaddedWidth() - s.InWidth {
		if x >= s.Pad.Left {
			x += s.InWidth
		}
		pixel := padded[x*c : (x+1)*c]
		if src, ok := s.SourceColumn(x); ok {
			copy(pixel, row[src*c:(src+1)*c])
		} else {
			fill(pixel, p.zero)
		}
	}
}

// fill sets all elements of a row.
func fill[T flow.Element](row []T, v T) {
	for i := range row {
		row[i] = v
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
	rows := make([]int, s.InHeight)
	for row := range rows {
		rows[row] = row
	}
	slices.SortStableFunc(rows, func(a, b int) int { return last[a] - last[b] })
	done := make([][]int, s.PaddedHeight())
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && last[rows[n]] == last[rows[0]] {
			n++
		}
		done[last[rows[0]]], rows = rows[:n], rows[n:]
	}
	return done
}
