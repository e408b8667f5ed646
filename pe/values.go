package pe

import (
	"context"

	"github.com/convsim/convsim/pipeline/flow"
	"github.com/convsim/convsim/sched"
)

// Kernel multiplies vectors into sums: IntWeights or FloatWeights of one group.
type Kernel[T any] func(dst, x []T, vectors int)

// ArrayValues is one array of the value plane. It gets, per row of outputs, the
// vectors of its groups one after the other, and sends the sums in the same
// order, as many per vector as a group has outputs. kernels holds one per group
// the array works on.
func ArrayValues[T any](ctx context.Context, f sched.Fold, rows int, kernels []Kernel[T], in, out *flow.Stream[T]) error {
	s := f.Shape
	vectors, outputs := s.OutWidth, s.GroupOutChannels()
	beats := int64(f.GroupFolds) * int64(f.OutFolds) * int64(s.OutWidth)
	for range rows {
		slab, err := in.Receive(ctx)
		if err != nil {
			return err
		}
		sums := make([]T, len(kernels)*vectors*outputs)
		for i, k := range kernels {
			n := vectors * f.VectorElements()
			k(sums[i*vectors*outputs:(i+1)*vectors*outputs], slab.Data[i*n:(i+1)*n], vectors)
		}
		idle := beats*int64(f.Array.PE) - int64(len(sums))
		if err := out.Send(ctx, flow.Slab[T]{Data: sums, Idle: idle}); err != nil {
			return err
		}
	}
	return nil
}

// MergeValues joins the arrays' sums into rows of output pixels, channels
// innermost.
func MergeValues[T any](ctx context.Context, f sched.Fold, rows int, in []*flow.Stream[T], out *flow.Stream[T]) error {
	s := f.Shape
	outputs := s.GroupOutChannels()
	for range rows {
		merged := make([]T, s.OutWidth*s.OutChannels)
		idle := int64(0)
		for array, stream := range in {
			slab, err := stream.Receive(ctx)
			if err != nil {
				return err
			}
			idle += slab.Idle
			from := 0
			for _, group := range f.GroupsOf(array) {
				for ox := range s.OutWidth {
					copy(merged[ox*s.OutChannels+group*outputs:], slab.Data[from:from+outputs])
					from += outputs
				}
			}
		}
		if err := out.Send(ctx, flow.Slab[T]{Data: merged, Idle: idle}); err != nil {
			return err
		}
	}
	return nil
}

// RequantizeValues is the stage that turns rows of accumulators into
// activations.
func RequantizeValues(ctx context.Context, f sched.Fold, rows int, r Requantizer, in, out *flow.Stream[int32]) error {
	for range rows {
		slab, err := in.Receive(ctx)
		if err != nil {
			return err
		}
		r.Apply(slab.Data, slab.Data, 0, f.Shape.OutChannels)
		if err := out.Send(ctx, slab); err != nil {
			return err
		}
	}
	return nil
}
