package pe

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/tensor"
)

// intLayer is everything Multiply depends on.
type intLayer struct {
	rows    [][]int32
	bias    []int32
	beats   Beats
	acc     conv.Accumulator
	span    Span
	x       []int32
	vectors int
}

// oracle is the obvious kernel: one accumulator of unlimited width and one of
// the layer's, a lane at a time.
func (l intLayer) oracle() (dst []int32, held Span) {
	n := l.beats.Elements()
	for v := range l.vectors {
		x := l.x[v*n : (v+1)*n]
		for o, row := range l.rows {
			var acc, exact int64
			for beat, real := range l.beats.Real {
				var sum int64
				for lane := range real {
					e := beat*l.beats.Lanes + lane
					sum += int64(x[e]) * int64(row[e])
				}
				acc, exact = l.acc.Add(acc, sum), exact+sum
				if l.acc.Saturate {
					held = held.Union(Span{exact, exact})
				}
			}
			if l.bias != nil {
				acc, exact = l.acc.Add(acc, int64(l.bias[o])), exact+int64(l.bias[o])
			}
			held = held.Union(Span{exact, exact})
			dst = append(dst, int32(acc))
		}
	}
	return dst, held
}

// check compares Multiply with the oracle and the bound with what was held.
func (l intLayer) check(t interface {
	Helper()
	Fatalf(string, ...any)
}) {
	t.Helper()
	w := NewIntWeights(l.rows, l.bias, l.beats, l.acc, l.span)
	got := make([]int32, l.vectors*len(l.rows))
	gotHeld := w.Multiply(got, l.x, l.vectors)
	want, wantHeld := l.oracle()
	if diff := cmp.Diff(want, append([]int32(nil), got...)); diff != "" {
		t.Fatalf("%v: dst mismatch (-want +got):\n%s", l, diff)
	}
	if gotHeld != wantHeld {
		t.Fatalf("%v: held %v, want %v", l, gotHeld, wantHeld)
	}
	if !w.Bound().Contains(gotHeld) {
		t.Fatalf("%v: held %v outside the bound %v", l, gotHeld, w.Bound())
	}
}

func (l intLayer) String() string {
	return fmt.Sprintf("%d outputs, %d vectors, %v, %+v, x in %v", len(l.rows), l.vectors, l.beats, l.acc, l.span)
}

// fill makes count values by calling value.
func fill(count int, value func(i int) int32) []int32 {
	s := make([]int32, count)
	for i := range s {
		s[i] = value(i)
	}
	return s
}

// uniform makes a layer whose weights and activations are all given by value.
func uniform(outputs, vectors int, beats Beats, acc conv.Accumulator, x Span, weight, activation func(i int) int32) intLayer {
	l := intLayer{beats: beats, acc: acc, span: x, vectors: vectors, bias: fill(outputs, func(i int) int32 { return int32(i - 1) })}
	for o := range outputs {
		l.rows = append(l.rows, fill(beats.Elements(), func(i int) int32 { return weight(i + o) }))
	}
	l.x = fill(vectors*beats.Elements(), activation)
	return l
}

var accumulators = []conv.Accumulator{
	{Bits: 32}, {Bits: 12}, {Bits: 2}, {Bits: 32, Saturate: true}, {Bits: 12, Saturate: true}, {Bits: 2, Saturate: true},
}

// TestMultiplyEveryLength runs every tail of the register tiles.
func TestMultiplyEveryLength(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, acc := range accumulators {
		for _, bits := range []int{8, 16} { // packed, and mostly plain
			value := func(int) int32 { return int32(random.IntN(1<<bits)) - 1<<(bits-1) }
			for outputs := range 19 {
				for _, vectors := range []int{0, 1, 4, 7} {
					uniform(outputs, vectors, Uniform(3, 2), acc, Signed(bits), value, value).check(t)
				}
			}
			for elements := range 34 {
				uniform(9, 5, Uniform(elements, 1), acc, Signed(bits), value, value).check(t)
				uniform(9, 5, Uniform(1, max(elements, 1)), acc, Signed(bits), value, value).check(t)
			}
		}
	}
}

