package flow

import (
	"context"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
)

// chunks cuts the rows that leave one block into those that the next one takes,
// where the two see other rows in the same order of elements: a tensor that is
// given another shape. nil where the rows are the same. It is no hardware.
func chunks(p *pipeline.Plan, edge int) func(ctx context.Context, from, to *Stream, frames int) error {
	e := p.Edges[edge]
	in, _ := p.Nodes[e.To.Node].Block.Streams()
	a, b := e.Stream, in[e.To.Port]
	if a.Rows == b.Rows {
		return nil
	}
	return func(ctx context.Context, from, to *Stream, frames int) error {
		return Regroup(ctx, a, b, from, to, frames)
	}
}

// Regroup hands rows of stream a on as rows of stream b, which has the same
// elements in the same order.
func Regroup(ctx context.Context, a, b sched.Stream, from, to *Stream, frames int) error {
	switch size, float := a.Elem.Size(), a.Elem.IsFloat(); {
	case float:
		return chunk[float32](ctx, a, b, from, to, frames)
	case size == 2:
		return chunk[int16](ctx, a, b, from, to, frames)
	case size == 4:
		return chunk[int32](ctx, a, b, from, to, frames)
	}
	if lo, _ := a.Elem.Range(); lo < 0 {
		return chunk[int8](ctx, a, b, from, to, frames)
	}
	return chunk[uint8](ctx, a, b, from, to, frames)
}

func chunk[T Element](ctx context.Context, a, b sched.Stream, from, to *Stream, frames int) error {
	row := int(b.Pixels*b.Beats*int64(b.Lanes) - b.Idle)
	var held []T
	for range int64(frames) * a.Rows {
		slab, err := from.Receive(ctx)
		if err != nil {
			return err
		}
		if len(held) == 0 && slab.n == row {
			slab.Idle = b.Idle
			if err := to.Send(ctx, slab); err != nil {
				return err
			}
			continue
		}
		held = append(held, Of[T](slab)...)
		for ; len(held) >= row; held = held[row:] {
			if err := to.Send(ctx, NewSlab(held[:row:row], b.Idle)); err != nil {
				return err
			}
		}
	}
	return nil
}
