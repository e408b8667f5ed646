package onnx

import (
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

var quantRules = map[string]rule{
	"QuantizeLinear":        quantizeLinear,
	"DequantizeLinear":      dequantizeLinear,
	"DynamicQuantizeLinear": func(k *call) outcome { return k.flow(network.DynamicQuantizeLinear{}, 0) },
}

// microsoftRules are operators of ONNX Runtime.
var microsoftRules = map[string]rule{
	"QLinearAdd": func(k *call) outcome {
		a, b, c := k.triples()
		return k.flow(network.QLinearAdd{A: a, B: b, C: c}, 0, 3)
	},
	"QLinearMul": func(k *call) outcome {
		a, b, c := k.triples()
		return k.flow(network.QLinearMul{A: a, B: b, C: c}, 0, 3)
	},
	"QLinearConcat":            qLinearConcat,
	"QLinearSigmoid":           qLinearSigmoid,
	"QLinearLeakyRelu":         qLinearLeakyRelu,
	"QLinearSoftmax":           qLinearSoftmax,
	"QLinearAveragePool":       qLinearAveragePool,
	"QLinearGlobalAveragePool": qLinearGlobalAveragePool,
	"QLinearConv":              qLinearConv,
	"QGemm":                    qGemm,
	"QuantizeLinear":           quantizeLinear,
	"DequantizeLinear":         dequantizeLinear,
	"Gelu":                     func(k *call) outcome { return k.flow(network.Gelu{}, 0) },
}

// zeros reads zero points; one of 0 if they are left out.
func (k *call) zeros(i int) []int32 {
	if !k.has(i) {
		return []int32{0}
	}
	t := k.value(i)
	if t == nil {
		return []int32{0}
	}
	if t.DType().IsFloat() || t.Len() == 0 {
		k.errorf("input %d is %s; expected zero points: one integer or more", i, t)
		return []int32{0}
	}
	out := make([]int32, t.Len())
	for j := range out {
		v := t.Int(j)
		if int64(int32(v)) != v {
			k.errorf("input %d: zero point %d is %d", i, j, v)
		}
		out[j] = int32(v)
	}
	return out
}

// quant reads scales and zero points, whose type is that of the integers; uint8 if
// there are none.
func (k *call) quant(scale, zero int) network.Quant {
	q := network.Quant{DType: tensor.UInt8, Zero: k.zeros(zero)}
	if k.has(zero) {
		q.DType = k.typ(zero).DType
	}
	t := k.value(scale)
	if t == nil {
		return q
	}
	if t.DType() != tensor.Float32 {
		k.errorf("input %d, the scales, is %s; supported: float32", scale, t)
		return q
	}
	q.Scale = t.Float32s(nil, 0, t.Len())
	return q
}

// quantOf is quant of an input, whose type counts if there are no zero points.
func (k *call) quantOf(x, scale, zero int) network.Quant {
	q := k.quant(scale, zero)
	if !k.has(zero) {
		q.DType = k.typ(x).DType
	}
	return q
}

// triples reads the quantisation of the operands and the result of a pair.
func (k *call) triples() (a, b, c network.Quant) {
	return k.quantOf(0, 1, 2), k.quantOf(3, 4, 5), k.quant(6, 7)
}

func quantizeLinear(k *call) outcome {
	k.ignored("saturate", "precision")
	op := network.QuantizeLinear{Y: k.quant(1, 2), Axis: k.integer("axis", 1)}
	if k.version >= 21 {
		k.only("block_size", 0)
		if to := DataType(k.integer("output_dtype", 0)); to != 0 {
			dtype, err := to.DType()
			if err != nil || dtype.IsFloat() || k.has(2) && dtype != op.Y.DType {
				k.unsupported("output_dtype", to, "an integer type, that of the zero points")
				return outcome{}
			}
			op.Y.DType = dtype
		}
	}
	return k.flow(op, 0)
}

func dequantizeLinear(k *call) outcome {
	op := network.DequantizeLinear{X: k.quantOf(0, 1, 2), Axis: k.integer("axis", 1)}
	if k.version >= 21 {
		k.only("block_size", 0)
		k.only("output_dtype", 0)
	}
	return k.flow(op, 0)
}

func qLinearConcat(k *call) outcome {
	op := network.QLinearConcat{Axis: k.integer("axis", 0), Y: k.quant(0, 1)}
	var inputs []int
	for i := 2; i < len(k.n.Inputs); i += 3 {
		op.X = append(op.X, k.quantOf(i, i+1, i+2))
		inputs = append(inputs, i)
	}
	if inputs == nil {
		k.errorf("no inputs")
		return outcome{}
	}
	return k.flow(op, inputs...)
}

func qLinearSigmoid(k *call) outcome {
	return k.flow(network.QLinearSigmoid{X: k.quantOf(0, 1, 2), Y: k.quant(3, 4)}, 0)
}

func qLinearLeakyRelu(k *call) outcome {
	op := network.QLinearLeakyRelu{Alpha: k.float("alpha", 0.01), X: k.quantOf(0, 1, 2), Y: k.quant(3, 4)}
	return k.flow(op, 0)
}

// qLinearSoftmax says itself which version of Softmax it is.
func qLinearSoftmax(k *call) outcome {
	op := network.QLinearSoftmax{Softmax: k.softmax(false, int64(k.integer("opset", 13))), X: k.quantOf(0, 1, 2), Y: k.quant(3, 4)}
	return k.flow(op, 0)
}

func qGemm(k *call) outcome {
	op := network.QGemm{Alpha: k.float("alpha", 1), TransA: k.flag("transA", false), TransB: k.flag("transB", false),
		A: k.quantOf(0, 1, 2), B: k.quantOf(3, 4, 5)}
	if k.has(7) {
		op.Y = k.quant(7, 8)
	}
	return k.flow(op, 0, 3, 6)
}
