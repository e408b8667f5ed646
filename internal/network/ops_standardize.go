package network

import (
	"errors"
	"fmt"
	"math"

	"github.com/convsim/convsim/tensor"
)

// LayerNormalization takes the mean off all elements from Axis on (negative: from the
// end) and divides by their deviation: inputs x, scale and, optionally, bias, which
// repeat to those axes. Sums, in the order of memory, and quotient are in float64, rounded
// once.
type LayerNormalization struct {
	Axis    int
	Epsilon float32
}

// Infer implements Op.
func (l LayerNormalization) Infer(in []Type) ([]Type, error) {
	if err := errors.Join(arity(in, 2, 3), wantRank(in, 1)); err != nil {
		return nil, err
	}
	if err := errors.Join(wantFloat(in, 0), same(in, 1), same(in, 2)); err != nil {
		return nil, err
	}
	axis, err := axisOf(l.Axis, len(in[0].Shape))
	if err != nil {
		return nil, err
	}
	for i := 1; i < len(in); i++ {
		if !left(in, i) {
			err = errors.Join(err, broadcastsTo(in[i].Shape, in[0].Shape[axis:]))
		}
	}
	return in[:1], err
}

// Reference implements Op.
func (l LayerNormalization) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	shape := in[0].Shape()
	inner := shape[modulo(l.Axis, len(shape)):]
	scale, err := expand(in[1], inner)
	if err != nil {
		return nil, err
	}
	bias := scale
	if len(in) > 2 && in[2] != nil {
		if bias, err = expand(in[2], inner); err != nil {
			return nil, err
		}
	} else {
		bias = nil
	}
	return single(standardized(in[0], int(count64(inner)), l.Epsilon, func(i int) (float64, float64) {
		at := i % scale.Len()
		if bias == nil {
			return scale.Float(at), 0
		}
		return scale.Float(at), bias.Float(at)
	}))
}

// GroupNormalization is that of groups of channels over space: inputs x, scale and bias,
// one element a channel. As many groups as channels are an InstanceNormalization.
type GroupNormalization struct {
	Groups  int
	Epsilon float32
}

// Infer implements Op.
func (g GroupNormalization) Infer(in []Type) ([]Type, error) {
	if err := errors.Join(arity(in, 3, 3), wantRank(in, 2), wantFloat(in, 0)); err != nil {
		return nil, err
	}
	channels := in[0].Shape[1]
	if g.Groups < 1 || channels%g.Groups != 0 {
		return nil, fmt.Errorf("%d groups of %s; allowed: a divisor of %d channels", g.Groups, in[0], channels)
	}
	err := errors.Join(same(in, 1), same(in, 2), wantShape(in, 1, channels), wantShape(in, 2, channels))
	return in[:1], err
}

// Reference implements Op.
func (g GroupNormalization) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	shape := in[0].Shape()
	plane := int(count64(shape[2:]))
	return single(standardized(in[0], shape[1]/g.Groups*plane, g.Epsilon, func(i int) (float64, float64) {
		c := i / plane % shape[1]
		return in[1].Float(c), in[2].Float(c)
	}))
}

// standardized takes the mean off runs of elements and divides by their deviation; of
// says by what element i is multiplied, and what is added.
func standardized(x *tensor.Tensor, run int, epsilon float32, of func(i int) (scale, bias float64)) (*tensor.Tensor, error) {
	mean, deviation := make([]float64, x.Len()/max(1, run)), make([]float64, x.Len()/max(1, run))
	for r := range mean {
		for i := range run {
			mean[r] += x.Float(r*run + i)
		}
		mean[r] /= float64(run)
		for i := range run {
			d := x.Float(r*run+i) - mean[r]
			deviation[r] += float64(d * d)
		}
		deviation[r] = math.Sqrt(deviation[r]/float64(run) + float64(epsilon))
	}
	return reals(x.DType(), x.Shape(), func(i int) float64 {
		scale, bias := of(i)
		return float64((x.Float(i)-mean[i/run])/deviation[i/run]*scale) + bias
	})
}
