package pe

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Kernel makes the results.
func (r Reduce) Kernel(flow.Constants) (flow.Kernel, error) {
	f := r.Fold
	if r.How == Sum {
		return flow.Cases{Int8: reduced[int8, int32]{f, sum[int8, int32]}, UInt8: reduced[uint8, int32]{f, sum[uint8, int32]},
			Int16: reduced[int16, int32]{f, sum[int16, int32]}, Int32: reduced[int32, int32]{f, sum[int32, int32]},
			Float32: reduced[float32, float32]{f, sum[float32, float32]}}.For(r.Elem)
	}
	return flow.Cases{Int8: reduced[int8, int8]{f, greatest[int8]}, UInt8: reduced[uint8, uint8]{f, greatest[uint8]},
		Int16: reduced[int16, int16]{f, greatest[int16]}, Int32: reduced[int32, int32]{f, greatest[int32]},
		Float32: reduced[float32, float32]{f, greatest[float32]}}.For(r.Elem)
}

// greatest is the maximum; a nan is greater than all.
func greatest[T flow.Element](x []T) T {
	most := x[0]
	for _, v := range x[1:] {
		if v > most || v != v {
			most = v
		}
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
	for range frames * s.OutHeight {
		slab, err := in[0].Receive(ctx)
		if err != nil {
			return err
		}
		x, row := flow.Of[T](slab), make([]S, s.OutWidth*s.OutChannels)
		for c := range s.OutChannels {
			for ox := range s.OutWidth {
				row[ox*s.OutChannels+c] = k.of(x[(c*s.OutWidth+ox)*n:][:n])
			}
		}
		if err := out[0].Send(ctx, flow.NewSlab(row, idle)); err != nil {
			return err
		}
	}
	return nil
}
