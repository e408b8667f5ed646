package network_test

import (
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// eachCase runs f on the cases of a committed suite.
func eachCase(t *testing.T, name string, f func(t *testing.T, c golden.Case)) {
	t.Helper()
	s, err := golden.Open("../../testdata/golden/" + name + ".zip")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Cases {
		t.Run(c.ID, func(t *testing.T) { f(t, c) })
	}
}

// run checks the types an operator infers and returns its first output.
func run(t *testing.T, op network.Op, in ...*tensor.Tensor) *tensor.Tensor {
	t.Helper()
	types := make([]network.Type, len(in))
	for i, x := range in {
		types[i] = network.TypeOf(x)
	}
	want, err := op.Infer(types)
	if err != nil {
		t.Fatalf("%s: %v", op.Kind(), err)
	}
	out, err := op.Reference(in)
	if err != nil {
		t.Fatalf("%s: %v", op.Kind(), err)
	}
	for i, y := range out {
		if got := network.TypeOf(y); got.String() != want[i].String() {
			t.Fatalf("%s: output %d is %s; inferred: %s", op.Kind(), i, got, want[i])
		}
	}
	return out[0]
}

func input(t *testing.T, c golden.Case, name string) *tensor.Tensor {
	t.Helper()
	x, err := c.Input(name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func attributes[T any](t *testing.T, c golden.Case) (attrs T) {
	t.Helper()
	if err := c.DecodeAttrs(&attrs); err != nil {
		t.Fatal(err)
	}
	return attrs
}

func pair(p [2]int) conv.Pair { return conv.Pair{H: p[0], W: p[1]} }

func number(x float64) *float64 { return &x }

// wide returns a tensor as another type.
func wide(t *testing.T, dtype tensor.DType, x *tensor.Tensor) *tensor.Tensor {
	t.Helper()
	return run(t, network.Cast{To: dtype}, x)
}

// pools hold one function per operation of the suite pool_misc.
var pools = map[string]func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor{
	"MaxPool2d": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		return run(t, network.MaxPool{Pool: window(t, c)}, in...)
	},
	"AvgPool2d": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		attrs := attributes[struct {
			Include bool `json:"count_include_pad"`
			Divisor int  `json:"divisor_override"`
		}](t, c)
		op := network.AveragePool{Pool: window(t, c), CountIncludePad: attrs.Include, Divisor: attrs.Divisor}
		return run(t, op, wide(t, tensor.Float32, in[0]))
	},
	"GlobalAvgPool": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		return run(t, network.GlobalAveragePool{}, wide(t, tensor.Float32, in[0]))
	},
	"Add": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		y := run(t, network.Combine{How: network.Add}, wide(t, tensor.Int32, in[0]), wide(t, tensor.Int32, in[1]))
		if attributes[struct{ Saturate bool }](t, c).Saturate {
			y = wide(t, tensor.Int8, run(t, network.Clip{Lo: number(-128), Hi: number(127)}, y))
		}
		return y
	},
	"QAdd": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		attrs := attributes[map[string]float32](t, c)
		q := func(name string) network.Quant {
			return network.Quant{DType: in[0].DType(), Scale: []float32{attrs[name+"_scale"]},
				Zero: []int32{int32(attrs[name+"_zero_point"])}}
		}
		a := run(t, network.DequantizeLinear{X: q("a")}, in[0])
		b := run(t, network.DequantizeLinear{X: q("b")}, in[1])
		return run(t, network.QuantizeLinear{Y: q("y")}, run(t, network.Combine{How: network.Add}, a, b))
	},
	"Concat": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		return run(t, network.Concat{Axis: attributes[struct{ Dim int }](t, c).Dim}, in...)
	},
	"ReLU": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		return run(t, network.Unary{Function: network.Relu}, in...)
	},
	"ReLU6": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		return run(t, network.Clip{Lo: number(0), Hi: number(6)}, in...)
	},
	"QReLU6": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		attrs := attributes[map[string]float32](t, c)
		q := network.Quant{DType: in[0].DType(), Scale: []float32{attrs["scale"]}, Zero: []int32{int32(attrs["zero_point"])}}
		x := run(t, network.DequantizeLinear{X: q}, in...)
		return run(t, network.QuantizeLinear{Y: q}, run(t, network.Clip{Lo: number(0), Hi: number(6)}, x))
	},
	"UpsampleNearest": upsample,
	"Pad": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		attrs := attributes[struct {
			Mode  string
			Pad   [4]int
			Value float64
		}](t, c)
		mode := map[string]network.PadMode{"constant": network.PadConstant, "reflect": network.PadReflect,
			"replicate": network.PadEdge, "circular": network.PadWrap}[attrs.Mode]
		p := attrs.Pad
		return run(t, network.Pad{Mode: mode, Begin: []int{0, 0, p[2], p[0]}, End: []int{0, 0, p[3], p[1]}, Value: attrs.Value}, in...)
	},
	"PixelShuffle": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		block := attributes[map[string]int](t, c)["upscale_factor"]
		y := run(t, network.DepthToSpace{Block: block, CRD: true}, in...)
		if back := run(t, network.Transpose{Perm: []int{0, 1, 2, 3}}, y); !back.Equal(y) {
			t.Error("a transposition that changes nothing changes something")
		}
		return y
	},
	"ChannelShuffle": func(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
		groups, s := attributes[map[string]int](t, c)["groups"], in[0].Shape()
		x := run(t, network.Reshape{Shape: []int{s[0], groups, -1, s[2], s[3]}}, in...)
		return run(t, network.Reshape{Shape: s}, run(t, network.Transpose{Perm: []int{0, 2, 1, 3, 4}}, x))
	},
}

