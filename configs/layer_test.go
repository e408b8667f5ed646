package configs_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var plainLayer = cmpopts.IgnoreUnexported(configs.Layer{})

// pointLayer is what onePoint reads as.
func pointLayer() *configs.Layer {
	return &configs.Layer{
		Name: "point",
		Conv: conv.Conv2d{
			InChannels: 4, OutChannels: 8, Groups: 1, Bias: true,
			Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1},
		},
		Batch: 1, Height: 7, Width: 9,
		DType:     configs.DTypes{Input: tensor.Int8, Weight: tensor.Int8, Accumulator: tensor.Int32, Output: tensor.Int32},
		ZeroPoint: configs.ZeroPoints{Weight: []int64{0}},
	}
}

func TestLayer(t *testing.T) {
	type layer = configs.Layer
	sides := func(top, bottom, left, right int) conv.Padding {
		return conv.Padding{Sides: conv.Sides{Top: top, Bottom: bottom, Left: left, Right: right}}
	}
	scales := configs.Requantize{Rule: configs.ONNX, InputScale: 0.5, WeightScale: []float32{0.25}, OutputScale: 2, DType: tensor.Int8}
	quantised := func(change func(*configs.Requantize)) func(*layer) {
		return func(l *layer) {
			r := scales
			change(&r)
			l.Requantize, l.DType.Output = &r, r.DType
		}
	}
	tests := []struct {
		name, extra string
		change      func(*layer)
	}{
		{"PyTorch's defaults", "", func(l *layer) {}},
		{"name", "name: conv_1", func(l *layer) { l.Name = "conv_1" }},
		{"no bias", "bias: false", func(l *layer) { l.Conv.Bias = false }},
		{"groups", "groups: 4", func(l *layer) { l.Conv.Groups = 4 }},
		{"pairs are height, width", "stride: [2, 3]\ndilation: [1, 2]", func(l *layer) {
			l.Conv.Stride, l.Conv.Dilation = conv.Pair{H: 2, W: 3}, conv.Pair{H: 1, W: 2}
		}},
		{"padding, number", "padding: 2", func(l *layer) { l.Conv.Padding = sides(2, 2, 2, 2) }},
		{"padding, pair", "padding: [1, 2]", func(l *layer) { l.Conv.Padding = sides(1, 1, 2, 2) }},
		{"padding, sides", "padding: {left: 3, right: 4, top: 1, bottom: 2}", func(l *layer) { l.Conv.Padding = sides(1, 2, 3, 4) }},
		{"padding, same", "padding: same", func(l *layer) { l.Conv.Padding.Kind = conv.Same }},
		{"padding, valid", `padding: "valid"`, func(l *layer) { l.Conv.Padding.Kind = conv.Valid }},
		{"padding, same_lower", "padding: same_lower", func(l *layer) { l.Conv.Padding.Kind = conv.SameLower }},
		{"padding mode", "padding: 1\npadding_mode: circular", func(l *layer) {
			l.Conv.Padding, l.Conv.PaddingMode = sides(1, 1, 1, 1), conv.Circular
		}},
		{"types", "dtype: {input: uint4, weight: int16, accumulator: int32}", func(l *layer) {
			l.DType.Input, l.DType.Weight = tensor.UInt4, tensor.Int16
		}},
		{"floats", "dtype: {input: float32, weight: float32}", func(l *layer) {
			l.DType = configs.DTypes{Input: tensor.Float32, Weight: tensor.Float32, Accumulator: tensor.Float32, Output: tensor.Float32}
		}},
		{"zero points", "zero_point: {input: -128, weight: [0, 1, 2, 3, 4, 5, 6, -7]}", func(l *layer) {
			l.ZeroPoint = configs.ZeroPoints{Input: -128, Weight: []int64{0, 1, 2, 3, 4, 5, 6, -7}}
		}},
		{"onnx", "requantize: {rule: onnx, input_scale: 0.5, weight_scale: 0.25, output_scale: 2}", quantised(func(r *configs.Requantize) {})},
		{"onnx, all keys", "requantize: {rule: onnx, input_scale: 0.5, weight_scale: [1, 2, 3, 4, 5, 6, 7, 8], output_scale: 2, output_zero_point: 255, dtype: uint8}",
			quantised(func(r *configs.Requantize) {
				r.WeightScale = []float32{1, 2, 3, 4, 5, 6, 7, 8}
				r.OutputZeroPoint, r.DType = 255, tensor.UInt8
			})},
		{"tflite", "requantize: {rule: tflite, input_scale: 0.5, weight_scale: 0.25, output_scale: 2}",
			quantised(func(r *configs.Requantize) { r.Rule = configs.TFLite })},
		{"shift, type from dtype.output", "dtype: {output: uint4}\nrequantize: {rule: shift, shift: 7}",
			quantised(func(r *configs.Requantize) {
				*r = configs.Requantize{Rule: configs.Shift, Shift: []int{7}, DType: tensor.UInt4}
			})},
		{"shift per channel", "requantize: {rule: shift, shift: [0, 1, 2, 3, 4, 5, 6, 31], dtype: int16}",
			quantised(func(r *configs.Requantize) {
				*r = configs.Requantize{Rule: configs.Shift, Shift: []int{0, 1, 2, 3, 4, 5, 6, 31}, DType: tensor.Int16}
			})},
		{"tensors", "tensors: {input: a/x.npy, weight: /w.npy, expect: ../y.npy}", func(l *layer) {
			l.Tensors.Input = configs.Path{Written: "a/x.npy", Resolved: filepath.Join("dir", "a", "x.npy")}
			l.Tensors.Weight = configs.Path{Written: "/w.npy", Resolved: filepath.FromSlash("/w.npy")}
			l.Tensors.Expect = configs.Path{Written: "../y.npy", Resolved: "y.npy"}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := pointLayer()
			tt.change(want)
			got, err := configs.ParseLayer("dir/point.yaml", []byte(onePoint+tt.extra))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, plainLayer); diff != "" {
				t.Errorf("layer mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEmptyBatch(t *testing.T) {
	text := "op: conv2d\nin_channels: 1\nout_channels: 1\nkernel_size: 1\ninput: {batch: 0, height: 1, width: 1}\n"
	layer, err := configs.ParseLayer("x.yaml", []byte(text))
	if err != nil || layer.Batch != 0 {
		t.Fatalf("batch 0: %+v, %v", layer, err)
	}
}

// TestShapeIsThatOfTheAttributes writes random attributes and compares what the file and the attributes resolve to.
func TestShapeIsThatOfTheAttributes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		within := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
		pair := func(name string, hi int) conv.Pair { return conv.Pair{H: within(name, 1, hi), W: within(name, 1, hi)} }
		c := conv.Conv2d{
			InChannels: within("in", 1, 4), OutChannels: within("out", 1, 4), Groups: within("groups", 1, 2),
			Kernel: pair("kernel", 4), Stride: pair("stride", 3), Dilation: pair("dilation", 3),
			PaddingMode: rapid.SampledFrom([]conv.PaddingMode{conv.Zeros, conv.Reflect, conv.Replicate, conv.Circular}).Draw(t, "mode"),
			Bias:        rapid.Bool().Draw(t, "bias"),
		}
		c.Padding.Sides = conv.Sides{Top: within("top", 0, 3), Bottom: within("bottom", 0, 3), Left: within("left", 0, 3), Right: within("right", 0, 3)}
		batch, height, width := within("batch", 0, 2), within("height", 1, 9), within("width", 1, 9)
		want, wantErr := c.Resolve(batch, height, width)
		layer, err := configs.ParseLayer("x.yaml", []byte(writeLayer(c, batch, height, width)))
		if (err != nil) != (wantErr != nil) {
			t.Fatalf("the file says %v, the attributes %v", err, wantErr)
		}
		if err != nil {
			return
		}
		if got, err := layer.Shape(); err != nil || got != want {
			t.Fatalf("Shape() = %+v, %v, want %+v", got, err, want)
		}
	})
}

func writeLayer(c conv.Conv2d, batch, height, width int) string {
	s := c.Padding.Sides
	return fmt.Sprintf("op: conv2d\nin_channels: %d\nout_channels: %d\ngroups: %d\n", c.InChannels, c.OutChannels, c.Groups) +
		fmt.Sprintf("kernel_size: %v\nstride: %v\ndilation: %v\n", c.Kernel, c.Stride, c.Dilation) +
		fmt.Sprintf("padding: {top: %d, bottom: %d, left: %d, right: %d}\n", s.Top, s.Bottom, s.Left, s.Right) +
		fmt.Sprintf("padding_mode: %v\nbias: %t\ninput: {batch: %d, height: %d, width: %d}\n", c.PaddingMode, c.Bias, batch, height, width)
}

// TestScalesSurvive holds that any positive float32, written in as many digits as make it unique, is read back.
func TestScalesSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := math.Float32frombits(rapid.Uint32Range(1, math.Float32bits(math.MaxFloat32)).Draw(t, "bits"))
		text := fmt.Sprintf("%srequantize: {rule: onnx, input_scale: %v, weight_scale: %v, output_scale: 1}", onePoint, want, want)
		layer, err := configs.ParseLayer("x.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if r := layer.Requantize; r.InputScale != want || r.WeightScale[0] != want {
			t.Fatalf("%v is read as %v and %v", want, r.InputScale, r.WeightScale[0])
		}
	})
}

