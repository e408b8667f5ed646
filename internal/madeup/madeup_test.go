package madeup

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestIntegers: the numbers are those that math/rand/v2 draws one by one.
func TestIntegers(t *testing.T) {
	for _, c := range []struct{ n, lo, hi int64 }{
		{0, -128, 127}, {1, -128, 127}, {piece, -8, 7}, {3*piece + 17, -128, 127}, {2*piece - 1, -1 << 15, 1<<15 - 1},
	} {
		for seed := range uint64(3) {
			got := make([]int16, c.n)
			Integers(t.Context(), got, c.lo, c.hi, seed<<62|seed, seed*0x1234567890abcdef)
			r := rand.New(rand.NewPCG(seed<<62|seed, seed*0x1234567890abcdef))
			want := make([]int16, c.n)
			for i := range want {
				want[i] = int16(c.lo + r.Int64N(c.hi-c.lo+1))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%+v, seed %d: not those that rand draws", c, seed)
			}
		}
	}
}

func BenchmarkIntegers(b *testing.B) {
	x := make([]int8, 1<<20)
	b.SetBytes(int64(len(x)))
	for b.Loop() {
		Integers(b.Context(), x, -128, 127, 1, 2)
	}
}