func TestMultiplyExtremes(t *testing.T) {
	constant := func(v int32) func(int) int32 { return func(int) int32 { return v } }
	alternate := func(v, w int32) func(int) int32 {
		return func(i int) int32 {
			if i%2 == 0 {
				return v
			}
			return w
		}
	}
	cases := []struct {
		name              string
		span              Span
		weight, activated func(int) int32
	}{
		{"int8 -128*-128", SpanOf(tensor.Int8), constant(-128), constant(-128)},
		{"int8 127*-128", SpanOf(tensor.Int8), constant(127), constant(-128)},
		{"int8 alternating", SpanOf(tensor.Int8), alternate(-128, 127), alternate(127, -128)},
		{"uint8 minus 255, 9 bits", SpanOf(tensor.UInt8).Minus(255), constant(-128), constant(-255)},
		{"uint8 minus 0", SpanOf(tensor.UInt8), constant(-128), constant(255)},
		{"int16 -32768*-32768", SpanOf(tensor.Int16), constant(-32768), constant(-32768)},
		{"int16 32767*-32768", SpanOf(tensor.Int16), constant(32767), constant(-32768)},
		{"int16 minus -32768", SpanOf(tensor.Int16).Minus(-32768), constant(-32768), constant(65535)},
		{"int32 activations", SpanOf(tensor.Int32), constant(-128), constant(math.MinInt32)},
		{"all zero", Span{}, constant(0), constant(0)},
	}
	for _, c := range cases {
		for _, acc := range accumulators {
			t.Run(fmt.Sprintf("%s/%+v", c.name, acc), func(t *testing.T) {
				uniform(11, 5, Uniform(9, 64), acc, c.span, c.weight, c.activated).check(t)
			})
		}
	}
}

// TestPackedLimit walks the last sums that fit in the packed halves and the
// first that do not, on either side and in either half.
func TestPackedLimit(t *testing.T) {
	for _, c := range []struct {
		name   string
		weight int32
		x      int64
		packed bool
	}{
		{"2^31-1", math.MaxInt32, 1, true},
		{"-2^31+1", math.MaxInt32, -1, true},
		{"-2^31", math.MinInt32, 1, true},
		{"2^31", math.MinInt32, -1, false},
		{"2^31 as product", 1 << 16, 1 << 15, false},
	} {
		for output := range 2 {
			l := intLayer{beats: Uniform(1, 1), acc: conv.Accumulator{Bits: 32}, vectors: 1, x: []int32{int32(c.x)}}
			l.rows, l.span = [][]int32{{-1}, {-1}}, Span{c.x, c.x}
			l.rows[output][0] = c.weight
			if got := NewIntWeights(l.rows, nil, l.beats, l.acc, l.span).packed; got != c.packed {
				t.Errorf("%s in output %d: packed = %v, want %v", c.name, output, got, c.packed)
			}
			l.check(t)
		}
	}
}

// TestSaturationOrder has sums that end elsewhere if beats are reordered,
// merged, or clamped only at the end.
func TestSaturationOrder(t *testing.T) {
	l := intLayer{
		rows:    [][]int32{{100, 100, -100, 1}},
		bias:    []int32{-7},
		beats:   Beats{Lanes: 1, Real: []int{1, 1, 1, 1}},
		acc:     conv.Accumulator{Bits: 8, Saturate: true},
		span:    Signed(8),
		x:       []int32{1, 1, 1, 1},
		vectors: 1,
	}
	var dst [1]int32
	held := NewIntWeights(l.rows, l.bias, l.beats, l.acc, l.span).Multiply(dst[:], l.x, 1)
	if want := int32(100 + 27 - 100 + 1 - 7); dst[0] != want {
		t.Errorf("beat by beat = %d, want %d", dst[0], want)
	}
	if want := (Span{0, 200}); held != want || held.NeededBits() != 9 {
		t.Errorf("held %v (%d bits), want %v (9 bits)", held, held.NeededBits(), want)
	}
	l.beats = Beats{Lanes: 4, Real: []int{4}}
	NewIntWeights(l.rows, l.bias, l.beats, l.acc, l.span).Multiply(dst[:], l.x, 1)
	if want := int32(101 - 7); dst[0] != want {
		t.Errorf("in one beat = %d, want %d", dst[0], want)
	}
}

func TestMultiplyProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(1, 18).Draw(t, "bits")
		span := Signed(bits).Minus(rapid.Int64Range(-300, 300).Draw(t, "zero point"))
		l := intLayer{span: span, vectors: rapid.IntRange(0, 6).Draw(t, "vectors")}
		l.beats.Lanes = rapid.IntRange(1, 9).Draw(t, "lanes")
		l.beats.Real = rapid.SliceOfN(rapid.IntRange(0, l.beats.Lanes), 0, 6).Draw(t, "real")
		l.acc = conv.Accumulator{Bits: rapid.IntRange(2, 32).Draw(t, "acc"), Saturate: rapid.Bool().Draw(t, "saturate")}
		value := rapid.OneOf(rapid.Int32Range(int32(span.Min), int32(span.Max)), rapid.Just(int32(0))) // 0 is padding
		outputs := rapid.IntRange(0, 12).Draw(t, "outputs")
		for range outputs {
			n := l.beats.Elements()
			l.rows = append(l.rows, rapid.SliceOfN(value, n, n).Draw(t, "row"))
		}
		if rapid.Bool().Draw(t, "biased") {
			l.bias = rapid.SliceOfN(rapid.Int32(), outputs, outputs).Draw(t, "bias")
		}
		count := l.vectors * l.beats.Elements()
		l.x = rapid.SliceOfN(value, count, count).Draw(t, "x")
		l.check(t)
	})
}

// TestBound wants the worst case to hold for padding too, which is 0 even where
// no activation is, and for every order: each row here has one sign at a time.
func TestBound(t *testing.T) {
	rows := [][]int32{{3, -2}, {1, 1}}
	for _, c := range []struct {
		name string
		bias []int32
		x    Span
		want Span
	}{
		{"signed", nil, Span{-10, 10}, Span{-50, 50}},
		{"unsigned", nil, Span{0, 10}, Span{-20, 30}},
		{"no zero", nil, Span{5, 10}, Span{-20, 30}},
		{"negative", nil, Span{-10, -5}, Span{-30, 20}},
		{"bias widens", []int32{7, -100}, Span{0, 10}, Span{-100, 37}},
		{"bias of a lone zero", []int32{-30, 0}, Span{5, 10}, Span{-50, 30}},
	} {
		w := NewIntWeights(rows, c.bias, Uniform(2, 1), conv.Accumulator{Bits: 32}, c.x)
		if got := w.Bound(); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestNewIntWeightsPanics(t *testing.T) {
	acc := conv.Accumulator{Bits: 32}
	one := [][]int32{{1}}
	for _, c := range []struct {
		name, want string
		call       func()
	}{
		{"row length", "output 0 have 1 elements, want 2", func() { NewIntWeights(one, nil, Uniform(2, 1), acc, Signed(8)) }},
		{"bias length", "2 biases for 1 outputs", func() { NewIntWeights(one, []int32{1, 2}, Uniform(1, 1), acc, Signed(8)) }},
		{"real lanes", "beat 0 has 2 real lanes of 1", func() { NewIntWeights(one, nil, Beats{1, []int{2}}, acc, Signed(8)) }},
		{"lanes", "0 lanes", func() { NewIntWeights(one, nil, Beats{}, acc, Signed(8)) }},
		{"width", "accumulator.bits is 33", func() { NewIntWeights(one, nil, Uniform(1, 1), conv.Accumulator{Bits: 33}, Signed(8)) }},
		{"overflow", "leave int64", func() {
			NewIntWeights([][]int32{{math.MinInt32, math.MinInt32}}, nil, Uniform(2, 1), acc, Signed(32))
		}},
		{"no room for a bias", "leave int64", func() {
			NewIntWeights([][]int32{{math.MinInt32, math.MaxInt32}}, nil, Uniform(2, 1), acc, Signed(32))
		}},
		{"x length", "x has 2 elements, want 1 each", func() {
			NewIntWeights(one, nil, Uniform(1, 1), acc, Signed(8)).Multiply(make([]int32, 1), make([]int32, 2), 1)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "pe: ") || !strings.Contains(got, c.want) {
					t.Errorf("panic %q, want one with %q", got, c.want)
				}
			}()
			c.call()
		})
	}
}
