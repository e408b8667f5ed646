package linebuffer

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
)

// keptRows holds the rows of a frame between their arrival and their last use.
type keptRows[T flow.Element] struct {
	in    flow.Rows
	come  flow.Span   // which rows of the frame do
	rows  [][]T       // the first of them first
	slabs []flow.Slab // they came in; given back when they are dropped
}

// keep keeps rows of frames.
func keep[T flow.Element](in flow.Rows, come flow.Span) keptRows[T] {
	n := come.To - come.From
	return keptRows[T]{in, come, make([][]T, 0, n), make([]flow.Slab, 0, n)}
}

// get returns a row, receiving up to it, and the slab it came in.
func (k *keptRows[T]) get(ctx context.Context, row int) ([]T, flow.Slab, error) {
	for k.next() <= row {
		slab, err := k.in.Receive(ctx)
		if err != nil {
			return nil, slab, err
		}
		k.rows, k.slabs = append(k.rows, flow.Of[T](slab)), append(k.slabs, slab)
	}
	at := row - k.come.From
	return k.rows[at], k.slabs[at], nil
}

// next is the row that comes next.
func (k *keptRows[T]) next() int { return k.come.From + len(k.rows) }

// holds reports whether a row has come and was not dropped.
func (k *keptRows[T]) holds(row int) bool {
	return row >= k.come.From && row < k.next() && k.rows[row-k.come.From] != nil
}

// drop lets go of rows, of those that it holds.
func (k *keptRows[T]) drop(rows ...int) {
	for _, row := range rows {
		if k.holds(row) {
			at := row - k.come.From
			k.rows[at] = nil
			k.slabs[at].Release()
			k.slabs[at] = flow.Slab{}
		}
	}
}

// end receives the rows that nothing showed, lets go of all and begins the next frame.
func (k *keptRows[T]) end(ctx context.Context) error {
	if k.come.From < k.come.To {
		if _, _, err := k.get(ctx, k.come.To-1); err != nil {
			return err
		}
	}
	for row := k.come.From; row < k.come.To; row++ {
		k.drop(row)
	}
	k.rows, k.slabs = k.rows[:0], k.slabs[:0]
	return nil
}
