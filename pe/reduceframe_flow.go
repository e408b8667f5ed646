package pe

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// Kernel makes the pixel.
func (r ReduceFrame) Kernel(flow.Constants) (flow.Kernel, error) {
	if r.How == Sum {
		return flow.Cases{Int8: whole[int8, int32]{r.In, added[int8, int32]}, UInt8: whole[uint8, int32]{r.In, added[uint8, int32]},
			Int16: whole[int16, int32]{r.In, added[int16, int32]}, Int32: whole[int32, int32]{r.In, added[int32, int32]},
			Float32: whole[float32, float32]{r.In, added[float32, float32]}}.For(r.In.Elem)
	}
	return flow.Cases{Int8: whole[int8, int8]{r.In, greater[int8]}, UInt8: whole[uint8, uint8]{r.In, greater[uint8]},
		Int16: whole[int16, int16]{r.In, greater[int16]}, Int32: whole[int32, int32]{r.In, greater[int32]},
		Float32: whole[float32, float32]{r.In, greater[float32]}}.For(r.In.Elem)
}

func added[T, S flow.Element](s S, v T) S { return s + S(v) }

func greater[T flow.Element](most, v T) T { return greatest([]T{most, v}) }

// whole makes one pixel of every frame.
type whole[T, S flow.Element] struct {
	in   sched.Stream
	with func(s S, v T) S
}

// Run reduces all frames.
func (k whole[T, S]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	idle := k.in.Idle / k.in.Pixels
	channels := int(k.in.Beats*int64(k.in.Lanes) - idle)
	for range frames {
		var pixel []S
		for range k.in.Rows {
			slab, err := in[0].Receive(ctx)
			if err != nil {
				return err
			}
			x := flow.Of[T](slab)
			if pixel == nil {
				pixel = make([]S, channels)
				for c, v := range x[:channels] {
					pixel[c] = S(v)
				}
				x = x[channels:]
			}
			for i, v := range x {
				pixel[i%channels] = k.with(pixel[i%channels], v)
			}
		}
		if err := out[0].Send(ctx, flow.NewSlab(pixel, idle)); err != nil {
			return err
		}
	}
	return nil
}
