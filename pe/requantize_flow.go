package pe

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
)

// Kernel makes the activations.
func (r Requantize) Kernel(flow.Constants) (flow.Kernel, error) {
	channels := r.Fold.Shape.OutChannels
	q, err := r.Rule.Requantizer(channels)
	if err != nil {
		return nil, err
	}
	rows := r.Fold.Shape.OutHeight
	return flow.Cases{Int8: requantized[int8]{q, rows, channels}, UInt8: requantized[uint8]{q, rows, channels},
		Int16: requantized[int16]{q, rows, channels}, Int32: requantized[int32]{q, rows, channels}}.For(r.Elem)
}

// requantized turns rows of sums into rows of activations.
type requantized[T int8 | uint8 | int16 | int32] struct {
	rule           Requantizer
	rows, channels int
}

// Run requantises all frames.
func (q requantized[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	for range frames * q.rows {
		slab, err := in[0].Receive(ctx)
		if err != nil {
			return err
		}
		sums := flow.Of[int32](slab)
		wide := make([]int32, len(sums)) // the row may have other readers
		q.rule.Apply(wide, sums, 0, q.channels)
		y := make([]T, len(sums))
		for i, v := range wide {
			y[i] = T(v)
		}
		if err := out[0].Send(ctx, flow.NewSlab(y, slab.Idle)); err != nil {
			return err
		}
	}
	return nil
}
