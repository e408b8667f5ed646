package conv_test

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/tensor"
)

// TestGoldenQLinearConv: exact sums and the reference requantisation make what
// ONNX's QLinearConv makes.
func TestGoldenQLinearConv(t *testing.T) {
	eachCase(t, "qconv", "QLinearConv", func(t *testing.T, c golden.Case) {
		x, w := input(t, c, "x"), input(t, c, "w")
		s, _ := resolved(t, c, x)
		pixels := minusZero(t, c, x, "x_zero_point", x.Len())
		weights := minusZero(t, c, w, "w_zero_point", s.Taps())
		var bias []int32
		if s.Bias {
			b := input(t, c, "B")
			bias = b.Int32s(nil, 0, b.Len())
		}
		sums := conv.ReferenceInt(s, conv.NaturalOrder(s), conv.Accumulator{Bits: 32}, pixels, weights, bias)
		scale := conv.ScaleONNX(floatsOf(t, c, "x_scale")[0], floatsOf(t, c, "y_scale")[0], floatsOf(t, c, "w_scale"))
		dtype, err := tensor.ParseDType(c.Outputs["y"].DType)
		if err != nil {
			t.Fatal(err)
		}
		q := conv.Requantization{Scale: scale}
		q.Lowest, q.Highest = dtype.Range()
		if c.HasInput("y_zero_point") {
			q.ZeroPoint = input(t, c, "y_zero_point").Int(0)
		}
		plane, y := s.OutHeight*s.OutWidth, make([]int32, len(sums.Exact))
		for i, sum := range sums.Exact {
			y[i] = int32(q.Of(i/plane%s.OutChannels, sum))
		}
		got, err := tensor.FromInt32s(dtype, y, s.OutputShape()...)
		if err != nil {
			t.Fatal(err)
		}
		if err := golden.Compare(c, got); err != nil {
			t.Error(err)
		}
	})
}

func floatsOf(t *testing.T, c golden.Case, name string) []float32 {
	t.Helper()
	x := input(t, c, name)
	return x.Float32s(nil, 0, x.Len())
}

// TestScales has ties of either sign, and sums that no accumulator holds.
func TestScales(t *testing.T) {
	one := []float32{1}
	for _, c := range []struct {
		name  string
		scale conv.Scale
		sums  []int64
		want  []int64
	}{
		{"onnx, half to even", conv.ScaleONNX(1, 4, one), []int64{-10, -6, -3, -2, -1, 0, 1, 2, 3, 6, 10}, []int64{-2, -2, -1, 0, 0, 0, 0, 0, 1, 2, 2}},
		{"shift, half to even", conv.ScaleShift([]int{2}), []int64{-10, -6, -3, -2, -1, 0, 1, 2, 3, 6, 10}, []int64{-2, -2, -1, 0, 0, 0, 0, 0, 1, 2, 2}},
		{"tflite, twice", conv.ScaleTFLite(1, 4, one), []int64{-10, -6, -3, -2, -1, 0, 1, 2, 3, 6, 10}, []int64{-3, -2, -1, -1, 0, 0, 1, 1, 1, 2, 3}},
		{"onnx, float32 of the sum", conv.ScaleONNX(1, 1, one), []int64{1<<24 + 1, 1<<24 + 3, -1<<33 - 1}, []int64{1 << 24, 1<<24 + 4, -1 << 33}},
		{"onnx, product rounded onto a tie", conv.ScaleONNX(0.16666667, 1, one), []int64{3}, []int64{0}},
		{"onnx, a factor that underflows", conv.ScaleONNX(0x1p-75, 0x1p-149, []float32{0x1p-75}), []int64{100}, []int64{0}},
		{"onnx, a denormal factor", conv.ScaleONNX(0x1p-149, 1, one), []int64{math.MaxInt32}, []int64{0}},
		{"onnx, 0 by a huge factor", conv.ScaleONNX(0x1p40, 0x1p-80, one), []int64{0}, []int64{0}},
		{"tflite, too small", conv.ScaleTFLite(0x1p-33, 1, one), []int64{1 << 40}, []int64{0}},
		{"tflite, to the left", conv.ScaleTFLite(4, 1, one), []int64{3, -1 << 31, 1 << 35}, []int64{12, -1 << 33, 1 << 37}},
		{"shift of 0", conv.ScaleShift([]int{0}), []int64{-7, 1 << 35}, []int64{-7, 1 << 35}},
		{"shift by channel", conv.ScaleShift([]int{1, 3}), []int64{24}, []int64{12}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for i, sum := range c.sums {
				if got := c.scale(0, sum); got != c.want[i] {
					t.Errorf("%d gives %d, want %d", sum, got, c.want[i])
				}
			}
		})
	}
}

// TestScaleOfWideSums holds the rules of integers to rational numbers, for sums
// wider than accumulators.
func TestScaleOfWideSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sum := rapid.Int64Range(-1<<50, 1<<50).Draw(t, "sum")
		shift := rapid.IntRange(11, 40).Draw(t, "shift")
		scale := float32(math.Ldexp(1, -shift))
		exact := new(big.Rat).SetFrac(big.NewInt(sum), new(big.Int).Lsh(big.NewInt(1), uint(shift)))
		if shift < 32 {
			near(t, "shift", conv.ScaleShift([]int{shift})(0, sum), exact, big.NewRat(1, 2))
			near(t, "tflite", conv.ScaleTFLite(scale, 1, []float32{1})(0, sum), exact, big.NewRat(1, 1))
		}
		within := new(big.Rat).Mul(new(big.Rat).Abs(exact), big.NewRat(1, 1<<24)) // of rounding to float32
		near(t, "onnx", conv.ScaleONNX(scale, 1, []float32{1})(0, sum), exact, within.Add(within, big.NewRat(1, 2)))
	})
}

func near(t *rapid.T, rule string, got int64, want, within *big.Rat) {
	miss := new(big.Rat).Sub(new(big.Rat).SetInt64(got), want)
	if miss.Abs(miss).Cmp(within) > 0 {
		t.Errorf("%s: %d, want %s", rule, got, want.FloatString(3))
	}
}
