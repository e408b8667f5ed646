package linebuffer

import (
	"context"
	"math"
	"slices"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Kernel makes the padded rows.
func (p Pad) Kernel(flow.Constants) (flow.Kernel, error) {
	if p.Least && p.Elem == tensor.Float32 {
		return padRows[float32]{p.Fold, float32(math.Inf(-1))}, nil
	}
	if p.Least {
		lo, _ := p.Elem.Range()
		return padding(p.Fold, p.Elem, int32(lo))
	}
	return padding(p.Fold, p.Elem, p.Zero)
}

// Kernel makes the padded rows.
func (p AddressedPad) Kernel(flow.Constants) (flow.Kernel, error) { return padding(p.Fold, p.Elem, 0) }

func padding(f sched.Fold, elem tensor.DType, zero int32) (flow.Kernel, error) {
	return flow.Cases{Int8: padRows[int8]{f, int8(zero)}, UInt8: padRows[uint8]{f, uint8(zero)}, Int16: padRows[int16]{f, int16(zero)},
		Int32: padRows[int32]{f, zero}, Float32: padRows[float32]{f, float32(zero)}}.For(elem)
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
	done, idle := shownLast(s), p.fold.IdlePixelLanes()*int64(s.PaddedWidth())
	pool := flow.NewPool[T]()
	for range frames {
		rows := keep[T](in[0], s.InHeight)
		for y := range s.PaddedHeight() {
			var row []T
			if src, ok := s.SourceRow(y); ok {
				var err error
				if row, err = rows.get(ctx, src); err != nil {
					return err
				}
			}
			padded, to := pool.Take(s.PaddedWidth()*s.InChannels, idle)
			p.widen(to, row)
			if err := out[0].Send(ctx, padded); err != nil {
				return err
			}
			rows.drop(done[y]...)
		}
		if err := rows.drain(ctx); err != nil {
			return err
		}
	}
	return nil
}

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
