package pe

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/tensor"
)

// legal unwraps what a constructor returns.
func legal(t interface {
	Helper()
	Fatal(...any)
}) func(Requantizer, error) Requantizer {
	return func(r Requantizer, err error) Requantizer {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
}

// one requantises a single accumulator of channel 0.
func one(r Requantizer, acc int32) int32 {
	var y [1]int32
	r.Apply(y[:], []int32{acc}, 0, 1)
	return y[0]
}

var (
	int8Range  = SpanOf(tensor.Int8)
	uint8Range = SpanOf(tensor.UInt8)
)

// TestRequantizeTies rounds half to even before the zero point is added: both
// for the float32 multiplier 1/4 and for the shift by 2, which agree.
func TestRequantizeTies(t *testing.T) {
	rounded := map[int32]int32{-10: -2, -7: -2, -6: -2, -5: -1, -3: -1, -2: 0, -1: 0, 0: 0, 1: 0, 2: 0, 3: 1, 5: 1, 6: 2, 7: 2, 10: 2, 14: 4}
	for _, zero := range []int32{0, 3, -3, 8, -128, 127} {
		out := Output{zero, int8Range}
		multiplier := legal(t)(NewMultiplier([]float32{0.25}, 1, out))
		shift := legal(t)(NewShift([]int{2}, 1, out))
		for acc, r := range rounded {
			want := max(-128, min(r+zero, 127))
			if got := one(multiplier, acc); got != want {
				t.Errorf("%d * 0.25 + %d = %d, want %d", acc, zero, got, want)
			}
			if got := one(shift, acc); got != want {
				t.Errorf("%d >> 2 + %d = %d, want %d", acc, zero, got, want)
			}
		}
	}
}

func TestRequantizeSaturates(t *testing.T) {
	for _, c := range []struct {
		name string
		out  Output
	}{
		{"int4", Output{-3, SpanOf(tensor.Int4)}},
		{"uint4", Output{7, SpanOf(tensor.UInt4)}},
		{"int8", Output{-128, int8Range}},
		{"uint8", Output{0, uint8Range}},
		{"int16", Output{5, SpanOf(tensor.Int16)}},
		{"int32", Output{math.MaxInt32, SpanOf(tensor.Int32)}},
		{"fused relu6", Output{3, Span{3, 99}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			unit := Scales{1, 1, []float32{1}}
			for rule, r := range map[string]Requantizer{
				"float":  legal(t)(NewMultiplier([]float32{1}, 1, c.out)),
				"large":  legal(t)(NewMultiplier([]float32{1e20}, 1, c.out)),            // beyond int64
				"huge":   legal(t)(NewMultiplier([]float32{math.MaxFloat32}, 1, c.out)), // infinite
				"shift":  legal(t)(NewShift([]int{0}, 1, c.out)),
				"tflite": legal(t)(NewTFLite(unit, 1, c.out)),
			} {
				lowest := max(c.out.Range.Min, math.MinInt32+int64(c.out.ZeroPoint))
				if rule == "large" || rule == "huge" {
					lowest = c.out.Range.Min
				}
				if got := one(r, math.MinInt32); int64(got) != lowest {
					t.Errorf("%s: lowest = %d, want %d", rule, got, lowest)
				}
				if got := one(r, math.MaxInt32); int64(got) != c.out.Range.Max {
					t.Errorf("%s: highest = %d, want %d", rule, got, c.out.Range.Max)
				}
				if got := one(r, 0); got != c.out.ZeroPoint {
					t.Errorf("%s: of 0 = %d, want the zero point %d", rule, got, c.out.ZeroPoint)
				}
			}
		})
	}
}

// TestMultiplierPrecision has accumulators and products that float32 rounds.
func TestMultiplierPrecision(t *testing.T) {
	wide := Output{0, SpanOf(tensor.Int32)}
	for _, c := range []struct {
		name       string
		acc        int32
		multiplier float32
		want       int32
	}{
		{"accumulator rounded to 24 bits", 1<<24 + 1, 1, 1 << 24},
		{"accumulator rounded to even", 1<<24 + 3, 1, 1<<24 + 4},
		{"product rounded onto a tie", 3, 0.16666667, 0}, // 0.50000001 exactly, 0.5 in float32
		{"product rounded up", 16777213, 0.50000006, 8388608},
		{"underflow", math.MaxInt32, 0x1p-149, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := one(legal(t)(NewMultiplier([]float32{c.multiplier}, 1, wide)), c.acc); got != c.want {
				t.Errorf("%d * %v = %d, want %d", c.acc, c.multiplier, got, c.want)
			}
		})
	}
}

