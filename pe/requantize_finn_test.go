package pe

import (
	"slices"
	"testing"
)

// TestFINNRequantizers holds the two rules to values worked out by hand.
func TestFINNRequantizers(t *testing.T) {
	steps, err := NewThresholds(Thresholds{Steps: [][]int64{{-3, 4, 4, 7}}, Range: Signed(4), Bias: -2}, 1, Output{Range: Signed(4)})
	if err != nil {
		t.Fatal(err)
	}
	scale, err := NewScaleBias(ScaleBias{Scale: []float32{0.25}, Bias: []float32{1}}, 1, Output{Range: Span{Max: 15}})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		rule      Requantizer
		acc, want []int32
	}{
		// -100 and 100 are saturated to 4 bits: -8 and 7.
		"thresholds": {steps, []int32{-100, -4, -3, 3, 4, 6, 7, 100}, []int32{-2, -2, -1, -1, 1, 1, 2, 2}},
		// x/4 + 1, halves up: -1/2, 1/4, 1, 5/4, 3/2, 16, a lot.
		"scale and bias": {scale, []int32{-6, -3, 0, 1, 2, 60, 1 << 30}, []int32{0, 0, 1, 1, 2, 15, 15}},
	} {
		got := make([]int32, len(c.acc))
		c.rule.Apply(got, c.acc, 0, 1)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v become %v, want %v", name, c.acc, got, c.want)
		}
	}
	if _, err := NewThresholds(Thresholds{Steps: [][]int64{{2, 1}}, Range: Signed(4)}, 1, Output{Range: Signed(4)}); err == nil {
		t.Error("thresholds that descend are taken")
	}
}
