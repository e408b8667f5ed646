package configs_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func parseHardware(name string, data []byte) error {
	_, err := configs.ParseHardware(name, data)
	return err
}
func parseLayer(name string, data []byte) error { _, err := configs.ParseLayer(name, data); return err }
func parseWorkload(name string, data []byte) error {
	_, err := configs.ParseWorkload(name, data)
	return err
}

// TestMistakes holds all messages about a file with many mistakes to a golden file.
func TestMistakes(t *testing.T) {
	tests := []struct {
		name  string
		parse func(string, []byte) error
	}{
		{"hardware_mistakes", parseHardware},
		{"layer_mistakes", parseLayer},
		{"layer_contradictions", parseLayer},
		{"workload_mistakes", parseWorkload},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data, err := os.ReadFile("testdata/" + tt.name + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			list := asErrors(t, tt.parse(tt.name+".yaml", data))
			checkGolden(t, "testdata/"+tt.name+".golden", list.Excerpts())
		})
	}
}

func asErrors(t testing.TB, err error) *strictyaml.Errors {
	t.Helper()
	var list *strictyaml.Errors
	if !errors.As(err, &list) {
		t.Fatalf("no *strictyaml.Errors but %v", err)
	}
	return list
}

func checkGolden(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s mismatch (-want +got):\n%s", golden, diff)
	}
}

// onePoint is the smallest legal layer, to which cases append.
const onePoint = "op: conv2d\nin_channels: 4\nout_channels: 8\nkernel_size: 3\ninput: {height: 7, width: 9}\n"