// TestONNXMultiplier has scales whose product underflows in float32, while the
// quotient would be 1/2.
func TestONNXMultiplier(t *testing.T) {
	for _, c := range []struct {
		scales Scales
		want   int32
	}{
		{Scales{0x1p-75, 0x1p-149, []float32{0x1p-75}}, 0},
		{Scales{0x1p-74, 0x1p-149, []float32{0x1p-75}}, 100},
		{Scales{0.3, 0.7, []float32{0.25}}, 11},
	} {
		if got := one(legal(t)(NewONNX(c.scales, 1, Output{0, int8Range})), 100); got != c.want {
			t.Errorf("100 at %v = %d, want %d", c.scales, got, c.want)
		}
	}
}

func TestShiftProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acc, shift := rapid.Int32().Draw(t, "acc"), rapid.IntRange(0, 31).Draw(t, "shift")
		want := int64(math.RoundToEven(math.Ldexp(float64(acc), -shift))) // exact: 32 bits in a float64
		if got := shiftHalfToEven(acc, shift); got != want {
			t.Errorf("%d / 2^%d = %d, want %d", acc, shift, got, want)
		}
	})
	for shift := range 32 {
		for _, acc := range []int32{math.MinInt32, math.MinInt32 + 1, -1, 0, 1, math.MaxInt32 - 1, math.MaxInt32} {
			want := int64(math.RoundToEven(math.Ldexp(float64(acc), -shift)))
			if got := shiftHalfToEven(acc, shift); got != want {
				t.Errorf("%d / 2^%d = %d, want %d", acc, shift, got, want)
			}
		}
	}
}

// TestFixedPoint uses the pairs that TFLite's own tests expect.
func TestFixedPoint(t *testing.T) {
	for _, c := range []struct {
		m    float64
		want fixedPoint
	}{
		{0, fixedPoint{0, 0}},
		{0.25, fixedPoint{1 << 30, -1}},
		{0.5 - 5e-9, fixedPoint{2147483627, -1}},
		{0.5 - 1e-10, fixedPoint{1 << 30, 0}},
		{0.75, fixedPoint{1610612736, 0}},
		{1 - 1e-9, fixedPoint{2147483646, 0}},
		{1.25, fixedPoint{1342177280, 1}},
		{2 - 1e-9, fixedPoint{2147483647, 1}},
		{2 - 1e-11, fixedPoint{1 << 30, 2}},
		{math.Ldexp(1, -32), fixedPoint{1 << 30, -31}},
		{math.Ldexp(0.99, -32), fixedPoint{0, 0}},
		{math.Ldexp(1, 30), fixedPoint{math.MaxInt32, 30}},
		{math.Ldexp(1, 40), fixedPoint{math.MaxInt32, 30}},
	} {
		if got := newFixedPoint(c.m); got != c.want {
			t.Errorf("newFixedPoint(%v) = %v, want %v", c.m, got, c.want)
		}
	}
}

// TestFixedPointScale uses the products that TFLite's own tests expect, and one
// of each kind of tie.
func TestFixedPointScale(t *testing.T) {
	for _, c := range []struct {
		acc  int32
		m    fixedPoint
		want int64
	}{
		{0, newFixedPoint(0.1), 0},
		{1, newFixedPoint(0), 0},
		{10000, newFixedPoint(0.00097656), 10},
		{-10000, newFixedPoint(0.00097656), -10},
		{math.MinInt32, newFixedPoint(0.00001), -21475},
		{math.MaxInt32, newFixedPoint(0.00001), 21475},
		{math.MaxInt32, fixedPoint{math.MaxInt32, -3}, 268435456},
		{-math.MaxInt32, fixedPoint{math.MaxInt32, -3}, -268435456},
		{1, newFixedPoint(0.5), 1},
		{-1, newFixedPoint(0.5), 0},   // the multiplication breaks ties up,
		{-2, newFixedPoint(0.25), -1}, // the shift away from zero
		{2, newFixedPoint(0.25), 1},
		{1, newFixedPoint(0.25), 1}, // rounded twice: 1/2 to 1, and 1/2 to 1 again
		{3, newFixedPoint(4), 12},
		{math.MaxInt32, newFixedPoint(4), 4 * math.MaxInt32},
		{math.MinInt32, newFixedPoint(4), 4 * math.MinInt32},
		{math.MinInt32, fixedPoint{math.MaxInt32, 30}, -math.MaxInt32 << 30},
	} {
		if got := fixedPointScale(c.acc, c.m); got != c.want {
			t.Errorf("%d * %+v = %d, want %d", c.acc, c.m, got, c.want)
		}
	}
}

