package network

import (
	"errors"

	"github.com/convsim/convsim/tensor"
)

// GlobalAveragePool is the mean of each channel: sum and quotient in float64,
// rounded once.
type GlobalAveragePool struct{}

// Infer implements Op.
func (GlobalAveragePool) Infer(in []Type) ([]Type, error) { return inferGlobal(in, tensor.Float32) }

// inferGlobal infers a pooling of all pixels.
func inferGlobal(in []Type, allowed ...tensor.DType) ([]Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return nil, err
	}
	m, err := imageOf(in[0])
	if err := errors.Join(err, wantType(in, 0, allowed...)); err != nil {
		return nil, err
	}
	if m.height*m.width == 0 {
		return nil, errors.New("the mean of no pixels; allowed: one or more")
	}
	return sized(in[0].DType, image{m.batch, m.channels, 1, 1}.shape(len(in[0].Shape)))
}

// Reference implements Op.
func (GlobalAveragePool) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return globalOf(in[0], Reduce{How: ReduceMean, Axes: []int{2, 3}, KeepDims: true})
}

// globalOf reduces the pixels of each channel.
func globalOf(x *tensor.Tensor, r Reduce) ([]*tensor.Tensor, error) {
	if len(x.Shape()) == 3 {
		r.Axes = []int{2}
	}
	return r.Reference([]*tensor.Tensor{x})
}

// GlobalMaxPool is the largest element of each channel.
type GlobalMaxPool struct{}

// Infer implements Op.
func (GlobalMaxPool) Infer(in []Type) ([]Type, error) {
	return inferGlobal(in, tensor.Float32, tensor.Float64)
}

// Reference implements Op.
func (GlobalMaxPool) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return globalOf(in[0], Reduce{How: ReduceMax, Axes: []int{2, 3}, KeepDims: true})
}

// QLinearAveragePool is com.microsoft's AveragePool of integers.
type QLinearAveragePool struct {
	Pool         AveragePool
	X, Y         Quant // one scale each
	ChannelsLast bool
}

// Infer implements Op.
func (q QLinearAveragePool) Infer(in []Type) ([]Type, error) {
	return channelsFirst(in, q.ChannelsLast, func(in []Type) ([]Type, error) {
		return inferThrough(q.Pool, in, q.X, q.Y)
	})
}

// Reference implements Op.
func (q QLinearAveragePool) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return channelsFirstTensors(in, q.ChannelsLast, func(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
		return throughFloats(q.Pool, in, []Quant{q.X}, q.Y)
	})
}

// QLinearGlobalAveragePool is com.microsoft's GlobalAveragePool of integers.
type QLinearGlobalAveragePool struct {
	X, Y         Quant // one scale each
	ChannelsLast bool
	Clamp        *Clamp
}

// Infer implements Op.
func (q QLinearGlobalAveragePool) Infer(in []Type) ([]Type, error) {
	return channelsFirst(in, q.ChannelsLast, func(in []Type) ([]Type, error) {
		out, err := inferGlobal(in, narrow...)
		if err != nil {
			return nil, err
		}
		err = errors.Join(q.X.check("input 0", in[0].DType, 1), q.Y.checkScales("the output", 1))
		return q.Y.typed(out, err)
	})
}

// Reference implements Op: the sum of a channel is requantised with the multiplier
// float32(sx / float32(sy*pixels)).
func (q QLinearGlobalAveragePool) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return channelsFirstTensors(in, q.ChannelsLast, func(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
		m, err := imageOf(TypeOf(in[0]))
		if err != nil {
			return nil, err
		}
		pixels := m.height * m.width
		acc := make([]int32, m.batch*m.channels)
		for i, v := range less(in[0], q.X.Zero, 1) {
			acc[i/pixels] += v
		}
		shape := image{m.batch, m.channels, 1, 1}.shape(len(in[0].Shape()))
		scale := q.X.scale(0) / float32(q.Y.scale(0)*float32(pixels))
		return single(ints(q.Y.DType, shape, func(i int) int64 { return q.Y.requantize(acc[i], scale, q.Clamp) }))
	})
}

// channelsFirst infers an operator that may have its channels last.
func channelsFirst(in []Type, last bool, infer func([]Type) ([]Type, error)) ([]Type, error) {
	if err := one(in, 3); err != nil {
		return nil, err
	}
	if !last {
		return infer(in)
	}
	first, back := rotations(len(in[0].Shape))
	turned, err := first.Infer(in)
	if err != nil {
		return nil, err
	}
	out, err := infer(turned)
	if err != nil {
		return nil, err
	}
	return back.Infer(out)
}

// channelsFirstTensors is channelsFirst for tensors.
func channelsFirstTensors(in []*tensor.Tensor, last bool,
	compute func([]*tensor.Tensor) ([]*tensor.Tensor, error)) ([]*tensor.Tensor, error) {
	if !last {
		return compute(in)
	}
	first, back := rotations(len(in[0].Shape()))
	turned, err := first.Reference(in)
	if err != nil {
		return nil, err
	}
	out, err := compute(turned)
	if err != nil {
		return nil, err
	}
	return back.Reference(out)
}

// rotations return the transpositions that move the last axis behind the first,
// and back.
func rotations(rank int) (first, back Transpose) {
	first.Perm, back.Perm = []int{0, rank - 1}, []int{0}
	for axis := 1; axis < rank-1; axis++ {
		first.Perm = append(first.Perm, axis)
		back.Perm = append(back.Perm, axis+1)
	}
	back.Perm = append(back.Perm, 1)
	return first, back
}
