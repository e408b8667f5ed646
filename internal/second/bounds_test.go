package second

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/conv"
)

// integerRules are the rules of bounds, each with its definition.
var integerRules = map[string]func(r *rand.Rand, zero, least, most int32) (*Bounds, conv.Scale, float64){
	"fixed point": func(r *rand.Rand, zero, least, most int32) (*Bounds, conv.Scale, float64) {
		scale := func(span float64) float32 { return float32(math.Exp(span * (2*r.Float64() - 1))) }
		input, output, weights := scale(3), scale(3), []float32{scale(12) / 50}
		if r.IntN(3) == 0 { // products that lie on ties
			input, output, weights[0] = 1, 1, float32(math.Ldexp(float64(1+r.IntN(7)), r.IntN(20)-18))
		}
		return NewFixedPoint(input, output, weights, zero, least, most), conv.ScaleTFLite(input, output, weights),
			float64(input) * float64(weights[0]) / float64(output)
	},
	"powers of two": func(r *rand.Rand, zero, least, most int32) (*Bounds, conv.Scale, float64) {
		shift := r.IntN(32)
		return NewPowers([]int{shift}, zero, least, most), conv.ScaleShift([]int{shift}), math.Ldexp(1, -shift)
	},
}

// TestBoundsTellRightFromWrong: exactly what the definition makes is vouched for, on ties, at
// limits and elsewhere, one by one and side by side.
func TestBoundsTellRightFromWrong(t *testing.T) {
	for name, rule := range integerRules {
		r := rand.New(rand.NewPCG(5, 6))
		for range 20_000 {
			boundsOf[int8](t, name, rule, r, -128, 127)
			boundsOf[uint8](t, name, rule, r, 0, 255)
			boundsOf[int16](t, name, rule, r, -1<<15, 1<<15-1)
		}
	}
}

func boundsOf[T Integer](t *testing.T, name string, rule func(r *rand.Rand, zero, least, most int32) (*Bounds, conv.Scale, float64), r *rand.Rand, low, high int32) {
	t.Helper()
	zero := low + r.Int32N(high-low+1)
	least, most := low+[]int32{0, r.Int32N(50)}[r.IntN(2)], high-[]int32{0, r.Int32N(50)}[r.IntN(2)]
	b, scale, about := rule(r, zero, least, most)
	q := conv.Requantization{Scale: scale, ZeroPoint: int64(zero), Lowest: int64(least), Highest: int64(most)}
	n := 1 + r.IntN(40)
	sums, got := make([]int32, n), make([]T, n)
	first := n
	for i := range sums {
		step := float64(r.Int32N(high-low+20)) + float64(low-zero) - 10
		if r.IntN(2) == 0 {
			step = float64(r.IntN(5) - 2)
		}
		near := (step + []float64{0, 0.5, r.Float64()}[r.IntN(3)]) / about
		sums[i] = []int32{math.MinInt32, math.MaxInt32, 0, int32(r.Uint32()), int32(max(math.MinInt32, min(near, math.MaxInt32))) + r.Int32N(3) - 1}[max(0, r.IntN(12)-7)]
		want := q.Of(0, int64(sums[i]))
		y := want
		if r.IntN(n) == 0 {
			y = max(int64(low), min(want+int64(2*r.IntN(2)-1), int64(high)))
		}
		if got[i] = T(y); y != want && first == n {
			first = i
		}
	}
	if b.channels[0][shift] == far {
		first = 0
		if about > 1e-6 && high < 1<<10 {
			t.Fatalf("%s: %g is too far", name, about)
		}
	}
	if certain := RowWithin(b, 0, sums, got); certain != first {
		t.Fatalf("%s: %v for %v times %g, zero %d, limits %d..%d: %d certain, %d right", name, got, sums, about, zero, least, most, certain, first)
	}
	loops, plain := [2]withinLoops{withinSigned, withinUnsigned}, 0
	withinSigned, withinUnsigned = withinLoops{}, withinLoops{}
	plain = RowWithin(b, 0, sums, got)
	withinSigned, withinUnsigned = loops[0], loops[1]
	if plain != first {
		t.Fatalf("%s: %d certain without loops, %d right", name, plain, first)
	}
}
