package wiring

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
)

// Kernel computes batches.
func (b Batch) Kernel(flow.Constants) (flow.Kernel, error) {
	return flow.Cases{Int8: batchFrom[int8](b), UInt8: batchFrom[uint8](b), Int16: batchFrom[int16](b), Int32: batchFrom[int32](b),
		Float32: batchFrom[float32](b)}.For(b.In.Elem)
}

// batchFrom is the kernel for elements that come as T, nil if it cannot make
// what leaves.
func batchFrom[T flow.Element](b Batch) flow.Kernel {
	k, err := flow.Cases{Int8: batched[T, int8]{b}, UInt8: batched[T, uint8]{b}, Int16: batched[T, int16]{b},
		Int32: batched[T, int32]{b}, Float32: batched[T, float32]{b}}.For(b.Out.Elem)
	if err != nil {
		return nil
	}
	return k
}

// batched makes elements S of elements T, a batch as soon as it has come.
type batched[T, S flow.Element] struct{ b Batch }

// Run computes all frames.
func (k batched[T, S]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	take := k.b.In.Frame() * int64(k.b.In.Lanes) / k.b.Batches
	row := int(k.b.Out.Pixels * k.b.Out.Beats * int64(k.b.Out.Lanes))
	var x []float64
	var y []S
	for range int64(frames) * k.b.In.Rows {
		slab, err := in[0].Receive(ctx)
		if err != nil {
			return err
		}
		for _, v := range flow.Of[T](slab) {
			x = append(x, float64(v))
		}
		for ; int64(len(x)) >= take; x = x[take:] {
			for _, v := range k.b.F.Of(x[:take]) {
				y = append(y, S(v))
			}
		}
		for ; len(y) >= row; y = y[row:] {
			if err := out[0].Send(ctx, flow.NewSlab(y[:row:row], 0)); err != nil {
				return err
			}
		}
	}
	return nil
}
