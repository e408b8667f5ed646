package linebuffer

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// Kernel shows rows again.
func (u Upsample) Kernel(flow.Constants) (flow.Kernel, error) {
	return resampled(u, u.In, u.SY, u.SX, false, 0)
}

// Kernel spreads rows out.
func (i Insert) Kernel(flow.Constants) (flow.Kernel, error) {
	return resampled(i, i.In, i.SY, i.SX, true, i.Fill)
}

func resampled(b interface {
	Streams() (in, out []sched.Stream)
}, in sched.Stream, sy, sx int, spread bool, fill int32) (flow.Kernel, error) {
	_, out := b.Streams()
	return flow.Cases{Int8: larger[int8]{in, out[0], sy, sx, spread, int8(fill)}, UInt8: larger[uint8]{in, out[0], sy, sx, spread, uint8(fill)},
		Int16: larger[int16]{in, out[0], sy, sx, spread, int16(fill)}, Int32: larger[int32]{in, out[0], sy, sx, spread, fill},
		Float32: larger[float32]{in, out[0], sy, sx, spread, float32(fill)}}.For(in.Elem)
}

// larger makes rows of a larger image: pixels and rows are shown again, or spread out.
type larger[T flow.Element] struct {
	in, out sched.Stream
	sy, sx  int
	spread  bool
	fill    T
}

// Run makes all frames.
func (k larger[T]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	pool := flow.NewPool[T]()
	for range frames {
		for y := range int(k.in.Rows) {
			slab, err := in[0].Receive(ctx)
			if err != nil {
				return err
			}
			x := flow.Of[T](slab)
			for again := range k.sy {
				if k.spread && again > 0 && y == int(k.in.Rows)-1 {
					break // nothing stands behind the last row
				}
				made, row := pool.Take(len(x)/int(k.in.Pixels)*int(k.out.Pixels), k.out.Idle)
				k.row(row, x, k.spread && again > 0)
				if err := out[0].Send(ctx, made); err != nil {
					return err
				}
			}
			slab.Release()
		}
	}
	return nil
}

// row makes a row of the larger image, of nothing but fill if it is empty.
func (k larger[T]) row(row, x []T, empty bool) {
	channels := len(x) / int(k.in.Pixels)
	if k.spread {
		fill(row, k.fill)
	}
	for to := range int(k.out.Pixels) {
		if empty || k.spread && to%k.sx > 0 {
			continue
		}
		copy(row[to*channels:], x[to/k.sx*channels:][:channels])
	}
}
