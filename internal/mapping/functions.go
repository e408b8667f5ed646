package mapping

import (
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/tensor"
)

// function is the function of one number that an operator is, nil if it is none.
func function(op network.Op, elem tensor.DType) scalar.Function {
	switch op := op.(type) {
	case network.Unary:
		switch {
		case op.Function == network.Relu:
			return scalar.Relu{}
		case op.Function == network.HardSwish:
			return scalar.HardSwish{}
		case scalar.Known(string(op.Function)):
			return scalar.Math{Name: string(op.Function)}
		}
	case network.LeakyRelu:
		return scalar.Leaky{Slope: []float64{float64(op.Alpha)}}
	case network.Elu:
		return scalar.Elu{Alpha: float64(op.Alpha)}
	case network.HardSigmoid:
		return scalar.HardSigmoid{Alpha: float64(op.Alpha), Beta: float64(op.Beta)}
	case network.Gelu:
		if !op.Tanh {
			return scalar.Math{Name: "Gelu"}
		}
		return scalar.Math{Name: "GeluTanh"}
	case network.Clip:
		return clip(op)
	case network.Identity:
		return scalar.Chain{}
	case network.Table:
		return scalar.Table(op.Entries)
	case network.QLinearSigmoid:
		return scalar.Chain{scalar.Dequantize{From: scale(op.X)}, scalar.Math{Name: "Sigmoid"}, scalar.Quantize{To: scale(op.Y)}}
	case network.QLinearLeakyRelu:
		return scalar.Chain{scalar.Dequantize{From: scale(op.X)}, scalar.Leaky{Slope: []float64{float64(op.Alpha)}},
			scalar.Quantize{To: scale(op.Y)}}
	case network.Cast:
		if elem == tensor.Float32 && op.To != tensor.Float32 {
			return scalar.Truncate{Bits: op.To.Bits(), Signed: signed(op.To)}
		}
		return scalar.Wrap{Bits: op.To.Bits(), Signed: signed(op.To), Float: op.To == tensor.Float32}
	}
	return rectifier(op)
}

// rectifier is one of the less usual activations, nil if the operator is none.
func rectifier(op network.Op) scalar.Function {
	switch op := op.(type) {
	case network.Selu:
		return scalar.Selu{Alpha: float64(op.Alpha), Gamma: float64(op.Gamma)}
	case network.Celu:
		return scalar.Celu{Alpha: float64(op.Alpha)}
	case network.ThresholdedRelu:
		return scalar.Thresholded{Above: float64(op.Alpha)}
	}
	return nil
}

func signed(d tensor.DType) bool {
	if d.IsFloat() {
		return true
	}
	lo, _ := d.Range()
	return lo < 0
}

func clip(op network.Clip) scalar.Function {
	c := scalar.Everything()
	if op.Lo != nil {
		c.Lo = *op.Lo
	}
	if op.Hi != nil {
		c.Hi = *op.Hi
	}
	return c
}

// scale is what integers of a quantisation stand for.
func scale(q network.Quant) scalar.Scale {
	s := scalar.Scale{}
	for _, v := range q.Scale {
		s.Scale = append(s.Scale, float64(v))
	}
	for _, v := range q.Zero {
		s.Zero = append(s.Zero, float64(v))
	}
	lo, hi := q.DType.Range()
	s.Lo, s.Hi = float64(lo), float64(hi)
	return s
}

// limited is a scale whose integers are clamped further.
func limited(q network.Quant, c *network.Clamp) scalar.Scale {
	s := scale(q)
	if c != nil {
		s.Lo, s.Hi = max(s.Lo, float64(c.Lo)), min(s.Hi, float64(c.Hi))
	}
	return s
}
