package pe

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// Kernel makes the pixel.
func (r ReduceFrame) Kernel(flow.Constants) (flow.Kernel, error) {
	switch r.How {
	case Sum:
		return flow.Cases{Int8: summed[int8, int32](r), UInt8: summed[uint8, int32](r), Int16: summed[int16, int32](r),
			Int32: summed[int32, int32](r), Float32: summed[float32, float32](r)}.For(r.In.Elem)
	case Mean:
		n := float64(r.pixels())
		mean := func(s float64) float32 { return float32(s / n) }
		return flow.Cases{Float32: whole[float32, float64, float32]{r.In, added[float64, float32], mean, false}}.For(r.In.Elem)
	}
	return flow.Cases{Int8: largest[int8](r), UInt8: largest[uint8](r), Int16: largest[int16](r), Int32: largest[int32](r),
		Float32: largest[float32](r)}.For(r.In.Elem)
}

func summed[T, S flow.Element](r ReduceFrame) flow.Kernel {
	return whole[T, S, S]{r.In, added[S, T], itself[S], false}
}

func largest[T flow.Element](r ReduceFrame) flow.Kernel {
	return whole[T, T, T]{r.In, func(most, v T) T { return max(most, v) }, itself[T], true}
}

func added[S flow.Element | ~float64, T flow.Element](s S, v T) S { return s + S(v) }

func itself[T any](v T) T { return v }

// whole makes one pixel of every frame.
type whole[T flow.Element, S flow.Element | ~float64, R flow.Element] struct {
	in    sched.Stream
	with  func(s S, v T) S
	end   func(s S) R
	first bool // the accumulators begin with the first pixel, else with 0
}

// Run reduces all frames.
func (k whole[T, S, R]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	idle := k.in.Idle / k.in.Pixels
	channels := int(k.in.Beats*int64(k.in.Lanes) - idle)
	sums, pool := make([]S, channels), flow.NewPool[R]()
	for range frames {
		clear(sums)
		for row := range k.in.Rows {
			slab, err := in[0].Receive(ctx)
			if err != nil {
				return err
			}
			x := flow.Of[T](slab)
			if row == 0 && k.first {
				for c, v := range x[:channels] {
					sums[c] = S(v)
				}
			}
			for ; len(x) > 0; x = x[channels:] {
				for c, v := range x[:channels] {
					sums[c] = k.with(sums[c], v)
				}
			}
			slab.Release()
		}
		made, pixel := pool.Take(channels, idle)
		for c, s := range sums {
			pixel[c] = k.end(s)
		}
		if err := out[0].Send(ctx, made); err != nil {
			return err
		}
	}
	return nil
}
