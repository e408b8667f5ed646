package sim

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/tensor"
)

// caseHardware is what the cases run on: both windows, folds that divide and
// that do not.
var caseHardware = []string{
	`{name: one, array: {pe: 1, simd: 1}}`,
	`{name: serial, array: {pe: 2, simd: 3}}`,
	`{name: parallel, array: {pe: 3, simd: 2}, window: {style: parallel, frame_overlap: true}, fifo: {depth: 0}}`,
}

// TestCases runs layers whose outputs other frameworks computed. A stride above
// the kernel's extent leaves no padding to SAME (ONNX Runtime). TensorFlow Lite
// gives one result with its default interpreter, a float32 factor rounded half
// to even, and another one with its reference kernels, a fixed-point factor
// rounded twice; each rule is one of the two and not the other.
func TestCases(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		layer string
		wrong int // elements that differ from what is expected
	}{
		{"stride_beyond_kernel_same_lower/layer.yaml", 0},
		{"stride_beyond_kernel_same_upper/layer.yaml", 0},
		{"tflite_default_interpreter/layer_onnx.yaml", 0},
		{"tflite_default_interpreter/layer_tflite_reference.yaml", 0},
		{"tflite_default_interpreter/layer_tflite.yaml", 8},
	} {
		t.Run(c.layer, func(t *testing.T) {
			layer, err := configs.LoadLayer(filepath.Join("testdata/cases", c.layer))
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range caseHardware {
				hw, err := configs.ParseHardware("hw.yaml", []byte(text))
				if err != nil {
					t.Fatal(err)
				}
				out, err := Run(context.Background(), hw, layer, Options{})
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case c.wrong == 0 && (out.Wrong != nil || !out.Report.ExpectMet):
					t.Errorf("%s: %v", hw.Name, out.Wrong)
				case c.wrong != 0 && (out.Wrong == nil || out.Wrong.Against != "expected output" || out.Wrong.Count != c.wrong):
					t.Errorf("%s: %v; want %d elements to differ from the expected output", hw.Name, out.Wrong, c.wrong)
				}
			}
		})
	}
}

// TestIntegersWithoutAType: int64 is what NumPy makes of a list of integers.
// It is read as any integer type that holds the values, and refused where one
// does not fit.
func TestIntegersWithoutAType(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.npy")
	for _, c := range []struct {
		dtype tensor.DType
		value int64
		fits  bool
	}{
		{tensor.Int4, -8, true}, {tensor.Int4, 8, false}, {tensor.UInt4, 15, true}, {tensor.UInt4, -1, false},
		{tensor.Int8, 127, true}, {tensor.Int8, -129, false}, {tensor.UInt8, 255, true}, {tensor.UInt8, 256, false},
		{tensor.Int16, -32768, true}, {tensor.Int16, 32768, false},
		{tensor.Int32, 1<<31 - 1, true}, {tensor.Int32, 1 << 31, false}, {tensor.Float32, 1, false},
	} {
		values, err := tensor.From(tensor.Int64, []int64{0, c.value}, 1, 1, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		if err := tensor.WriteNPY(path, values); err != nil {
			t.Fatal(err)
		}
		d := Design{}
		got, err := d.load("input", path, configs.Path{}, c.dtype, []int{1, 1, 1, 2})
		if c.fits && (err != nil || got.DType() != c.dtype || got.Int(1) != c.value) {
			t.Errorf("%d as %s: %v, %v", c.value, c.dtype, got, err)
		}
		if !c.fits && err == nil {
			t.Errorf("%d is read as %s", c.value, c.dtype)
		}
	}
}