// TestDigitsScales compares the scales of the shipped digits layers with the bits of the trained network.
func TestDigitsScales(t *testing.T) {
	tests := []struct {
		name          string
		input, output uint32
		weight        []uint32
	}{
		{"digits_conv1", 0x3d800000, 0x3c80352c, []uint32{
			0x3bd8255d, 0x3bbe9adb, 0x3bbfe958, 0x3bc6ff59, 0x3c091085, 0x3bf02e20, 0x3bb8975e, 0x3c07cbf6}},
		{"digits_conv2", 0x3c80352c, 0x3d41ac6f, []uint32{
			0x3b5bf8ab, 0x3b760053, 0x3b49bfb5, 0x3baa2104, 0x3bb8e30e, 0x3bd384e1, 0x3b447fde, 0x3b976883,
			0x3b7be4ab, 0x3b69ebde, 0x3b92047a, 0x3b87185a, 0x3b96006f, 0x3b77abae, 0x3b8ab052, 0x3bac9776}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			layer, err := configs.LoadLayer("layers/digits/" + tt.name + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			var weight []uint32
			for _, s := range layer.Requantize.WeightScale {
				weight = append(weight, math.Float32bits(s))
			}
			got := []any{math.Float32bits(layer.Requantize.InputScale), math.Float32bits(layer.Requantize.OutputScale), weight}
			if diff := cmp.Diff([]any{tt.input, tt.output, tt.weight}, got); diff != "" {
				t.Errorf("bits of the scales mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWorkload(t *testing.T) {
	text := "layers:\n- {op: conv2d, in_channels: 1, out_channels: 2, kernel_size: 1, input: {height: 1, width: 2}}\n" +
		"- {name: last, op: conv2d, in_channels: 2, out_channels: 3, kernel_size: 1, input: {height: 3, width: 4}}\n"
	w, err := configs.ParseWorkload("dir/net.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if w.Name != "net" || len(w.Layers) != 2 || w.Layers[0].Name != "layer0" || w.Layers[1].Name != "last" || w.Layers[1].Width != 4 {
		t.Errorf("workload is %+v", w)
	}
}

func TestLayerFileIsAWorkload(t *testing.T) {
	w, err := configs.ParseWorkload("point.yaml", []byte(onePoint))
	if err != nil {
		t.Fatal(err)
	}
	want := &configs.Workload{Name: "point", Layers: []*configs.Layer{pointLayer()}}
	if diff := cmp.Diff(want, w, plainLayer); diff != "" {
		t.Errorf("workload mismatch (-want +got):\n%s", diff)
	}
}

func TestReadingTwiceGivesTheSameMessages(t *testing.T) {
	data, err := os.ReadFile("testdata/layer_contradictions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	first := fmt.Sprint(parseLayer("x", data))
	for range 20 {
		if again := fmt.Sprint(parseLayer("x", data)); again != first {
			t.Fatalf("messages differ:\n%s\n%s", first, again)
		}
	}
}
