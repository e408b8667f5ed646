package network_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// maker draws attributes, good and bad ones.
type maker struct{ t *rapid.T }

func (m maker) int(lo, hi int) int { return rapid.IntRange(lo, hi).Draw(m.t, "n") }

// size is mostly a small number, sometimes one that makes no sense.
func (m maker) size() int {
	return rapid.OneOf(rapid.IntRange(1, 3), rapid.IntRange(1, 3), rapid.IntRange(-1, 6),
		rapid.SampledFrom([]int{math.MaxInt, math.MinInt, math.MaxInt32, 1 << 33})).Draw(m.t, "size")
}

func (m maker) sizes() []int {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) int { return maker{t}.size() }), 0, 5).Draw(m.t, "sizes")
}

func (m maker) bool() bool { return rapid.Bool().Draw(m.t, "bool") }

func (m maker) float() float32 {
	return rapid.SampledFrom(values{0, 1, 0.1, -2, 0.5, 3, 1e30, nan, inf}).Draw(m.t, "float")
}

func (m maker) floats() values {
	return rapid.SliceOfN(rapid.SampledFrom(values{1, 1, 2, 0.5, 0, -1, 1e9, nan}), 0, 8).Draw(m.t, "floats")
}

func (m maker) pair() conv.Pair { return conv.Pair{H: m.size(), W: m.size()} }

func (m maker) padding() conv.Padding {
	return conv.Padding{Kind: conv.PaddingKind(m.int(0, 5)), Sides: conv.Sides{Top: m.int(-1, 2), Bottom: m.int(0, 2), Left: m.int(0, 2), Right: m.int(0, 2)}}
}

func (m maker) dtype() tensor.DType { return tensor.DType(m.int(0, 10)) }

func (m maker) byte() tensor.DType {
	return rapid.SampledFrom([]tensor.DType{tensor.Int8, tensor.UInt8, tensor.Int8, tensor.Int4, tensor.Float32}).Draw(m.t, "byte")
}

func (m maker) quant() network.Quant {
	scales := rapid.SliceOfN(rapid.SampledFrom(values{1, 0.5, 0.1, 3e30}), 1, 1)
	if m.int(0, 4) == 0 {
		scales = rapid.SliceOfN(rapid.SampledFrom(values{1, 0.5, 0, -1, nan}), 0, 3)
	}
	zeros := rapid.SliceOfN(rapid.Int32Range(0, 7), 1, 1)
	if m.int(0, 4) == 0 {
		zeros = rapid.SliceOfN(rapid.Int32Range(-200, 200), 0, 3)
	}
	return network.Quant{DType: m.byte(), Scale: scales.Draw(m.t, "scale"), Zero: zeros.Draw(m.t, "zero")}
}

func (m maker) clamp() *network.Clamp {
	if m.bool() {
		return nil
	}
	return &network.Clamp{Lo: 0, Hi: 6}
}

func (m maker) conv() network.Conv {
	return network.Conv{Stride: m.pair(), Dilation: m.pair(), Padding: m.padding(), PaddingMode: conv.PaddingMode(m.int(0, 4)), Groups: m.size()}
}

func (m maker) transpose() network.ConvTranspose {
	return network.ConvTranspose{Stride: m.pair(), Dilation: m.pair(), Padding: m.padding(),
		OutputPadding: conv.Pair{H: m.int(-1, 2), W: m.int(0, 1)}, OutputSize: conv.Pair{H: m.int(0, 1) * m.size(), W: m.size()}, Groups: m.size()}
}

func (m maker) pool() network.Pool {
	return network.Pool{Kernel: m.pair(), Stride: m.pair(), Dilation: m.pair(), Padding: m.padding(), Ceil: m.bool()}
}

func (m maker) axis() int { return m.int(-4, 4) }

func (m maker) softmax() network.Softmax {
	return network.Softmax{Axis: m.axis(), Flatten: m.bool(), Log: m.bool()}
}

func (m maker) average() network.AveragePool {
	return network.AveragePool{Pool: m.pool(), CountIncludePad: m.bool(), Divisor: m.int(-1, 3)}
}

func name[T ~string](m maker, names ...T) T { return rapid.SampledFrom(names).Draw(m.t, "name") }

// limit is a bound of a Clip.
func (m maker) limit() *float64 {
	if m.bool() {
		return nil
	}
	return number(float64(m.int(-3, 3)))
}

