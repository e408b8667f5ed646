package conv_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/tensor"
)

// transposed returns the shape of a case applied to input x.
func transposed(t *testing.T, c golden.Case, shape []int) (s conv.TransposeShape, unbatched bool, err error) {
	t.Helper()
	layer, err := c.TransposeLayer()
	if err != nil {
		t.Fatal(err)
	}
	batch, height, width, unbatched, err := layer.CheckInputShape(shape)
	if err != nil {
		return s, unbatched, err
	}
	s, err = layer.Resolve(batch, height, width)
	return s, unbatched, err
}

func TestGoldenTranspose(t *testing.T) {
	eachCase(t, "conv_transpose2d", "ConvTranspose2d", func(t *testing.T, c golden.Case) {
		x, w := input(t, c, "x"), input(t, c, "weight")
		s, unbatched, err := transposed(t, c, x.Shape())
		if err != nil {
			t.Fatal(err)
		}
		shape := s.OutputShape()
		if unbatched {
			shape = shape[1:]
		}
		var data any
		if x.DType().IsFloat() {
			data = conv.TransposeFloat(s, x.Data.([]float32), w.Data.([]float32), floatBias(t, c, s))
		} else {
			pixels := x.Int32s(nil, 0, x.Len())
			for i := range pixels {
				pixels[i] -= int32(c.XZeroPoint)
			}
			var bias []int32
			if s.Bias {
				bias = input(t, c, "bias").Data.([]int32)
			}
			data = conv.TransposeInt(s, pixels, w.Int32s(nil, 0, w.Len()), bias)
		}
		dtype := tensor.Int32
		if x.DType().IsFloat() {
			dtype = tensor.Float32
		}
		y, err := tensor.From(dtype, data, shape...)
		if err != nil {
			t.Fatal(err)
		}
		if err := golden.Compare(c, y); err != nil {
			t.Error(err)
		}
	})
}

func floatBias(t *testing.T, c golden.Case, s conv.TransposeShape) []float32 {
	t.Helper()
	if !s.Bias {
		return nil
	}
	return input(t, c, "bias").Data.([]float32)
}

// wantTransposeKeys says which keys the refused cases are to blame.
var wantTransposeKeys = map[string][]string{
	"outpad_eq_stride":    {"output_padding"},
	"outpad_ge_both":      {"output_padding"},
	"pad_eats_everything": {"padding", "padding"},
	"groups_not_dividing": {"groups"},
	"negative_padding":    {"padding"},
	"channels_mismatch":   {"input"},
}

func TestGoldenTransposeErrors(t *testing.T) {
	for _, c := range suite(t, "conv_transpose2d_errors") {
		t.Run(c.ID, func(t *testing.T) {
			s, _, err := transposed(t, c, c.XShape)
			if c.Accepts && (err != nil || !slices.Equal(s.OutputShape(), c.OutShape)) {
				t.Errorf("got %v, %v; want %v", s.OutputShape(), err, c.OutShape)
			}
			if got := keys(err); !slices.Equal(got, wantTransposeKeys[c.ID]) {
				t.Errorf("blames %q; want %q\n%v", got, wantTransposeKeys[c.ID], err)
			}
		})
	}
}

// ONNX's ways to ask for a size: the padding is worked out from it.
func TestTransposeSizes(t *testing.T) {
	three := conv.ConvTranspose2d{InChannels: 1, OutChannels: 1, Kernel: conv.Pair{H: 3, W: 3},
		Stride: conv.Pair{H: 2, W: 2}, Dilation: conv.Pair{H: 1, W: 1}, Groups: 1}
	for name, c := range map[string]struct {
		kind      conv.PaddingKind
		size      conv.Pair
		pad       conv.Sides
		high, wid int
	}{
		"upper":       {conv.SameUpper, conv.Pair{}, conv.Sides{Top: 0, Bottom: 1, Left: 0, Right: 1}, 8, 10},
		"lower":       {conv.SameLower, conv.Pair{}, conv.Sides{Top: 1, Bottom: 0, Left: 1, Right: 0}, 8, 10},
		"valid":       {conv.Valid, conv.Pair{}, conv.Sides{}, 9, 11},
		"size":        {conv.Explicit, conv.Pair{H: 6, W: 10}, conv.Sides{Top: 2, Bottom: 1, Left: 1, Right: 0}, 6, 10},
		"size, upper": {conv.SameUpper, conv.Pair{H: 6, W: 10}, conv.Sides{Top: 1, Bottom: 2, Left: 0, Right: 1}, 6, 10},
		"larger":      {conv.Explicit, conv.Pair{H: 10, W: 11}, conv.Sides{}, 10, 11},
	} {
		t.Run(name, func(t *testing.T) {
			layer := three
			layer.Padding.Kind, layer.OutputSize = c.kind, c.size
			s, err := layer.Resolve(1, 4, 5)
			if err != nil || s.Pad != c.pad || s.OutHeight != c.high || s.OutWidth != c.wid {
				t.Errorf("got %v, %d x %d, %v; want %v, %d x %d", s.Pad, s.OutHeight, s.OutWidth, err, c.pad, c.high, c.wid)
			}
		})
	}
	three.Padding.Kind = conv.Same
	three.OutputSize = conv.Pair{H: -1, W: 4}
	if _, err := three.Resolve(1, 4, 5); !slices.Equal(keys(err), []string{"padding", "output_size"}) {
		t.Errorf("blames %q", keys(err))
	}
}

// A transposed convolution is the transpose: <conv(x), y> = <x, transpose(y)>.
func TestTransposeIsTheTranspose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.IntRange(1, 3)
		pair := func(name string) conv.Pair { return conv.Pair{H: small.Draw(t, name), W: small.Draw(t, name)} }
		groups, pad := small.Draw(t, "groups"), conv.Sides{Top: small.Draw(t, "top"), Left: small.Draw(t, "left")}
		layer := conv.Conv2d{InChannels: groups * small.Draw(t, "in"), OutChannels: groups * small.Draw(t, "out"),
			Kernel: pair("kernel"), Stride: pair("stride"), Dilation: pair("dilation"),
			Padding: conv.Padding{Sides: pad}, Groups: groups}
		s, err := layer.Resolve(1, rapid.IntRange(1, 9).Draw(t, "height"), rapid.IntRange(1, 9).Draw(t, "width"))
		if err != nil {
			t.Skip(err)
		}
		back := conv.TransposeShape{Batch: 1, InChannels: s.OutChannels, InHeight: s.OutHeight, InWidth: s.OutWidth,
			OutChannels: s.InChannels, OutHeight: s.InHeight, OutWidth: s.InWidth,
			Kernel: s.Kernel, Stride: s.Stride, Dilation: s.Dilation, Pad: s.Pad, Groups: groups}
		draw := func(name string, n int64) []int32 {
			return rapid.SliceOfN(rapid.Int32Range(-9, 9), int(n), int(n)).Draw(t, name)
		}
		x, y, w := draw("x", s.InputElements()), draw("y", s.OutputElements()), draw("w", s.WeightElements())
		there := conv.ReferenceInt(s, conv.NaturalOrder(s), conv.Accumulator{Bits: 32}, x, w, nil).Held
		if a, b := dot(there, y), dot(x, conv.TransposeInt(back, y, w, nil)); a != b {
			t.Errorf("<conv(x), y> = %d, <x, transpose(y)> = %d", a, b)
		}
	})
}

func dot(a, b []int32) (sum int64) {
	for i := range a {
		sum += int64(a[i]) * int64(b[i])
	}
	return sum
}
