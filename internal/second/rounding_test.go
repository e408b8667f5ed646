package second

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/conv"
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

// TestRowOfMany: side by side as many are certain as one after the other.
func TestRowOfMany(t *testing.T) {
	bestSigned, bestUnsigned := agreeSigned, agreeUnsigned
	defer func() { agreeSigned, agreeUnsigned = bestSigned, bestUnsigned }()
	for _, narrow := range []bool{false, true} {
		if narrow {
			agreeSigned, agreeUnsigned = narrowSigned, narrowUnsigned
		}
		r := rand.New(rand.NewPCG(3, 4))
		for n := range 4000 {
			ofMany[int8](t, r, n%70, -128)
			ofMany[uint8](t, r, n%70, 0)
		}
	}
}

func ofMany[T Integer](t *testing.T, r *rand.Rand, n int, low int32) {
	t.Helper()
	lowest := low + []int32{0, r.Int32N(100)}[r.IntN(2)]
	highest := low + []int32{255, 100 + r.Int32N(156)}[r.IntN(2)]
	rounding := Rounding{[]float32{0.5, 1e-3, 3e38, 1e-45, r.Float32()}, low + r.Int32N(256), lowest, highest}
	channel := r.IntN(len(rounding.Factors))
	factor := rounding.Factors[channel]
	sums, got := make([]int32, n), make([]T, n)
	for i := range sums {
		sums[i] = []int32{math.MinInt32, math.MaxInt32, 0, 1, -1, int32(float32(r.IntN(512)-256) / max(factor, 1e-6)), r.Int32N(1000) - 500}[r.IntN(7)]
		product := max(-1000, min(1000, float64(sums[i])*float64(factor)))
		want := max(float64(lowest), min(float64(highest), math.RoundToEven(product)+float64(rounding.Zero)))
		if r.IntN(90) == 0 {
			want += float64(r.IntN(3) - 1)
		}
		got[i] = T(int32(want))
	}
	if one, many := rest(rounding, channel, sums, got), Row(rounding, channel, sums, got); one != many {
		t.Fatalf("%+v, channel %d: of %v from %v %d are certain side by side, %d one after the other", rounding, channel, got, sums, many, one)
	}
}