// operators draw one operator each, with good or bad attributes.
var operators = []func(m maker) network.Op{
	func(m maker) network.Op { return m.conv() },
	func(m maker) network.Op {
		return network.ConvInteger{Conv: m.conv(), XZero: int32(m.int(-1, 300)), WZero: m.quant().Zero}
	},
	func(m maker) network.Op {
		return network.QLinearConv{Conv: m.conv(), X: m.quant(), W: m.quant(), Y: m.quant(), Clamp: m.clamp()}
	},
	func(m maker) network.Op { return m.transpose() },
	func(m maker) network.Op {
		return network.QLinearConvTranspose{Conv: m.transpose(), X: m.quant(), W: m.quant(), Y: m.quant(), Clamp: m.clamp()}
	},
	func(m maker) network.Op {
		return network.Gemm{Alpha: m.float(), Beta: m.float(), TransA: m.bool(), TransB: m.bool()}
	},
	func(m maker) network.Op { return network.MatMul{} },
	func(m maker) network.Op {
		return network.MatMulInteger{AZero: m.quant().Zero, BZero: m.quant().Zero}
	},
	func(m maker) network.Op { return network.QLinearMatMul{A: m.quant(), B: m.quant(), Y: m.quant()} },
	func(m maker) network.Op {
		return network.QGemm{Alpha: m.float(), TransA: m.bool(), TransB: m.bool(), A: m.quant(), B: m.quant(), Y: m.quant(), Clamp: m.clamp()}
	},
	func(m maker) network.Op { return network.MaxPool{Pool: m.pool()} },
	func(m maker) network.Op { return m.average() },
	func(m maker) network.Op { return network.GlobalAveragePool{} },
	func(m maker) network.Op { return network.GlobalMaxPool{} },
	func(m maker) network.Op {
		return network.QLinearAveragePool{Pool: m.average(), X: m.quant(), Y: m.quant(), ChannelsLast: m.bool()}
	},
	func(m maker) network.Op {
		return network.QLinearGlobalAveragePool{X: m.quant(), Y: m.quant(), ChannelsLast: m.bool(), Clamp: m.clamp()}
	},
	func(m maker) network.Op {
		return network.Unary{Function: name(m, network.Relu, network.Neg, network.Mish, network.Softplus, network.Sign, "none")}
	},
	func(m maker) network.Op { return network.LeakyRelu{Alpha: m.float()} },
	func(m maker) network.Op { return network.Elu{Alpha: m.float()} },
	func(m maker) network.Op { return network.HardSigmoid{Alpha: m.float(), Beta: m.float()} },
	func(m maker) network.Op { return network.Gelu{Tanh: m.bool()} },
	func(m maker) network.Op { return network.Clip{Lo: m.limit(), Hi: m.limit()} },
	func(m maker) network.Op { return network.PRelu{} },
	func(m maker) network.Op {
		return network.Combine{How: name(m, network.Add, network.Sub, network.Mul, network.Pow, network.Sum, network.Mean, network.Max, network.Min, "none")}
	},
	func(m maker) network.Op { return network.Identity{} },
	func(m maker) network.Op { return network.Cast{To: m.dtype()} },
	func(m maker) network.Op { return network.Table{In: m.byte(), Out: m.byte(), Entries: [256]int16{5: 7}} },
	func(m maker) network.Op { return network.BatchNormalization{Epsilon: m.float()} },
	func(m maker) network.Op { return network.LRN{Size: m.size(), Alpha: m.float(), Beta: 0.5, Bias: 1} },
	func(m maker) network.Op { return m.softmax() },
	func(m maker) network.Op {
		return network.QLinearSoftmax{Softmax: m.softmax(), X: m.quant(), Y: m.quant()}
	},
	func(m maker) network.Op {
		return network.Reduce{How: name(m, network.ReduceMean, network.ReduceSum, network.ReduceMin, "none"), Axes: m.sizes(), KeepDims: m.bool()}
	},
	func(m maker) network.Op {
		return network.ArgMax{Axis: m.axis(), KeepDims: m.bool(), Last: m.bool(), Min: m.bool()}
	},
	func(m maker) network.Op { return network.Reshape{Shape: m.sizes()} },
	func(m maker) network.Op {
		return network.Transpose{Perm: rapid.Permutation([]int{0, 1, 2, 3}[:m.int(0, 4)]).Draw(m.t, "perm")}
	},
	func(m maker) network.Op { return network.Concat{Axis: m.axis()} },
	func(m maker) network.Op { return network.Split{Axis: m.axis(), Sizes: m.sizes()} },
	func(m maker) network.Op {
		return network.Slice{Starts: m.sizes(), Ends: m.sizes(), Axes: m.sizes(), Steps: m.sizes()}
	},
	func(m maker) network.Op {
		return network.Pad{Mode: network.PadMode(m.int(0, 4)), Begin: m.sizes(), End: m.sizes(), Value: float64(m.int(-1, 300))}
	},
	func(m maker) network.Op { return network.DepthToSpace{Block: m.size(), CRD: m.bool()} },
	func(m maker) network.Op { return network.SpaceToDepth{Block: m.size()} },
	func(m maker) network.Op {
		return network.Resize{Mode: network.ResizeMode(m.int(0, 2)), Scales: m.floats(), Sizes: m.sizes(), ROI: m.floats(),
			Coordinate:  name(m, network.HalfPixel, network.HalfPixelSymmetric, network.AlignCorners, network.TFCropAndResize, "none"),
			NearestMode: name(m, network.RoundFloor, network.RoundPreferCeil, "none")}
	},
	func(m maker) network.Op { return network.QuantizeLinear{Y: m.quant(), Axis: m.axis()} },
	func(m maker) network.Op { return network.DequantizeLinear{X: m.quant(), Axis: m.axis()} },
	func(m maker) network.Op { return network.DynamicQuantizeLinear{} },
	func(m maker) network.Op { return network.QLinearAdd{A: m.quant(), B: m.quant(), C: m.quant()} },
	func(m maker) network.Op { return network.QLinearMul{A: m.quant(), B: m.quant(), C: m.quant()} },
	func(m maker) network.Op {
		return network.QLinearConcat{Axis: m.axis(), X: []network.Quant{m.quant(), m.quant()}, Y: m.quant()}
	},
	func(m maker) network.Op { return network.QLinearSigmoid{X: m.quant(), Y: m.quant()} },
	func(m maker) network.Op {
		return network.QLinearLeakyRelu{Alpha: m.float(), X: m.quant(), Y: m.quant()}
	},
}

