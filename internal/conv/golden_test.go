package conv_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/tensor"
)

func suite(t *testing.T, name string) []golden.Case {
	t.Helper()
	s, err := golden.Open("../../testdata/golden/" + name + ".zip")
	if err != nil {
		t.Fatal(err)
	}
	return s.Cases
}

// eachCase runs f on the cases of a suite that are of that operation.
func eachCase(t *testing.T, name, op string, f func(t *testing.T, c golden.Case)) {
	n := 0
	for _, c := range suite(t, name) {
		if c.Op == op {
			n++
			t.Run(c.ID, func(t *testing.T) { f(t, c) })
		}
	}
	if n == 0 {
		t.Fatalf("suite %s has no %s", name, op)
	}
}

// resolved returns the shape of a case applied to input x.
func resolved(t *testing.T, c golden.Case, x *tensor.Tensor) (s conv.Shape, unbatched bool) {
	t.Helper()
	layer, err := c.Layer()
	if err != nil {
		t.Fatal(err)
	}
	batch, height, width, unbatched, err := layer.CheckInputShape(x.Shape())
	if err != nil {
		t.Fatal(err)
	}
	s, err = layer.Resolve(batch, height, width)
	if err != nil {
		t.Fatal(err)
	}
	return s, unbatched
}

func input(t *testing.T, c golden.Case, name string) *tensor.Tensor {
	t.Helper()
	x, err := c.Input(name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// compare checks a result against the case's expected output.
func compare[T int32 | float32](t *testing.T, c golden.Case, s conv.Shape, unbatched bool, y []T) {
	t.Helper()
	shape, dtype := s.OutputShape(), tensor.Int32
	if _, ok := any(y).([]float32); ok {
		dtype = tensor.Float32
	}
	if unbatched {
		shape = shape[1:]
	}
	got, err := tensor.From(dtype, any(y), shape...)
	if err != nil {
		t.Fatal(err)
	}
	if err := golden.Compare(c, got); err != nil {
		t.Error(err)
	}
}

func checkInt(t *testing.T, c golden.Case) {
	x, w := input(t, c, "x"), input(t, c, "weight")
	s, unbatched := resolved(t, c, x)
	var bias []int32
	if s.Bias {
		b := input(t, c, "bias")
		bias = b.Int32s(nil, 0, b.Len())
	}
	pixels := x.Int32s(nil, 0, x.Len())
	for i := range pixels {
		pixels[i] -= int32(c.XZeroPoint)
	}
	weights := w.Int32s(nil, 0, w.Len())
	for _, a := range []conv.Accumulator{{Bits: 32}, {Bits: 32, Saturate: true}} {
		compare(t, c, s, unbatched, conv.ReferenceInt(s, conv.NaturalOrder(s), a, pixels, weights, bias).Held)
	}
}

func TestGoldenInt(t *testing.T) { eachCase(t, "conv2d_int", "Conv2d", checkInt) }

func TestGoldenDigits(t *testing.T) { eachCase(t, "digits_layers", "Conv2d", checkInt) }

func TestGoldenFloat(t *testing.T) {
	eachCase(t, "conv2d_f32", "Conv2d", func(t *testing.T, c golden.Case) {
		x, w := input(t, c, "x"), input(t, c, "weight")
		s, unbatched := resolved(t, c, x)
		var bias []float32
		if s.Bias {
			b := input(t, c, "bias")
			bias = b.Float32s(nil, 0, b.Len())
		}
		pixels, weights := x.Float32s(nil, 0, x.Len()), w.Float32s(nil, 0, w.Len())
		for _, o := range []conv.Order{conv.NaturalOrder(s), reversed(conv.NaturalOrder(s)), inBeats(s, 4)} {
			compare(t, c, s, unbatched, conv.ReferenceFloat(s, o, pixels, weights, bias))
		}
	})
}

// TestGoldenErrorBound holds the error bound to the one the suite states.
func TestGoldenErrorBound(t *testing.T) {
	checked := 0
	eachCase(t, "conv2d_f32", "Conv2d", func(t *testing.T, c golden.Case) {
		if c.Compare.Mode != "bound" {
			return
		}
		checked++
		x, w := input(t, c, "x"), input(t, c, "weight")
		s, _ := resolved(t, c, x)
		var bias []float32
		if s.Bias {
			b := input(t, c, "bias")
			bias = b.Float32s(nil, 0, b.Len())
		}
		want, err := c.Output("bound")
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range conv.ErrorBound(s, x.Float32s(nil, 0, x.Len()), w.Float32s(nil, 0, w.Len()), bias) {
			if off := math.Abs(got - want.Float(i)); off > 1e-9*want.Float(i) {
				t.Fatalf("bound %d is %v, want %v", i, got, want.Float(i))
			}
		}
	})
	if checked == 0 {
		t.Error("no case states a bound")
	}
}

// ConvInteger has a zero point for the weights too, one or one a channel.
func TestGoldenConvInteger(t *testing.T) {
	eachCase(t, "qconv", "ConvInteger", func(t *testing.T, c golden.Case) {
		x, w := input(t, c, "x"), input(t, c, "w")
		s, unbatched := resolved(t, c, x)
		pixels := minusZero(t, c, x, "x_zero_point", x.Len())
		weights := minusZero(t, c, w, "w_zero_point", s.Taps())
		y := conv.ReferenceInt(s, conv.NaturalOrder(s), conv.Accumulator{Bits: 32}, pixels, weights, nil).Held
		compare(t, c, s, unbatched, y)
	})
}

// minusZero returns the elements of x less their zero point, of which there is
// one for all or one for every run of elements.
func minusZero(t *testing.T, c golden.Case, x *tensor.Tensor, name string, run int) []int32 {
	t.Helper()
	out := x.Int32s(nil, 0, x.Len())
	if !c.HasInput(name) {
		return out
	}
	zero := input(t, c, name)
	for i := range out {
		out[i] -= int32(zero.Int(i / run % zero.Len()))
	}
	return out
}

// ONNX's auto_pad has to come out as the manifest resolves it.
func TestGoldenPads(t *testing.T) {
	for _, c := range suite(t, "qconv") {
		if c.PadsResolved == nil {
			continue
		}
		s, _ := resolved(t, c, input(t, c, "x"))
		got := []int{s.Pad.Top, s.Pad.Left, s.Pad.Bottom, s.Pad.Right}
		if !slices.Equal(got, c.PadsResolved) {
			t.Errorf("%s: pads %v; want %v", c, got, c.PadsResolved)
		}
	}
}

// wantKeys says which keys the refused cases are to blame.
var wantKeys = map[string][]string{
	"kernel_larger_than_image": {"kernel_size", "kernel_size"},
	"dilated_kernel_larger":    {"kernel_size"},
	"same_with_stride2":        {"stride"},
	"unknown_padding_string":   {"padding"},
	"groups_not_dividing_in":   {"groups"},
	"groups_not_dividing_out":  {"groups"},
	"groups_zero":              {"groups"},
	"channels_mismatch":        {"input"},
	"reflect_pad_eq_size":      {"padding", "padding"},
	"circular_pad_gt_size":     {"padding", "padding"},
	"unknown_padding_mode":     {"padding_mode"},
	"negative_padding":         {"padding"},
	"stride_zero":              {"stride"},
	"dilation_zero":            {"dilation"},
	"kernel_zero":              {"kernel_size"},
	"rank2_input":              {"input"},
	"rank5_input":              {"input"},
	"zero_height":              {"input.height"},
}

func TestGoldenErrors(t *testing.T) {
	for _, c := range suite(t, "conv2d_errors") {
		t.Run(c.ID, func(t *testing.T) {
			shape, err := outputShape(c)
			if c.Accepts && (err != nil || !slices.Equal(shape, c.OutShape)) {
				t.Errorf("got %v, %v; want %v", shape, err, c.OutShape)
			}
			if got := keys(err); !slices.Equal(got, wantKeys[c.ID]) {
				t.Errorf("blames %q; want %q\n%v", got, wantKeys[c.ID], err)
			}
		})
	}
}

// outputShape applies the layer of a case to its input shape.
func outputShape(c golden.Case) ([]int, error) {
	layer, err := c.Layer()
	if err != nil {
		return nil, err
	}
	batch, height, width, unbatched, err := layer.CheckInputShape(c.XShape)
	if err != nil {
		return nil, err
	}
	s, err := layer.Resolve(batch, height, width)
	if unbatched {
		return s.OutputShape()[1:], err
	}
	return s.OutputShape(), err
}

// keys returns the keys an error blames.
func keys(err error) (out []string) {
	var ps conv.Problems
	if err != nil && !errors.As(err, &ps) {
		return []string{fmt.Sprintf("not Problems: %v", err)}
	}
	for _, p := range ps {
		out = append(out, p.Key)
	}
	return out
}
