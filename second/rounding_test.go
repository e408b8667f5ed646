package second

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/conv"
)

// TestRowTellsRightFromWrong: what Row vouches for is what the definition makes, near
// halves and limits too; and it vouches for nearly all that is right.
func TestRowTellsRightFromWrong(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	vouched, right := 0, 0
	for range 3000 {
		scale := func() float32 { return float32(math.Exp(6*r.Float64() - 3)) }
		input, output, weights := scale(), scale(), []float32{scale() / 100, 0.5, 0.25 * scale()}
		zero := int32(r.IntN(256) - 128)
		rounding := NewRounding(input, output, weights, zero, -128, 127)
		q := conv.Requantization{Scale: conv.ScaleONNX(input, output, weights), ZeroPoint: int64(zero), Lowest: -128, Highest: 127}
		channel := r.IntN(3)
		for range 30 {
			q0 := float64(r.IntN(300)-150) + []float64{0, 0.5, -0.5, r.Float64()}[r.IntN(4)]
			sum := int32(max(-1<<31, min(1<<31-1, q0/float64(rounding.Factors[channel]))))
			want := q.Of(channel, int64(sum))
			got := int8(max(-128, min(127, want+int64(r.IntN(3)-1))))
			ok := Row(rounding, channel, []int32{sum}, []int8{got}) == 1
			if ok && int64(got) != want {
				t.Fatalf("%d times %g, zero %d: %d is taken for right; it is %d", sum, rounding.Factors[channel], zero, got, want)
			}
			if int64(got) == want {
				right++
				if ok {
					vouched++
				}
			}
		}
	}
	if vouched*10 < right*7 {
		t.Errorf("%d of %d right ones are known to be", vouched, right)
	}
}