func window(t *testing.T, c golden.Case) network.Pool {
	attrs := attributes[struct {
		Kernel, Stride, Padding, Dilation [2]int
		KernelSize                        [2]int `json:"kernel_size"`
		Ceil                              bool   `json:"ceil_mode"`
	}](t, c)
	if attrs.Dilation == [2]int{} {
		attrs.Dilation = [2]int{1, 1}
	}
	p := attrs.Padding
	return network.Pool{Kernel: pair(attrs.KernelSize), Stride: pair(attrs.Stride), Dilation: pair(attrs.Dilation), Ceil: attrs.Ceil,
		Padding: conv.Padding{Sides: conv.Sides{Top: p[0], Bottom: p[0], Left: p[1], Right: p[1]}}}
}

// upsample computes the case by size and, where there is one, by scale.
func upsample(t *testing.T, c golden.Case, in ...*tensor.Tensor) *tensor.Tensor {
	y, err := c.Output("y")
	if err != nil {
		t.Fatal(err)
	}
	op := network.Resize{Coordinate: network.Asymmetric, NearestMode: network.RoundFloor, Sizes: y.Shape()}
	out := run(t, op, in...)
	if strings.Contains(string(c.Attrs), "scale_factor") {
		op.Sizes = nil
		for i, n := range in[0].Shape() {
			op.Scales = append(op.Scales, float32(y.Shape()[i])/float32(n))
		}
		if other := run(t, op, in...); !other.Equal(out) {
			t.Error("by scale another result than by size")
		}
	}
	return out
}

func TestGoldenPool(t *testing.T) {
	eachCase(t, "pool_misc", func(t *testing.T, c golden.Case) {
		if c.Op == "Linear" {
			checkLinear(t, c)
			return
		}
		var in []*tensor.Tensor
		for _, name := range []string{"x", "a", "b", "x0", "x1", "x2"} {
			if c.HasInput(name) {
				in = append(in, input(t, c, name))
			}
		}
		if err := golden.Compare(c, pools[c.Op](t, c, in...)); err != nil {
			t.Error(err)
		}
	})
}

// checkLinear computes a Linear three ways.
func checkLinear(t *testing.T, c golden.Case) {
	x, w := input(t, c, "x"), input(t, c, "weight")
	turned := run(t, network.Transpose{Perm: []int{1, 0}}, w)
	y := run(t, network.MatMulInteger{AZero: []int32{0}, BZero: []int32{0}}, x, turned)
	exact := network.Quant{DType: x.DType(), Scale: []float32{1}, Zero: []int32{0}}
	gemm := network.QGemm{Alpha: 1, TransB: true, A: exact, B: exact}
	real := network.Gemm{Alpha: 1, Beta: 1, TransB: true}
	in := []*tensor.Tensor{x, w}
	if c.HasInput("bias") {
		in = append(in, input(t, c, "bias"))
		y = run(t, network.Combine{How: network.Add}, y, in[2])
	}
	if err := golden.Compare(c, y); err != nil {
		t.Error(err)
	}
	if err := golden.Compare(c, wide(t, tensor.Int32, run(t, gemm, in...))); err != nil {
		t.Error(err)
	}
	for i := range in {
		in[i] = wide(t, tensor.Float32, in[i])
	}
	if err := golden.Compare(c, wide(t, tensor.Int32, run(t, real, in...))); err != nil {
		t.Error(err)
	}
}
