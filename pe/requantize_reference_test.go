package pe

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
)

// TestRequantizeEqualsReference holds every rule to the reference, which
// computes in integers and was written apart, bit for bit: all widths of
// accumulators, scales from far too small to far too large, ties.
func TestRequantizeEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		channels := rapid.IntRange(1, 3).Draw(t, "channels")
		s := Scales{Input: drawScale(t, "input"), Output: drawScale(t, "output")}
		var shifts []int
		for range rapid.SampledFrom([]int{1, channels}).Draw(t, "parameters") {
			s.Weight = append(s.Weight, drawScale(t, "weight"))
			shifts = append(shifts, rapid.IntRange(0, 31).Draw(t, "shift"))
		}
		out := Output{Range: rapid.SampledFrom([]Span{int8Range, uint8Range, Signed(4), Signed(16)}).Draw(t, "range")}
		out.ZeroPoint = int32(rapid.Int64Range(out.Range.Min, out.Range.Max).Draw(t, "zero point"))
		acc := rapid.SliceOfN(drawSum(), channels, channels).Draw(t, "sums")
		for _, rule := range []struct {
			name string
			rule Rule
			ref  conv.Scale
		}{
			{"onnx", Rule{Kind: ONNX, Scales: s, Out: out}, conv.ScaleONNX(s.Input, s.Output, s.Weight)},
			{"tflite", Rule{Kind: TFLite, Scales: s, Out: out}, conv.ScaleTFLite(s.Input, s.Output, s.Weight)},
			{"shift", Rule{Kind: Shift, Shift: shifts, Out: out}, conv.ScaleShift(shifts)},
		} {
			r, err := rule.rule.Requantizer(channels)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]int32, channels)
			r.Apply(got, acc, 0, channels)
			want := conv.Requantization{Scale: rule.ref, ZeroPoint: int64(out.ZeroPoint), Lowest: out.Range.Min, Highest: out.Range.Max}
			for c, sum := range acc {
				if w := want.Of(c, int64(sum)); int64(got[c]) != w {
					t.Errorf("%s of %d in channel %d: %d, the reference says %d", rule.name, sum, c, got[c], w)
				}
			}
		}
	})
}

// drawScale draws scales whose quotients lie around 1, powers of two among them,
// and some far off.
func drawScale(t *rapid.T, name string) float32 {
	kind := rapid.IntRange(0, 9).Draw(t, name+" kind")
	switch {
	case kind < 4:
		return float32(uint64(1)<<rapid.IntRange(0, 20).Draw(t, name)) / (1 << 14)
	case kind < 9:
		return rapid.Float32Range(0x1p-14, 4).Draw(t, name)
	}
	return rapid.Float32Range(0x1p-40, 0x1p40).Draw(t, name)
}

// drawSum draws an accumulator of any width.
func drawSum() *rapid.Generator[int32] {
	return rapid.Custom(func(t *rapid.T) int32 {
		return rapid.Int32().Draw(t, "sum") >> rapid.IntRange(0, 31).Draw(t, "narrower")
	})
}
