package sim

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/tensor"
)

// TestPyTorchIsWithinTheBound: what PyTorch's float32 kernels gave is met by
// default, though arrays sum up in other orders; off by more than rounding, it
// is not.
func TestPyTorchIsWithinTheBound(t *testing.T) {
	t.Parallel()
	suite, err := golden.Open("../testdata/golden/conv2d_f32.zip")
	if err != nil {
		t.Fatal(err)
	}
	cases, unequal := 0, 0
	for _, c := range suite.Cases {
		if _, ok := c.Outputs["y_torch_f32"]; !ok {
			continue
		}
		cases++
		layer, data := floatCase(t, c)
		bound, err := c.Output("bound")
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range caseHardware {
			hw, err := configs.ParseHardware("hw.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			d, err := NewDesign(hw, layer)
			if err != nil {
				t.Fatal(err)
			}
			out, err := d.Run(context.Background(), data, layer.Batch, Options{})
			if err != nil || out.Failure() != nil || !out.Report.ExpectMet {
				t.Fatalf("%s on %s: %v, %v", c, hw.Name, err, out.Failure())
			}
			unequal += out.Report.Expect.Unequal
			y := data.Expect.Data.([]float32)
			was := y[len(y)-1]
			y[len(y)-1] += 5 * float32(bound.Float(len(y)-1))
			err = d.verify(context.Background(), data, layer.Batch, out)
			if err != nil || out.Report.Verdict != Unexpected || out.Wrong.Count != 1 || !strings.Contains(out.Wrong.Error(), ", error bound; largest difference ") {
				t.Fatalf("%s on %s, altered: %v, %v", c, hw.Name, err, out.Wrong)
			}
			y[len(y)-1] = was
		}
	}
	if cases == 0 || unequal == 0 {
		t.Errorf("%d cases, %d elements unequal: nothing was to be tolerated", cases, unequal)
	}
}

// floatCase is a case of the suite as a layer with its data.
func floatCase(t *testing.T, c golden.Case) (*configs.Layer, *Data) {
	t.Helper()
	read := func(x *tensor.Tensor, err error) *tensor.Tensor {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	attributes, err := c.Layer()
	if err != nil {
		t.Fatal(err)
	}
	f := tensor.Float32
	layer := &configs.Layer{Name: c.ID, Conv: attributes, DType: configs.DTypes{Input: f, Weight: f, Accumulator: f, Output: f}}
	data := &Data{Input: read(c.Input("x")), Weight: read(c.Input("weight")), Expect: read(c.Output("y_torch_f32"))}
	if attributes.Bias {
		data.Bias = read(c.Input("bias"))
	}
	layer.Batch, layer.Height, layer.Width, data.Unbatched, err = attributes.CheckInputShape(data.Input.Shape())
	if err != nil {
		t.Fatal(err)
	}
	return layer, data
}

// TestTolerance compares single floats and integers.
func TestTolerance(t *testing.T) {
	t.Parallel()
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	layer := `{op: conv2d, in_channels: 1, out_channels: 1, kernel_size: 1, bias: false, dtype: {input: float32, weight: float32}, input: {height: 1, width: 3}}`
	for _, c := range []struct {
		name      string
		tolerance *configs.Tolerance
		x, want   []float32
		beyond    int
		text      string
	}{
		{"equal", nil, []float32{1, 2, 3}, []float32{1, 2, 3}, 0, ""},
		{"an ulp", nil, []float32{1, 2, 3}, []float32{1, 2, 3.0000002}, 0, "largest difference 2.38e-07 at output[0 0 0 2]"},
		{"many ulps", nil, []float32{1, 2, 3}, []float32{1, 2.00001, 3.00002}, 2, "largest difference 2e-05 at output[0 0 0 2]"},
		{"the sign of zero", nil, []float32{0, 2, 3}, []float32{float32(math.Copysign(0, -1)), 2, 3}, 0, ""},
		{"no numbers", nil, []float32{nan, inf, -inf}, []float32{nan, inf, -inf}, 0, ""},
		{"a number and none", nil, []float32{nan, 1, 1}, []float32{0, 1, 1}, 1, "largest difference infinite, at output[0 0 0 0]"},
		{"infinities", nil, []float32{inf, 1, 1}, []float32{-inf, 1, 1}, 1, "largest difference infinite, at output[0 0 0 0]"},
		{"absolute", &configs.Tolerance{Absolute: 0.5}, []float32{1, 2, 300}, []float32{1.5, 2.25, 300.75}, 1, "largest difference 0.75 at output[0 0 0 2]"},
		{"relative", &configs.Tolerance{Relative: 0.25}, []float32{1, 2, 300}, []float32{1.5, 2.25, 300.75}, 1, "largest difference 0.75 at output[0 0 0 2]"},
		{"infinite though tolerant", &configs.Tolerance{Relative: 1}, []float32{1, 2, 3}, []float32{inf, 2, 3}, 1, "largest difference infinite, at output[0 0 0 0]"},
		{"none at all", &configs.Tolerance{}, []float32{1, 2, 3}, []float32{1, 2, 3.0000002}, 1, "largest difference 2.38e-07 at output[0 0 0 2]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			hw, l := parse(t, `{name: one}`, layer)
			d, data := mustLoad(t, hw, l, 1)
			l.Tensors.Tolerance = c.tolerance
			copy(data.Input.Data.([]float32), c.x)
			data.Weight.Data.([]float32)[0] = 1
			var err error
			if data.Expect, err = tensor.From(tensor.Float32, c.want, 1, 1, 1, 3); err != nil {
				t.Fatal(err)
			}
			out, err := d.Run(context.Background(), data, 2, Options{})
			if err != nil {
				t.Fatal(err)
			}
			e := out.Report.Expect
			if e.Beyond != 2*c.beyond || out.Report.ExpectMet != (c.beyond == 0) || *out.Report.Verified != (c.beyond == 0) {
				t.Errorf("%d beyond, met %v", e.Beyond, out.Report.ExpectMet)
			}
			if text := e.String(); c.text != "" && text != c.text || c.text == "" && e.Unequal != 0 {
				t.Errorf("%s; want %s", text, c.text)
			}
		})
	}
}

// TestIntegersAreExpectedExactly: the largest difference is named.
func TestIntegersAreExpectedExactly(t *testing.T) {
	hw, layer := parse(t, `{name: one}`, sumLayer+"}")
	d, data := mustLoad(t, hw, layer, 1)
	out, err := d.Run(context.Background(), data, 1, Options{})
	if err != nil {
		t.Fatal(err)
	}
	data.Expect, _ = out.Output.Convert(tensor.Int32)
	sums := data.Expect.Data.([]int32)
	sums[1], sums[3] = sums[1]+1, sums[3]-1234567
	if err := d.verify(context.Background(), data, 1, out); err != nil {
		t.Fatal(err)
	}
	want := "2 of 4 elements differ; largest difference 1234567 at output[0 0 0 3]"
	if got := out.Wrong.Error(); !strings.HasSuffix(got, want) || !strings.Contains(got, "output[0 0 0 1] is ") {
		t.Errorf("got %s; want %s at the end", got, want)
	}
	if diff := cmp.Diff([]int{0, 0, 0, 3}, out.Report.Expect.At); diff != "" {
		t.Error(diff)
	}
}
