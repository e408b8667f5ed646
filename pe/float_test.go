package pe

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

var negativeZero = float32(math.Copysign(0, -1))

// floatLayer is everything FloatWeights.Multiply depends on.
type floatLayer struct {
	rows    [][]float32
	bias    []float32
	beats   Beats
	x       []float32
	vectors int
}

// oracle is the definition, one lane at a time.
func (l floatLayer) oracle() (dst []float32) {
	n := l.beats.Elements()
	for v := range l.vectors {
		for o, row := range l.rows {
			acc := float32(0)
			for beat, real := range l.beats.Real {
				sum := float32(0)
				for lane := range real {
					e := beat*l.beats.Lanes + lane
					sum += float32(l.x[v*n+e] * row[e])
				}
				acc += sum
			}
			if l.bias != nil {
				acc += l.bias[o]
			}
			dst = append(dst, acc)
		}
	}
	return dst
}

// check compares Multiply with the oracle bit for bit; any NaN is a NaN.
func (l floatLayer) check(t interface {
	Helper()
	Fatalf(string, ...any)
}) {
	t.Helper()
	got := make([]float32, l.vectors*len(l.rows))
	w := NewFloatWeights(l.rows, l.bias, l.beats)
	if w.Outputs() != len(l.rows) {
		t.Fatalf("%d outputs, want %d", w.Outputs(), len(l.rows))
	}
	w.Multiply(got, l.x, l.vectors)
	for i, want := range l.oracle() {
		if math.Float32bits(got[i]) != math.Float32bits(want) && (want == want || got[i] == got[i]) {
			t.Fatalf("%d outputs, %d vectors, %v: dst[%d] = %x, want %x", len(l.rows), l.vectors, l.beats, i, got[i], want)
		}
	}
}

// floats makes count values by calling value.
func floats(count int, value func() float32) []float32 {
	s := make([]float32, count)
	for i := range s {
		s[i] = value()
	}
	return s
}

func newFloatLayer(outputs, vectors int, beats Beats, value func() float32) floatLayer {
	l := floatLayer{beats: beats, vectors: vectors, bias: floats(outputs, value)}
	for range outputs {
		l.rows = append(l.rows, floats(beats.Elements(), value))
	}
	l.x = floats(vectors*beats.Elements(), value)
	return l
}

func TestFloatEveryLength(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	value := func() float32 { return float32(random.NormFloat64()) }
	for outputs := range 19 {
		for vectors := range 10 {
			newFloatLayer(outputs, vectors, Beats{Lanes: 3, Real: []int{3, 2, 0, 3, 1}}, value).check(t)
		}
	}
	for elements := range 20 {
		newFloatLayer(9, 5, Uniform(elements, 1), value).check(t)
		newFloatLayer(9, 5, Uniform(1, elements+1), value).check(t)
	}
}

// TestFloatOrder has sums that come out differently in any other order.
func TestFloatOrder(t *testing.T) {
	const big = 1 << 24 // big+1 rounds to big
	for _, c := range []struct {
		name string
		x    []float32
		real []int
		bias []float32
		want float32
	}{
		{"lanes in order", []float32{big, 1, -big}, []int{3}, nil, 0},
		{"a beat sums apart", []float32{big, 1, 0, 1, 1, -big}, []int{3, 3}, nil, 2},
		{"beats in order", []float32{big, -big, 1}, []int{1, 1, 1}, nil, 1},
		{"bias last", []float32{big, 1, 0}, []int{3}, []float32{-big}, 0},
		{"minus zero, a lane a beat", []float32{negativeZero, negativeZero}, []int{1, 1}, nil, 0},
		{"minus zero becomes zero", []float32{negativeZero}, []int{1}, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			lanes := len(c.x) / len(c.real)
			weights := floats(len(c.x), func() float32 { return 1 })
			var dst [1]float32
			NewFloatWeights([][]float32{weights}, c.bias, Beats{lanes, c.real}).Multiply(dst[:], c.x, 1)
			if math.Float32bits(dst[0]) != math.Float32bits(c.want) {
				t.Errorf("got %v, want %v", dst[0], c.want)
			}
		})
	}
}

// TestFloatNotFused has a product whose rounding error a fused operation keeps.
func TestFloatNotFused(t *testing.T) {
	x := []float32{-1, 1 + 0x1p-23}
	row := []float32{1 + 0x1p-22, 1 + 0x1p-23}
	rows := make([][]float32, 9) // an octet and a single
	for i := range rows {
		rows[i] = row
	}
	for _, vectors := range []int{1, 4} {
		var all []float32
		for range vectors {
			all = append(all, x...)
		}
		dst := make([]float32, 9*vectors)
		NewFloatWeights(rows, nil, Uniform(1, 2)).Multiply(dst, all, vectors)
		for i, got := range dst {
			if got != 0 {
				t.Errorf("%d vectors: dst[%d] = %v, want 0 (the product rounded before it is added)", vectors, i, got)
			}
		}
	}
}

// TestFloatIdleLanes puts values into idle lanes that would spoil any sum.
func TestFloatIdleLanes(t *testing.T) {
	spoil := float32(math.NaN())
	for outputs := range 10 {
		for _, vectors := range []int{1, 5} {
			l := newFloatLayer(outputs, vectors, Beats{Lanes: 2, Real: []int{1, 1}}, func() float32 { return 1 })
			for i := 1; i < len(l.x); i += 2 {
				l.x[i] = spoil
			}
			dst := make([]float32, outputs*vectors)
			NewFloatWeights(l.rows, nil, l.beats).Multiply(dst, l.x, vectors)
			for i, got := range dst {
				if got != 2 {
					t.Fatalf("%d outputs: dst[%d] = %v, want 2", outputs, i, got)
				}
			}
		}
	}
}

func TestFloatProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Float32(), rapid.Float32Range(-2, 2), rapid.SampledFrom([]float32{
			float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), math.SmallestNonzeroFloat32, 0, negativeZero,
		}))
		lanes := rapid.IntRange(1, 5).Draw(t, "lanes")
		beats := Beats{lanes, rapid.SliceOfN(rapid.IntRange(0, lanes), 0, 5).Draw(t, "real")}
		l := newFloatLayer(rapid.IntRange(0, 10).Draw(t, "outputs"), rapid.IntRange(0, 5).Draw(t, "vectors"), beats,
			func() float32 { return value.Draw(t, "value") })
		if rapid.Bool().Draw(t, "unbiased") {
			l.bias = nil
		}
		l.check(t)
	})
}
