package linebuffer

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
)

// keptRows holds the rows of a frame between their arrival and their last use.
type keptRows[T flow.Element] struct {
	in    *flow.Stream
	total int
	rows  [][]T
	slabs []flow.Slab // they came in; given back when they are dropped
}

// keep begins a frame of so many rows.
func keep[T flow.Element](in *flow.Stream, total int) keptRows[T] {
	return keptRows[T]{in, total, make([][]T, 0, total), make([]flow.Slab, 0, total)}
}

// get returns a row, receiving up to it.
func (k *keptRows[T]) get(ctx context.Context, row int) ([]T, error) {
	for len(k.rows) <= row {
		slab, err := k.in.Receive(ctx)
		if err != nil {
			return nil, err
		}
		k.rows, k.slabs = append(k.rows, flow.Of[T](slab)), append(k.slabs, slab)
	}
	return k.rows[row], nil
}

// drop lets go of rows.
func (k *keptRows[T]) drop(rows ...int) {
	for _, row := range rows {
		k.rows[row] = nil
		k.slabs[row].Release()
		k.slabs[row] = flow.Slab{}
	}
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