// TestOneMistake checks rules that need the rest of the file to be right.
func TestOneMistake(t *testing.T) {
	tests := []struct{ name, extra, want string }{
		{"groups against in_channels", "groups: 8", "f.yaml:6:9: groups: illegal value, got 8; allowed: a divisor of in_channels, 4"},
		{"same with a stride", "padding: same\nstride: 2", `f.yaml:7:9: stride: illegal value, got [2, 2]; allowed: 1 with padding "same"`},
		{"circular padding too wide", "padding: [8, 0]\npadding_mode: circular",
			"f.yaml:6:10: padding: illegal value, got 8 before and 8 after in height; allowed: at most 7 with padding_mode circular and input.height 7"},
		{"float with int", "dtype: {input: float32}", "f.yaml:6:8: dtype.weight: illegal value, got int8; allowed: float32, as dtype.input is"},
		{"int with float", "dtype: {weight: float32}", "f.yaml:6:17: dtype.weight: illegal value, got float32; allowed: an integer type, as dtype.input is int8"},
		{"int accumulator of floats", "dtype: {input: float32, weight: float32, accumulator: int32}",
			"f.yaml:6:55: dtype.accumulator: illegal value, got int32; allowed: float32 with dtype.input float32"},
		{"tolerance of integers", "tensors: {expect: y.npy, tolerance: {atol: 1}}",
			"f.yaml:6:37: tensors.tolerance: illegal value, got a tolerance; allowed: none with dtype.input int8: integers are compared exactly"},
		{"tolerance of nothing", "dtype: {input: float32, weight: float32}\ntensors: {tolerance: {rtol: 0.1}}",
			"f.yaml:7:22: tensors.tolerance: illegal value, got a tolerance; allowed: with tensors.expect only"},
		{"tolerance below 0", "dtype: {input: float32, weight: float32}\ntensors: {expect: y.npy, tolerance: {rtol: -0.1}}",
			"f.yaml:7:44: tensors.tolerance.rtol: out of range, got -0.1; allowed: number >= 0 such as 0.5 or 1e-3"},
		{"output without requantize", "dtype: {output: int8}", "f.yaml:6:17: dtype.output: illegal value, got int8; allowed: int32 without requantize"},
		{"output against requantize", "dtype: {output: uint8}\nrequantize: {rule: shift, shift: 3, dtype: int8}",
			"f.yaml:6:17: dtype.output: illegal value, got uint8; allowed: int8, as requantize.dtype says"},
		{"requantize to int32", "dtype: {output: int32}\nrequantize: {rule: shift, shift: 3}",
			"f.yaml:6:17: dtype.output: illegal value, got int32; allowed: int4, uint4, int8, uint8, int16 with requantize"},
		{"requantised float", "dtype: {input: float32, weight: float32}\nrequantize: {rule: shift, shift: 3}",
			"f.yaml:7:13: requantize: illegal value, got rule shift; allowed: no requantize with float32"},
		{"zero point of float", "dtype: {input: float32, weight: float32}\nzero_point: {input: 1}",
			"f.yaml:7:21: zero_point.input: illegal value, got 1; allowed: 0 with float32"},
		{"zero point too large", "zero_point: {input: 128}", "f.yaml:6:21: zero_point.input: illegal value, got 128; allowed: -128..127, the range of int8"},
		{"zero point of one channel", "zero_point: {weight: [0, 0, 0, 0, 0, 0, 0, -129]}",
			"f.yaml:6:44: zero_point.weight[7]: illegal value, got -129; allowed: -128..127, the range of int8"},
		{"zero points of too few channels", "zero_point: {weight: [0, 1]}",
			"f.yaml:6:22: zero_point.weight: illegal value, got a list of 2; allowed: 1 entry, or 8, one per output channel"},
		{"no zero points", "zero_point: {weight: []}",
			"f.yaml:6:22: zero_point.weight: empty list, got a list; allowed: whole number, or a list of one per output channel"},
		{"scales of too few channels", "requantize: {rule: onnx, input_scale: 1, weight_scale: [1, 2], output_scale: 1}",
			"f.yaml:6:56: requantize.weight_scale: illegal value, got a list of 2; allowed: 1 entry, or 8, one per output channel"},
		{"scale that float32 cannot hold", "requantize: {rule: onnx, input_scale: 1, weight_scale: 1, output_scale: 1e39}",
			"f.yaml:6:73: requantize.output_scale: out of range, got 1e39; allowed: number > 0 within the range of float32"},
		{"scale that rounds to zero", "requantize: {rule: onnx, input_scale: 1e-50, weight_scale: 1, output_scale: 1}",
			"f.yaml:6:39: requantize.input_scale: out of range, got 1e-50; allowed: number > 0 within the range of float32"},
		{"scale missing", "requantize: {rule: onnx, input_scale: 1, weight_scale: 1}",
			"f.yaml:6:13: requantize.output_scale: missing with rule onnx, got nothing; allowed: rule onnx with input_scale, weight_scale, output_scale"},
		{"shift with onnx", "requantize: {rule: onnx, shift: 1, input_scale: 1, weight_scale: 1, output_scale: 1}",
			"f.yaml:6:26: requantize.shift: key not allowed with rule onnx, got shift; allowed: input_scale, weight_scale, output_scale"},
		{"shift missing", "requantize: {rule: shift, dtype: int8}",
			"f.yaml:6:13: requantize.shift: missing with rule shift, got nothing; allowed: rule shift with shift"},
		{"shifts of too few channels", "requantize: {rule: shift, shift: [1, 2]}",
			"f.yaml:6:34: requantize.shift: illegal value, got a list of 2; allowed: 1 entry, or 8, one per output channel"},
		{"output zero point", "requantize: {rule: shift, shift: 1, output_zero_point: -1, dtype: uint8}",
			"f.yaml:6:56: requantize.output_zero_point: illegal value, got -1; allowed: 0..255, the range of uint8"},
		{"bias tensor without bias", "bias: false\ntensors: {bias: b.npy}",
			"f.yaml:7:17: tensors.bias: illegal value, got b.npy; allowed: no file with bias: false"},
		{"three sides", "padding: {top: 1, left: 1, right: 1}", "f.yaml:6:10: padding.bottom: missing, got nothing; allowed: whole number 0..2147483647"},
		{"quoted number as padding", "padding: '1'",
			`f.yaml:6:10: padding: not among the choices, got "1"; allowed: whole number 0..2147483647, a pair [height, width], {top, bottom, left, right}, same, valid, same_upper, same_lower`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := configs.ParseLayer("f.yaml", []byte(onePoint+tt.extra))
			if diff := cmp.Diff(tt.want, fmt.Sprint(err)); diff != "" {
				t.Errorf("message mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLaterChecksPointIntoTheFile covers mistakes found after loading.
func TestLaterChecksPointIntoTheFile(t *testing.T) {
	hw, err := configs.ParseHardware("hw.yaml", []byte("name: x\nwindow:\n  buffer_depth: 3\n"))
	if err != nil {
		t.Fatal(err)
	}
	layer, err := configs.ParseLayer("l.yaml", []byte(onePoint+"tensors: {input: x.npy}\n"))
	if err != nil {
		t.Fatal(err)
	}
	workload, err := configs.ParseWorkload("w.yaml", []byte("layers:\n- "+strings.ReplaceAll(onePoint, "\n", "\n  ")))
	if err != nil {
		t.Fatal(err)
	}
	layer.Height = 1
	_, shapeErr := layer.Shape()
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"hardware", hw.Wrong("window.buffer_depth", "3", "at least 12"), "hw.yaml:3:17: window.buffer_depth: illegal value, got 3; allowed: at least 12"},
		{"hardware default", hw.Wrong("window.style", "serial", "parallel"), "hw.yaml:3:3: window.style: illegal value, got serial; allowed: parallel"},
		{"layer", layer.Wrong("tensors.input", "x.npy", "shape 1"), "l.yaml:6:18: tensors.input: illegal value, got x.npy; allowed: shape 1"},
		{"shape", shapeErr, "l.yaml:4:14: kernel_size: illegal value, got 3; allowed: a kernel that fits the padded height of 1 (0 + 1 + 0)"},
		{"workload", workload.Layers[0].Wrong("kernel_size", "3", "4"), "w.yaml:5:16: layers[0].kernel_size: illegal value, got 3; allowed: 4"},
		{"from no file", (&configs.Layer{}).Wrong("stride", "3", "1"), "stride is 3; allowed: 1"},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(tt.err); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestMissingFilesAreNamed(t *testing.T) {
	_, hw := configs.LoadHardware("testdata/none.yaml")
	_, layer := configs.LoadLayer("testdata/none.yaml")
	_, workload := configs.LoadWorkload("testdata/none.yaml")
	for _, err := range []error{hw, layer, workload} {
		if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "testdata/none.yaml") {
			t.Errorf("missing file: %v", err)
		}
	}
}

// TestLongNamesHaveTheirPlaces: names of FIFOs are as long as those of two layers.
func TestLongNamesHaveTheirPlaces(t *testing.T) {
	name := strings.Repeat("features.", 20) + "window"
	h, err := configs.ParseHardware("hw.yaml", []byte("name: x\nclock_mhz: 200\narray: {pe: 1, simd: 1}\nfifo:\n  edges:\n    pad.window: 3\n    "+name+": 4\n"))
	if err != nil {
		t.Fatal(err)
	}
	err = h.CheckEdges([]string{"pad.window"}, []string{"a.b"})
	if at := fmt.Sprintf("hw.yaml:7:%d: fifo.edges.%s: ", len(name)+7, name); err == nil || !strings.HasPrefix(err.Error(), at) {
		t.Errorf("got %v, want it at %s", err, at)
	}
}