// TestFixedPointProperty compares with gemmlowp's formulation, and with the
// exact product, of which the two roundings may miss at most one.
func TestFixedPointProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acc := rapid.Int32().Draw(t, "acc")
		m := fixedPoint{rapid.Int32Range(1<<30, math.MaxInt32).Draw(t, "significand"), -rapid.IntRange(0, 31).Draw(t, "shift")}
		got := fixedPointScale(acc, m)
		if want := gemmlowp(acc, m.significand, -m.shift); got != want {
			t.Fatalf("%d * %+v = %d, gemmlowp %d", acc, m, got, want)
		}
		exact := new(big.Rat).SetFrac(
			new(big.Int).Mul(big.NewInt(int64(acc)), big.NewInt(int64(m.significand))),
			new(big.Int).Lsh(big.NewInt(1), uint(31-m.shift)))
		miss := exact.Sub(exact, new(big.Rat).SetInt64(got))
		if miss.Abs(miss).Cmp(big.NewRat(1, 1)) > 0 {
			t.Fatalf("%d * %+v = %d, off by %v", acc, m, got, miss.FloatString(3))
		}
	})
}

// gemmlowp multiplies as fixedpoint.h does, step by step.
func gemmlowp(acc, significand int32, exponent int) int64 {
	nudge := int64(1 << 30)
	product := int64(acc) * int64(significand)
	if product < 0 {
		nudge = 1 - 1<<30
	}
	high := (product + nudge) / (1 << 31)
	mask := int64(1)<<exponent - 1
	threshold := mask >> 1
	if high < 0 {
		threshold++
	}
	result := high >> exponent
	if high&mask > threshold {
		result++
	}
	return result
}

// TestApplyChannels checks which channel's parameter an accumulator gets.
func TestApplyChannels(t *testing.T) {
	r := legal(t)(NewShift([]int{0, 1, 2, 3}, 4, Output{0, uint8Range}))
	for _, c := range []struct {
		name            string
		first, channels int
		want            []int32
	}{
		{"all", 0, 4, []int32{64, 32, 16, 8, 64, 32, 16, 8, 64, 32, 16, 8}},
		{"a group", 2, 2, []int32{16, 8, 16, 8, 16, 8, 16, 8, 16, 8, 16, 8}},
		{"one", 3, 1, []int32{8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8}},
	} {
		acc := fill(12, func(int) int32 { return 64 })
		r.Apply(acc, acc, c.first, c.channels)
		if diff := cmp.Diff(c.want, acc); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	shared := legal(t)(NewShift([]int{2}, 4, Output{0, uint8Range}))
	acc := []int32{4, 8, 12, 16}
	shared.Apply(acc, acc, 0, 4)
	if diff := cmp.Diff([]int32{1, 2, 3, 4}, acc); diff != "" {
		t.Errorf("one shift for all (-want +got):\n%s", diff)
	}
}

func TestApplyPanics(t *testing.T) {
	r := legal(t)(NewShift([]int{1}, 4, Output{0, uint8Range}))
	for _, c := range []struct {
		name                     string
		dst, acc, first, channel int
	}{
		{"dst too short", 3, 4, 0, 4}, {"no whole pixels", 6, 6, 0, 4}, {"no channels", 4, 4, 0, 0}, {"beyond the layer", 4, 4, 1, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			r.Apply(make([]int32, c.dst), make([]int32, c.acc), c.first, c.channel)
		})
	}
}

// TestRequantizeMistakes wants all mistakes at once, by key.
func TestRequantizeMistakes(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	bad := Scales{0, inf, []float32{1, -1, nan}}
	scales := []string{"requantize.input_scale is 0;", "requantize.output_scale is +Inf;",
		"weight_scale[1] is -1;", "weight_scale[2] is NaN;", "requantize.weight_scale is a list of 3; allowed: a list of 1 or 4",
		"requantize.output_zero_point is 128; allowed: within [-128, 127]"}
	for _, c := range []struct {
		name string
		make func(Output) (Requantizer, error)
		want []string
	}{
		{"onnx", func(o Output) (Requantizer, error) { return NewONNX(bad, 4, o) }, scales},
		{"tflite", func(o Output) (Requantizer, error) { return NewTFLite(bad, 4, o) }, scales},
		{"multiplier", func(o Output) (Requantizer, error) { return NewMultiplier([]float32{nan, -1, inf}, 4, o) },
			[]string{"multiplier[0] is NaN", "multiplier[1] is -1", "multiplier[2] is +Inf", "list of 3", "is 128;"}},
		{"shift", func(o Output) (Requantizer, error) { return NewShift([]int{-1, 32, 0}, 4, o) },
			[]string{"shift[0] is -1; allowed: 0..31", "shift[1] is 32", "list of 3", "is 128;"}},
		{"overflowing multiplier", func(o Output) (Requantizer, error) {
			return NewONNX(Scales{1e30, 1, []float32{1e30}}, 1, Output{0, int8Range})
		}, []string{"multiplier[0] is +Inf"}},
		{"range", func(Output) (Requantizer, error) { return NewShift([]int{1}, 1, Output{0, Span{1, -1}}) },
			[]string{"dtype is [1, -1]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.make(Output{128, int8Range})
			if err == nil {
				t.Fatal("accepted")
			}
			for _, part := range c.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error lacks %q:\n%v", part, err)
				}
			}
		})
	}
}