// operand draws a small tensor, or nil for one left out. Most tensors of a draw
// have the same type and fit together.
func (m maker) operand(dtype tensor.DType) *tensor.Tensor {
	if m.int(0, 15) == 0 {
		return nil
	}
	if m.int(0, 5) == 0 {
		dtype = tensor.DType(m.int(1, 9))
	}
	shape := rapid.SampledFrom([][]int{{2, 2, 3, 3}, {2, 2, 2, 2}, {2, 1, 2, 2}, {2}, {2, 4}, {4, 4}, {1, 2, 5}, {2, 2, 2}, {}, {1}, {0, 2, 3, 3}, {2, 0}}).Draw(m.t, "shape")
	n := 1
	for _, d := range shape {
		n *= d
	}
	ints := rapid.SliceOfN(rapid.Int32Range(0, 7), n, n).Draw(m.t, "data")
	x := i32(ints, shape...)
	out, err := network.Cast{To: dtype}.Reference(list(x))
	if err != nil {
		m.t.Fatal(err)
	}
	return out[0]
}

// Whatever its attributes and inputs, an operator infers types or says what is
// wrong; and what it infers is what its reference makes.
func TestInferredIsMade(t *testing.T) {
	accepted := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		for _, operator := range operators {
			m := maker{t}
			op := operator(m)
			dtype := rapid.SampledFrom([]tensor.DType{tensor.Float32, tensor.Int8, tensor.UInt8}).Draw(t, "dtype")
			var in []*tensor.Tensor
			for range m.int(0, 5) {
				in = append(in, m.operand(dtype))
			}
			if checkInferred(t, op, in) {
				accepted[op.Kind()]++
			}
		}
	})
	t.Log(accepted)
}

// checkInferred reports whether the operator takes the inputs.
func checkInferred(t *rapid.T, op network.Op, in []*tensor.Tensor) bool {
	types := make([]network.Type, len(in))
	for i, x := range in {
		types[i] = network.TypeOf(x)
	}
	want, err := op.Infer(types)
	if err != nil {
		if strings.TrimSpace(err.Error()) == "" {
			t.Fatalf("%#v of %v: an empty message", op, types)
		}
		return false
	}
	for _, w := range want {
		if n, err := tensor.Elements(w.Shape); err != nil || n > 1<<16 {
			return false // too large to compute here
		}
	}
	got, err := op.Reference(in)
	if err != nil {
		if strings.Contains(err.Error(), "by 0") || strings.Contains(err.Error(), "the input reaches") {
			return true
		}
		t.Fatalf("%#v of %v: %v", op, types, err)
	}
	for i, w := range want {
		if g := network.TypeOf(got[i]); fmt.Sprint(g) != fmt.Sprint(w) {
			t.Fatalf("%#v of %v: %s made, %s inferred", op, types, g, w)
		}
	}
	return true
}
