package sim

import (
	"context"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/tensor"
)

// big are layers that the second implementation checks where the processor has it.
var big = []struct{ name, hardware, layer string }{
	{"onnx", smallHardware, `{op: conv2d, in_channels: 16, out_channels: 24, kernel_size: 3, padding: 1, stride: 2,
 dtype: {input: uint8, weight: int8}, zero_point: {input: 7},
 requantize: {rule: onnx, input_scale: 0.02, weight_scale: 0.005, output_scale: 0.1, output_zero_point: 3, dtype: int8},
 input: {batch: 2, height: 24, width: 25}}`},
	{"tflite", smallHardware, `{op: conv2d, in_channels: 16, out_channels: 24, kernel_size: 3, padding: 1, dtype: {input: int8, weight: int8}, zero_point: {input: -7},
 requantize: {rule: tflite, input_scale: 0.02, weight_scale: 0.005, output_scale: 0.9, output_zero_point: 3, dtype: int8},
 input: {batch: 2, height: 24, width: 25}}`},
	{"shift, depthwise", smallHardware, `{op: conv2d, in_channels: 24, out_channels: 24, groups: 24, kernel_size: 5, padding: 2,
 requantize: {rule: shift, shift: 9, dtype: int8}, input: {batch: 2, height: 33, width: 33}}`},
	{"sums", smallHardware, `{op: conv2d, in_channels: 12, out_channels: 20, groups: 2, kernel_size: 3, input: {batch: 2, height: 30, width: 31}}`},
	{"sums that saturate nowhere", `{name: s, accumulator: {bits: 24, overflow: saturate}, array: {pe: 2, simd: 3}}`,
		`{op: conv2d, in_channels: 12, out_channels: 20, kernel_size: 3, input: {batch: 2, height: 20, width: 21}}`},
	{"floats", `{name: f, array: {pe: 2, simd: 3}}`,
		`{op: conv2d, in_channels: 12, out_channels: 20, kernel_size: 3, bias: true, padding: 1, dtype: {input: float32, weight: float32}, input: {batch: 2, height: 20, width: 21}}`},
	{"floats, depthwise, stride 2, parallel windows", `{name: f, array: {pe: 1, simd: 1, group_parallel: 8}, window: {style: parallel}}`,
		`{op: conv2d, in_channels: 24, out_channels: 24, groups: 24, kernel_size: 5, stride: 2, padding: 2, dtype: {input: float32, weight: float32}, input: {batch: 2, height: 33, width: 33}}`},
	{"sums that wrap", `{name: w, accumulator: {bits: 17, overflow: wrap, allow_overflow: true}, array: {pe: 2, simd: 3}}`,
		`{op: conv2d, in_channels: 12, out_channels: 20, kernel_size: 3, input: {batch: 2, height: 20, width: 21}}`},
}

// TestSecondFindsWhatTheDefinitionFinds in outputs as they are, and altered.
func TestSecondFindsWhatTheDefinitionFinds(t *testing.T) {
	t.Parallel()
	const frames = 3
	for _, c := range big {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			hw, layer := parse(t, c.hardware, c.layer)
			d, data := mustLoad(t, hw, layer, layer.Batch)
			out, err := d.Run(context.Background(), data, frames, Options{})
			if err != nil || out.Wrong != nil {
				t.Fatal(err, out.Wrong)
			}
			s := d.batch(data, frames)
			if _, ok := d.compareSecond(context.Background(), s, data, frames, func() *tensor.Tensor { return out.Output }); !ok {
				if runtime.GOARCH == "amd64" && out.Report.VerifiedBy != ByDefinition {
					t.Fatal("declined, but verified")
				}
				t.Skip("this processor has no second implementation")
			}
			if out.Report.VerifiedBy != BySecond {
				t.Errorf("verified by %q", out.Report.VerifiedBy)
			}
			for _, altered := range [][]int{nil, {0}, {out.Output.Len() - 1}, {5, 77, out.Output.Len() / 2}} {
				var restore []func()
				for _, i := range altered {
					restore = append(restore, alter(out, i))
				}
				fast, _ := d.compareSecond(context.Background(), s, data, frames, func() *tensor.Tensor { return out.Output })
				out.Report.VerifiedBy = ByDefinition
				slow, err := d.compare(context.Background(), data, frames, out)
				if err != nil {
					t.Fatal(err)
				}
				if fast.wrong.count != len(altered) {
					t.Errorf("%d altered, %d found", len(altered), fast.wrong.count)
				}
				if diff := cmp.Diff(plainly(slow), plainly(fast)); diff != "" {
					t.Errorf("%v altered (-definition +second):\n%s", altered, diff)
				}
				for _, undo := range slices.Backward(restore) {
					undo()
				}
			}
		})
	}
}

// plainly shows findings.
func plainly(f findings) map[string]any {
	return map[string]any{"wrong": f.wrong.count, "first": f.wrong.first, "want": f.wrong.want, "sum": f.wrong.sum,
		"overflows": f.overflow.count, "at": f.overflow.at, "largest": f.overflow.largest, "got": f.overflow.got, "conv2d": f.overflow.conv2d}
}

// TestNaiveIsTheDefinition whatever the size.
func TestNaiveIsTheDefinition(t *testing.T) {
	t.Parallel()
	hw, layer := parse(t, big[0].hardware, big[0].layer)
	d, data := mustLoad(t, hw, layer, layer.Batch)
	out, err := d.Run(context.Background(), data, 2, Options{Naive: true})
	if err != nil || out.Report.VerifiedBy != ByDefinition || !*out.Report.Verified {
		t.Errorf("%v, verified by %q", err, out.Report.VerifiedBy)
	}
}
