package resources

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestMultiplierLUT(t *testing.T) {
	for _, tc := range []struct{ w, a, want int }{
		{1, 1, 1 * 2},  // one layer
		{4, 4, 3 * 8},  // two layers
		{8, 8, 5 * 16}, // three layers
	} {
		if got := multiplierLUT(tc.w, tc.a); got != tc.want {
			t.Errorf("multiplierLUT(%d, %d) = %d, want %d", tc.w, tc.a, got, tc.want)
		}
	}
}

func TestAdderTree(t *testing.T) {
	for _, tc := range []struct{ simd, bits, lut, ff int }{
		{1, 16, 0, 0},
		{2, 16, 17, 17},
		{4, 16, 2*17 + 18, 2*17 + 18},
		{5, 16, 2*17 + 18 + 19, 3*17 + 2*18 + 19},
		{16, 16, 8*17 + 4*18 + 2*19 + 20, 8*17 + 4*18 + 2*19 + 20},
	} {
		if got := adderTreeLUT(tc.simd, tc.bits); got != tc.lut {
			t.Errorf("adderTreeLUT(%d, %d) = %d, want %d", tc.simd, tc.bits, got, tc.lut)
		}
		if got := adderTreeFF(tc.simd, tc.bits, ceilLog2(tc.simd)); got != tc.ff {
			t.Errorf("adderTreeFF(%d, %d) = %d, want %d", tc.simd, tc.bits, got, tc.ff)
		}
	}
}

func TestAccumulatorBits(t *testing.T) {
	for _, tc := range []struct {
		name                            string
		declared, fanIn, weights, input int
		signed                          bool
		want                            int
	}{
		{"3x3x64, int8", 32, 576, 8, 8, true, 25},
		{"3x3x64, uint8", 32, 576, 8, 8, false, 26},
		{"declared narrower", 20, 576, 8, 8, true, 20},
		{"one product", 32, 1, 8, 8, true, 16}, // -128*-128 = 2^14 needs 16 bits with its sign
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := accumulatorBits(tc.declared, tc.fanIn, tc.weights, tc.input, tc.signed); got != tc.want {
				t.Errorf("accumulatorBits = %d, want %d", got, tc.want)
			}
		})
	}
}

// The bit length of x is what FINN's logarithms compute.
func TestAccumulatorBitsIsFINNsFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fanIn := rapid.IntRange(1, 1<<14).Draw(t, "fanIn")
		w := rapid.IntRange(1, 8).Draw(t, "weight bits")
		a := rapid.IntRange(1, 8).Draw(t, "input bits")
		alpha := math.Log2(float64(fanIn)) + float64(w+a-1)
		want := int(math.Ceil(alpha + math.Log2(1+math.Pow(2, -alpha)) + 1))
		if got := accumulatorBits(64, fanIn, w, a, false); got != want {
			t.Fatalf("accumulatorBits = %d, FINN's formula %d", got, want)
		}
	})
}

func TestGlue(t *testing.T) {
	for _, tc := range []struct {
		name      string
		got, want int
	}{
		{"shift of 32 bits by 0..31: three levels of 4:1", shiftLUT(32, 31), 96},
		{"fixed shift is wiring", shiftLUT(32, 0), 0},
		{"counter of one state", counter(1).FF, 0},
		{"counter of 13456 states", counter(13456).FF, 14},
		{"its increment and compare", counter(13456).LUT, 26},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, tc.got, tc.want)
		}
	}
}
