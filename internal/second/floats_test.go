package second

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
)

// order draws an order of a layer's taps: any, in beats of any size.
func order(t *rapid.T, s conv.Shape, r *rand.Rand) conv.Order {
	natural := conv.NaturalOrder(s)
	if rapid.Bool().Draw(t, "natural") {
		return natural
	}
	r.Shuffle(len(natural), func(i, j int) { natural[i], natural[j] = natural[j], natural[i] })
	o := conv.Order{nil}
	most := 1 + r.IntN(len(natural))
	for _, tap := range natural {
		last := len(o) - 1
		if o[last] = append(o[last], tap[0]); len(o[last]) > r.IntN(most) {
			o = append(o, nil)
		}
	}
	return o
}

// someFloats are numbers of all kinds; wild ones, too, if asked for.
func someFloats(r *rand.Rand, n int, wild bool) []float32 {
	special := []float32{0, float32(math.Copysign(0, -1)), 1, -1, math.MaxFloat32, math.SmallestNonzeroFloat32, -1e-40, 1 << 24, 1e-20,
		float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}
	x := make([]float32, n)
	for i := range x {
		x[i] = 2*r.Float32() - 1
		if wild && r.IntN(4) == 0 {
			x[i] = special[r.IntN(len(special))]
		}
	}
	return x
}

// TestFloatsEqualTheDefinition on random layers, bit for bit.
func TestFloatsEqualTheDefinition(t *testing.T) {
	if len(floatLoops) == 0 {
		t.Skip("this processor has no loops for them")
	}
	best := floatLoops
	defer func() { floatLoops = best }()
	for name, loops := range map[string][]floatWidth{"as here": best, "AVX2": narrowFloats} {
		floatLoops = loops
		t.Run(name, func(t *testing.T) { rapid.Check(t, checkFloats) })
	}
}

func checkFloats(t *rapid.T) {
	s, r := layer(t), rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	l := FloatLayer{Shape: s, Order: order(t, s, r)}
	wild := rapid.Bool().Draw(t, "wild")
	l.Weights = someFloats(r, int(s.WeightElements()), wild)
	if s.Bias {
		l.Bias = someFloats(r, s.OutChannels, wild)
	}
	x := someFloats(r, int(s.InputElements()), wild)
	want := conv.ReferenceFloat(s, l.Order, x, l.Weights, l.Bias)
	got, rows := make([]float32, len(want)), make([]int32, s.Batch*s.OutChannels*s.OutHeight)
	if !FloatSums(t.Context(), l, x, func(image, channel, y int, sums []float32) {
		row := (image*s.OutChannels+channel)*s.OutHeight + y
		copy(got[row*s.OutWidth:][:len(sums)], sums)
		for i := range len(sums) / s.OutWidth {
			rows[row+i]++
		}
	}) {
		t.Fatal("declined")
	}
	for i, v := range got {
		same := math.Float32bits(v) == math.Float32bits(want[i]) || v != v && want[i] != want[i]
		if !same || rows[i/s.OutWidth] != 1 {
			t.Fatalf("%+v: sum %d is %g, want %g (row visited %d times)", s, i, v, want[i], rows[i/s.OutWidth])
		}
	}
}
