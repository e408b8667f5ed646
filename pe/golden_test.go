package pe

import (
	"encoding/json"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/tensor"
)

// qconv calls check for every case of one operation of the suite "qconv".
func qconv(t *testing.T, op string, check func(t *testing.T, in inputs)) {
	suite, err := golden.Open("../testdata/golden/qconv.zip")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, c := range suite.Cases {
		if c.Op == op {
			checked++
			t.Run(c.ID, func(t *testing.T) { check(t, inputs{t, c}) })
		}
	}
	if checked == 0 {
		t.Fatalf("no case of %s", op)
	}
}

// inputs reads the tensors of a case.
type inputs struct {
	t    *testing.T
	Case golden.Case
}

func (in inputs) tensor(name string) *tensor.Tensor {
	in.t.Helper()
	x, err := in.Case.Input(name)
	if err != nil {
		in.t.Fatal(err)
	}
	return x
}

func (in inputs) floats(name string) []float32 {
	x := in.tensor(name)
	return x.Float32s(nil, 0, x.Len())
}

// ints reads integers; a missing tensor is nil.
func (in inputs) ints(name string) []int32 {
	if !in.Case.HasInput(name) {
		return nil
	}
	x := in.tensor(name)
	return x.Int32s(nil, 0, x.Len())
}

// centred reads a tensor minus its zero points: none, one, or one for each of
// its leading dimension.
func (in inputs) centred(name string) []int32 {
	values, zeros := in.ints(name), in.ints(name+"_zero_point")
	for i := range values {
		if len(zeros) > 0 {
			values[i] -= zeros[i*len(zeros)/len(values)]
		}
	}
	return values
}

// zeroPoint reads one zero point, 0 when missing.
func (in inputs) zeroPoint(name string) int32 {
	if zeros := in.ints(name); len(zeros) > 0 {
		return zeros[0]
	}
	return 0
}

func TestGoldenRequantize(t *testing.T) {
	qconv(t, "Requantize", func(t *testing.T, in inputs) {
		var attrs struct {
			ZeroPoint int32 `json:"zero_point"`
			DType     string
		}
		if err := json.Unmarshal(in.Case.Attrs, &attrs); err != nil {
			t.Fatal(err)
		}
		dtype, err := tensor.ParseDType(attrs.DType)
		if err != nil {
			t.Fatal(err)
		}
		r, err := NewMultiplier(in.floats("multiplier"), 1, Output{attrs.ZeroPoint, SpanOf(dtype)})
		if err != nil {
			t.Fatal(err)
		}
		acc := in.ints("acc")
		r.Apply(acc, acc, 0, 1)
		compare(t, in.Case, dtype, acc, len(acc))
	})
}

// compare compares values with the output of the case.
func compare(t *testing.T, c golden.Case, dtype tensor.DType, values []int32, shape ...int) {
	t.Helper()
	got, err := tensor.FromInt32s(dtype, values, shape...)
	if err != nil {
		t.Fatal(err)
	}
	if err := golden.Compare(c, got); err != nil {
		t.Error(err)
	}
}

func TestGoldenQLinearConv(t *testing.T) {
	qconv(t, "QLinearConv", func(t *testing.T, in inputs) {
		dtype, err := tensor.ParseDType(in.Case.Outputs["y"].DType)
		if err != nil {
			t.Fatal(err)
		}
		s, acc := accumulators2d(in)
		scales := Scales{in.floats("x_scale")[0], in.floats("y_scale")[0], in.floats("w_scale")}
		r, err := NewONNX(scales, s.OutChannels, Output{in.zeroPoint("y_zero_point"), SpanOf(dtype)})
		if err != nil {
			t.Fatal(err)
		}
		for g, sums := range acc {
			r.Apply(sums, sums, g*s.GroupOutChannels(), s.GroupOutChannels())
		}
		compare(t, in.Case, dtype, planar(s, acc), s.OutputShape()...)
	})
}

func TestGoldenConvInteger(t *testing.T) {
	qconv(t, "ConvInteger", func(t *testing.T, in inputs) {
		s, acc := accumulators2d(in)
		compare(t, in.Case, tensor.Int32, planar(s, acc), s.OutputShape()...)
	})
}

// accumulators2d runs a case through IntWeights; the result is by group, pixel,
// output channel of the group.
func accumulators2d(in inputs) (conv.Shape, [][]int32) {
	in.t.Helper()
	layer, err := in.Case.Layer()
	if err != nil {
		in.t.Fatal(err)
	}
	shape := in.Case.Inputs["x"].Shape
	s, err := layer.Resolve(shape[0], shape[2], shape[3])
	if err != nil {
		in.t.Fatal(err)
	}
	x, weights, bias := conv.Padded(s, in.centred("x")), in.centred("w"), in.ints("B")
	acc := make([][]int32, s.Groups)
	for g := range acc {
		k := s.GroupOutChannels()
		rows, own := make([][]int32, k), bias
		if len(bias) > 0 {
			own = bias[g*k : (g+1)*k]
		}
		for o := range rows {
			rows[o] = weights[(g*k+o)*s.Taps() : (g*k+o+1)*s.Taps()]
		}
		w := NewIntWeights(rows, own, Uniform(s.GroupInChannels(), s.Kernel.H*s.Kernel.W), conv.Accumulator{Bits: 32}, Signed(9))
		acc[g] = make([]int32, s.Batch*s.OutHeight*s.OutWidth*k)
		w.Multiply(acc[g], vectorsOf(s, x, g), s.Batch*s.OutHeight*s.OutWidth)
	}
	return s, acc
}

// vectorsOf copies the windows of one group, each in the order of a weight's
// elements: channel, kernel row, kernel column.
func vectorsOf(s conv.Shape, padded []int32, group int) (x []int32) {
	channels := s.GroupInChannels()
	for n := range s.Batch {
		for oy := range s.OutHeight {
			for ox := range s.OutWidth {
				for tap := range s.Taps() {
					kx, ky, c := tap%s.Kernel.W, tap/s.Kernel.W%s.Kernel.H, tap/s.Kernel.W/s.Kernel.H
					plane := n*s.InChannels + group*channels + c
					iy, ix := oy*s.Stride.H+ky*s.Dilation.H, ox*s.Stride.W+kx*s.Dilation.W
					x = append(x, padded[(plane*s.PaddedHeight()+iy)*s.PaddedWidth()+ix])
				}
			}
		}
	}
	return x
}

// planar turns group, image, pixel, channel into image, group, channel, pixel.
func planar(s conv.Shape, acc [][]int32) (y []int32) {
	k, pixels := s.GroupOutChannels(), s.OutHeight*s.OutWidth
	for n := range s.Batch {
		for g := range s.Groups {
			for o := range k {
				for p := range pixels {
					y = append(y, acc[g][(n*pixels+p)*k+o])
				}
			}
		}
	}
	return y
}
