package network_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// layerOf returns the attributes of a convolution of the suite qconv.
func layerOf(t *testing.T, c golden.Case) network.Conv {
	t.Helper()
	l, err := c.Layer()
	if err != nil {
		t.Fatal(err)
	}
	return network.Conv{Stride: l.Stride, Dilation: l.Dilation, Padding: l.Padding, Groups: l.Groups}
}

// quant reads scales and zero points of a case; what is missing is 1 and 0.
func quant(t *testing.T, c golden.Case, name string, dtype tensor.DType) network.Quant {
	t.Helper()
	q := network.Quant{DType: dtype, Scale: []float32{1}, Zero: []int32{0}}
	if c.HasInput(name + "_scale") {
		s := input(t, c, name+"_scale")
		q.Scale = s.Float32s(nil, 0, s.Len())
	}
	if c.HasInput(name + "_zero_point") {
		z := input(t, c, name+"_zero_point")
		q.Zero = z.Int32s(nil, 0, z.Len())
	}
	return q
}

func TestGoldenQConv(t *testing.T) {
	eachCase(t, "qconv", func(t *testing.T, c golden.Case) {
		if c.Op == "Requantize" {
			t.Skip("requantisation alone: QLinearConv is held to its rule by the other cases")
		}
		x, w := input(t, c, "x"), input(t, c, "w")
		qx, qw := quant(t, c, "x", x.DType()), quant(t, c, "w", w.DType())
		if c.Op == "ConvInteger" {
			y := run(t, network.ConvInteger{Conv: layerOf(t, c), XZero: qx.Zero[0], WZero: qw.Zero}, x, w)
			if err := golden.Compare(c, y); err != nil {
				t.Error(err)
			}
			return
		}
		want, err := c.Output("y")
		if err != nil {
			t.Fatal(err)
		}
		in := []*tensor.Tensor{x, w}
		if c.HasInput("B") {
			in = append(in, input(t, c, "B"))
		}
		op := network.QLinearConv{Conv: layerOf(t, c), X: qx, W: qw, Y: quant(t, c, "y", want.DType())}
		if err := golden.Compare(c, run(t, op, in...)); err != nil {
			t.Error(err)
		}
	})
}

// Sums of small integers are exact in float32.
func TestGoldenConvTranspose(t *testing.T) {
	eachCase(t, "conv_transpose2d", func(t *testing.T, c golden.Case) {
		l, err := c.TransposeLayer()
		if err != nil {
			t.Fatal(err)
		}
		op := network.ConvTranspose{Stride: l.Stride, Dilation: l.Dilation, Padding: l.Padding,
			OutputPadding: l.OutputPadding, Groups: l.Groups}
		x := run(t, network.Combine{How: network.Sub}, wide(t, tensor.Float32, input(t, c, "x")),
			scalar(t, float32(c.XZeroPoint)))
		unbatched := len(x.Shape()) == 3
		if unbatched {
			x = run(t, network.Reshape{Shape: append([]int{1}, x.Shape()...)}, x)
		}
		in := []*tensor.Tensor{x, wide(t, tensor.Float32, input(t, c, "weight"))}
		if l.Bias {
			in = append(in, wide(t, tensor.Float32, input(t, c, "bias")))
		}
		y := run(t, op, in...)
		if unbatched {
			y = run(t, network.Reshape{Shape: y.Shape()[1:]}, y)
		}
		if c.Compare.Mode == "exact" {
			y = wide(t, tensor.Int32, y)
		}
		if err := golden.Compare(c, y); err != nil {
			t.Error(err)
		}
	})
}

func scalar(t *testing.T, x float32) *tensor.Tensor {
	t.Helper()
	out, err := tensor.From(tensor.Float32, []float32{x})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The rule of requantisation, by conv's arithmetic of integers, near ties.
func TestRequantise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small, zero := rapid.Float32Range(1e-3, 1e-2), rapid.Int32Range(-128, 127).Draw(t, "zero")
		x, w, y := small.Draw(t, "x"), small.Draw(t, "w"), rapid.Float32Range(1, 10).Draw(t, "y")
		rule := conv.Requantization{Scale: conv.ScaleONNX(x, y, values{w}), ZeroPoint: int64(zero), Lowest: -128, Highest: 127}
		op := network.QLinearConv{Conv: network.Conv{Stride: one, Dilation: one, Groups: 1},
			X: q(tensor.Int8, x, 0), W: q(tensor.Int8, w, 0), Y: q(tensor.Int8, y, zero)}
		nothing := i8([]int8{0}, 1, 1, 1)
		for half := float64(-127) - 0.5; half < 128; half++ {
			acc := int32(half * float64(y) / (float64(x) * float64(w)))
			got, err := op.Reference(list(nothing, nothing, i32([]int32{acc})))
			if err != nil {
				t.Fatal(err)
			}
			if want := rule.Of(0, int64(acc)); got[0].Int(0) != want {
				t.Fatalf("%d: got %d; want %d", acc, got[0].Int(0), want)
			}
		}
	})
}
