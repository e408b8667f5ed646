package pe

import (
	"context"

	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Kernel makes the results.
func (r Reduce) Kernel(flow.Constants) (flow.Kernel, error) {
	f := r.Fold
	if r.How == Mean {
		return flow.Cases{Float32: averaged{r}}.For(r.Elem)
	}
	if r.How == Sum {
		return flow.Cases{Int8: reduced[int8, int32]{f, sum[int8, int32]}, UInt8: reduced[uint8, int32]{f, sum[uint8, int32]},
			Int16: reduced[int16, int32]{f, sum[int16, int32]}, Int32: reduced[int32, int32]{f, sum[int32, int32]},
			Float32: reduced[float32, float32]{f, sum[float32, float32]}}.For(r.Elem)
	}
	return flow.Cases{Int8: reduced[int8, int8]{f, greatest[int8]}, UInt8: reduced[uint8, uint8]{f, greatest[uint8]},
		Int16: reduced[int16, int16]{f, greatest[int16]}, Int32: reduced[int32, int32]{f, greatest[int32]},
		Float32: reduced[float32, float32]{f, greatest[float32]}}.For(r.Elem)
}

// greatest is the maximum; a nan is greater than all, 0 than -0.
func greatest[T flow.Element](x []T) T {
	most := x[0]
	for _, v := range x[1:] {
		most = max(most, v)
	}
	return most
}

func sum[T, S flow.Element](x []T) S {
	var s S
	for _, v := range x {
		s += S(v)
	}
	return s
}

// reduced makes a row of results of every row of vectors.
type reduced[T, S flow.Element] struct {
	fold sched.Fold
	of   func(x []T) S
}

// Run reduces all frames.
func (k reduced[T, S]) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	s, n, idle := k.fold.Shape, k.fold.VectorElements(), k.fold.Outputs(tensor.Int8).Idle
	pool, room := flow.NewPool[S](), []T(nil)
	for range frames * s.OutHeight {
		slab, err := in[0].Receive(ctx)
		if err != nil {
			return err
		}
		x := linebuffer.VectorsOf(&room, slab)
		made, row := pool.Take(s.OutWidth*s.OutChannels, idle)
		for c := range s.OutChannels {
			for ox := range s.OutWidth {
				row[ox*s.OutChannels+c] = k.of(x[(c*s.OutWidth+ox)*n:][:n])
			}
		}
		slab.Release()
		if err := out[0].Send(ctx, made); err != nil {
			return err
		}
	}
	return nil
}

// averaged makes rows of means.
type averaged struct{ r Reduce }

// Run averages all frames.
func (k averaged) Run(ctx context.Context, in, out []*flow.Stream, frames int) error {
	s, n, idle := k.r.Fold.Shape, k.r.Fold.VectorElements(), k.r.Fold.Outputs(tensor.Float32).Idle
	pool, room := flow.NewPool[float32](), []float32(nil)
	for range frames {
		for oy := range s.OutHeight {
			slab, err := in[0].Receive(ctx)
			if err != nil {
				return err
			}
			x := linebuffer.VectorsOf(&room, slab)
			made, row := pool.Take(s.OutWidth*s.OutChannels, idle)
			for ox := range s.OutWidth {
				divisor := float64(k.r.counted(oy, ox))
				for c := range s.OutChannels {
					sum := 0.0
					for _, v := range x[(c*s.OutWidth+ox)*n:][:n] {
						sum += float64(v)
					}
					row[ox*s.OutChannels+c] = float32(sum / divisor)
				}
			}
			slab.Release()
			if err := out[0].Send(ctx, made); err != nil {
				return err
			}
		}
	}
	return nil
}

// counted is by what the sum of window (oy, ox) is divided.
func (r Reduce) counted(oy, ox int) int {
	if r.Divisor > 0 {
		return r.Divisor
	}
	s := r.Fold.Shape
	count := func(first, taps, dilation, begin, size, end, hang int) int {
		lo, hi := begin, begin+size
		if r.Divisor < 0 {
			lo, hi = 0, begin+size+end-hang
		}
		n := 0
		for t := range taps {
			if at := first + t*dilation; at >= lo && at < hi {
				n++
			}
		}
		return n
	}
	return count(oy*s.Stride.H, s.Kernel.H, s.Dilation.H, s.Pad.Top, s.InHeight, s.Pad.Bottom, r.Hang.H) *
		count(ox*s.Stride.W, s.Kernel.W, s.Dilation.W, s.Pad.Left, s.InWidth, s.Pad.Right, r.Hang.W)
}
