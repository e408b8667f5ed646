package network

import (
	"math"

	"github.com/convsim/convsim/tensor"
)

// Selu is Gamma*x where x > 0, Gamma*Alpha*(exp(x)-1) elsewhere.
type Selu struct{ Alpha, Gamma float32 }

// Infer implements Op.
func (Selu) Infer(in []Type) ([]Type, error) { return unchanged(in, floats...) }

// Reference implements Op.
func (s Selu) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return mapFloats(in[0], nil, func(x float64) float64 { return float64(s.Gamma) * elu(float64(s.Alpha), x) })
}

// Celu is x where x >= 0, Alpha*(exp(x/Alpha)-1) elsewhere.
type Celu struct{ Alpha float32 }

// Infer implements Op.
func (Celu) Infer(in []Type) ([]Type, error) { return unchanged(in, floats...) }

// Reference implements Op.
func (c Celu) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	alpha := float64(c.Alpha)
	return mapFloats(in[0], nil, func(x float64) float64 {
		if x >= 0 {
			return x
		}
		return alpha * math.Expm1(x/alpha)
	})
}

// ThresholdedRelu is x where x > Alpha, 0 elsewhere.
type ThresholdedRelu struct{ Alpha float32 }

// Infer implements Op.
func (ThresholdedRelu) Infer(in []Type) ([]Type, error) { return unchanged(in, floats...) }

// Reference implements Op.
func (t ThresholdedRelu) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	return mapFloats(in[0], nil, func(x float64) float64 {
		if x > float64(t.Alpha) {
			return x
		}
		return 0
	})
}
