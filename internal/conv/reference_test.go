package conv_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawShape draws a legal layer on a small input.
func drawShape(t *rapid.T) conv.Shape {
	small := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	pair := func(name string, hi int) conv.Pair {
		return conv.Pair{H: small(name+".h", 1, hi), W: small(name+".w", 1, hi)}
	}
	groups := small("groups", 1, 3)
	c := conv.Conv2d{
		InChannels: groups * small("in", 1, 3), OutChannels: groups * small("out", 1, 3), Groups: groups,
		Kernel: pair("kernel", 4), Stride: pair("stride", 3), Dilation: pair("dilation", 3),
		PaddingMode: conv.PaddingMode(small("mode", 0, 3)), Bias: rapid.Bool().Draw(t, "bias"),
	}
	c.Padding.Kind = conv.PaddingKind(small("padding", 0, 4))
	if c.Padding.Kind == conv.Same {
		c.Stride = conv.Pair{H: 1, W: 1}
	}
	c.Padding.Sides = conv.Sides{Top: small("top", 0, 4), Bottom: small("bottom", 0, 4), Left: small("left", 0, 4), Right: small("right", 0, 4)}
	s, err := c.Resolve(small("batch", 0, 2), small("height", 1, 9), small("width", 1, 9))
	if err != nil {
		t.Skip(err)
	}
	return s
}

// operands makes random input, weights and bias for a shape.
func operands(s conv.Shape, limit int32, rng *rand.Rand) (x, w, bias []int32) {
	draw := func(n int64) []int32 {
		out := make([]int32, n)
		for i := range out {
			out[i] = rng.Int32N(2*limit+1) - limit
		}
		return out
	}
	x, w = draw(s.InputElements()), draw(s.WeightElements())
	if s.Bias {
		bias = draw(int64(s.OutChannels))
	}
	return x, w, bias
}

func seeded(t *rapid.T) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
}

// direct is the definition once more, with padding looked up pixel by pixel
// instead of copied, and sums that never overflow.
func direct(s conv.Shape, x, w, bias []int32) []int64 {
	y := []int64{}
	at := func(n, c, row, column int) int64 {
		r, okRow := s.SourceRow(row)
		k, okColumn := s.SourceColumn(column)
		if !okRow || !okColumn {
			return 0
		}
		return int64(x[((n*s.InChannels+c)*s.InHeight+r)*s.InWidth+k])
	}
	perGroup := s.InChannels / s.Groups
	for n := range s.Batch {
		for oc := range s.OutChannels {
			first := oc / (s.OutChannels / s.Groups) * perGroup
			for oy := range s.OutHeight {
				for ox := range s.OutWidth {
					acc := int64(0)
					for c := range perGroup {
						for ky := range s.Kernel.H {
							for kx := range s.Kernel.W {
								weight := w[((oc*perGroup+c)*s.Kernel.H+ky)*s.Kernel.W+kx]
								acc += int64(weight) * at(n, first+c, oy*s.Stride.H+ky*s.Dilation.H, ox*s.Stride.W+kx*s.Dilation.W)
							}
						}
					}
					if s.Bias {
						acc += int64(bias[oc])
					}
					y = append(y, acc)
				}
			}
		}
	}
	return y
}

// shuffled returns the taps of a shape in random order, in beats of random
// length, empty ones too.
func shuffled(s conv.Shape, rng *rand.Rand) conv.Order {
	taps := slices.Concat(conv.NaturalOrder(s)...)
	rng.Shuffle(len(taps), func(i, j int) { taps[i], taps[j] = taps[j], taps[i] })
	var o conv.Order
	for len(taps) > 0 {
		n := rng.IntN(len(taps) + 1)
		o, taps = append(o, taps[:n]), taps[n:]
	}
	return o
}

func reversed(o conv.Order) conv.Order {
	o = slices.Clone(o)
	slices.Reverse(o)
	return o
}

// inBeats returns the natural order, n taps a beat.
func inBeats(s conv.Shape, n int) conv.Order {
	return slices.Collect(slices.Chunk(slices.Concat(conv.NaturalOrder(s)...), n))
}

func TestReferenceIntIsTheDefinitionInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, rng := drawShape(t), seeded(t)
		x, w, bias := operands(s, 255, rng)
		want := direct(s, x, w, bias)
		bits := rapid.IntRange(1, 32).Draw(t, "bits")
		a := conv.Accumulator{Bits: bits, Saturate: rapid.Bool().Draw(t, "saturate")}
		got := conv.ReferenceInt(s, shuffled(s, rng), a, x, w, bias)
		if diff := cmp.Diff(want, got.Exact); diff != "" {
			t.Errorf("%+v (-want +got)\n%s", s, diff)
		}
		if a.Saturate {
			return // what is held depends on the order
		}
		for i := range want {
			want[i] = want[i] << (64 - bits) >> (64 - bits)
		}
		if diff := cmp.Diff(want, widened(got.Held)); diff != "" {
			t.Errorf("%+v, %d bits (-want +got)\n%s", s, bits, diff)
		}
	})
}

func widened(y []int32) []int64 {
	out := []int64{}
	for _, v := range y {
		out = append(out, int64(v))
	}
	return out
}

// With integers small enough for every float32 sum to be exact, the float
// reference must agree with the integer one in any order.
func TestReferenceFloatOnIntegers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, rng := drawShape(t), seeded(t)
		x, w, bias := operands(s, 127, rng)
		want := direct(s, x, w, bias)
		got := conv.ReferenceFloat(s, shuffled(s, rng), floats(x), floats(w), floats(bias))
		for i, v := range want {
			if float32(v) != got[i] {
				t.Fatalf("%+v: element %d is %v; want %d", s, i, got[i], v)
			}
		}
	})
}

func floats(x []int32) (out []float32) {
	for _, v := range x {
		out = append(out, float32(v))
	}
	return out
}

// line is a layer of one output whose taps are the n values of x.
func line(t *testing.T, n int, bias bool) conv.Shape {
	t.Helper()
	c := conv.Conv2d{InChannels: 1, OutChannels: 1, Groups: 1, Kernel: conv.Pair{H: 1, W: n},
		Stride: conv.Pair{H: 1, W: 1}, Dilation: conv.Pair{H: 1, W: 1}, Bias: bias}
	s, err := c.Resolve(1, 1, n)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFloatOrderDecides(t *testing.T) {
	const big = 1 << 24 // big + 1 rounds back to big
	s := line(t, 3, true)
	x, w := []float32{big, 1, 1}, []float32{1, 1, 1}
	tap := func(i int) conv.Tap { return conv.Tap{KX: i} }
	for name, c := range map[string]struct {
		order conv.Order
		bias  float32
		want  float32
	}{
		"one a beat":            {conv.NaturalOrder(s), 0, big},
		"small ones first":      {reversed(conv.NaturalOrder(s)), 0, big + 2},
		"small ones one beat":   {conv.Order{{tap(0)}, {tap(1), tap(2)}}, 0, big + 2},
		"all in one beat":       {conv.Order{{tap(0), tap(1), tap(2)}}, 0, big},
		"bias comes last":       {conv.NaturalOrder(s), -big, 0},
		"order within the beat": {conv.Order{{tap(1), tap(2), tap(0)}}, -big, 2},
	} {
		got := conv.ReferenceFloat(s, c.order, x, w, []float32{c.bias})
		if got[0] != c.want {
			t.Errorf("%s: %v; want %v", name, got[0], c.want)
		}
	}
}

// The product is rounded before it is added: a fused multiply-add would keep
// the 2^-24 that rounding drops.
func TestFloatProductsAreRounded(t *testing.T) {
	s := line(t, 2, false)
	a := 1 + float32(1)/(1<<12)
	got := conv.ReferenceFloat(s, conv.Order{{{KX: 0}, {KX: 1}}}, []float32{-1, a}, []float32{1 + float32(1)/(1<<11), a}, nil)
	if got[0] != 0 {
		t.Errorf("%v; want 0", got[0])
	}
}

// Padding is multiplied like any pixel.
func TestFloatPaddingIsData(t *testing.T) {
	c := conv.Conv2d{InChannels: 1, OutChannels: 1, Groups: 1, Kernel: conv.Pair{H: 1, W: 2}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Padding: conv.Padding{Sides: conv.Sides{Left: 1}}}
	s, err := c.Resolve(1, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	inf := float32(math.Inf(1))
	got := conv.ReferenceFloat(s, conv.NaturalOrder(s), []float32{1, 1}, []float32{inf, 1}, nil)
	if got[0] == got[0] || got[1] != inf {
		t.Errorf("%v; want nan, inf", got)
	}
}

func TestAccumulatorSaturatesBeatByBeat(t *testing.T) {
	s := line(t, 3, true)
	x, w := []int32{100, 100, -100}, []int32{1, 1, 1}
	for name, c := range map[string]struct {
		order conv.Order
		a     conv.Accumulator
		bias  int32
		want  int32
	}{
		"one a beat stays at 127":    {conv.NaturalOrder(s), conv.Accumulator{Bits: 8, Saturate: true}, 0, 27},
		"negative first":             {reversed(conv.NaturalOrder(s)), conv.Accumulator{Bits: 8, Saturate: true}, 0, 100},
		"within a beat it does not":  {inBeats(s, 3), conv.Accumulator{Bits: 8, Saturate: true}, 0, 100},
		"bias saturates":             {inBeats(s, 3), conv.Accumulator{Bits: 8, Saturate: true}, 100, 127},
		"bias saturates below":       {inBeats(s, 3), conv.Accumulator{Bits: 8, Saturate: true}, -300, -128},
		"wrapping does not end it":   {conv.NaturalOrder(s), conv.Accumulator{Bits: 8}, 0, 100},
		"bias wraps":                 {conv.NaturalOrder(s), conv.Accumulator{Bits: 8}, 100, -56},
		"one bit holds 0 and -1":     {conv.NaturalOrder(s), conv.Accumulator{Bits: 1}, 1, -1},
		"wide enough changes nought": {conv.NaturalOrder(s), conv.Accumulator{Bits: 10, Saturate: true}, 100, 200},
	} {
		got := conv.ReferenceInt(s, c.order, c.a, x, w, []int32{c.bias}).Held
		if got[0] != c.want {
			t.Errorf("%s: %d; want %d", name, got[0], c.want)
		}
	}
}

func TestAccumulatorLimits(t *testing.T) {
	for _, bits := range []int{0, -1, 33} {
		err := conv.Accumulator{Bits: bits}.Check()
		if diff := cmp.Diff([]string{"accumulator.bits"}, keys(err)); diff != "" {
			t.Errorf("%d bits: %v", bits, err)
		}
	}
	for _, bits := range []int{1, 32} {
		if err := (conv.Accumulator{Bits: bits}).Check(); err != nil {
			t.Errorf("%d bits: %v", bits, err)
		}
	}
	if lo, hi := (conv.Accumulator{Bits: 32}).Range(); lo != math.MinInt32 || hi != math.MaxInt32 {
		t.Errorf("32 bits: %d..%d", lo, hi)
	}
}

func TestReferencePanicsOnOperandsThatDoNotFit(t *testing.T) {
	s := line(t, 2, false)
	natural, wrap := conv.NaturalOrder(s), conv.Accumulator{Bits: 32}
	two := []int32{1, 2}
	for name, f := range map[string]func(){
		"input":         func() { conv.ReferenceInt(s, natural, wrap, two[:1], two, nil) },
		"weight":        func() { conv.ReferenceInt(s, natural, wrap, two, two[:1], nil) },
		"bias":          func() { conv.ReferenceInt(s, natural, wrap, two, two, two[:1]) },
		"missing tap":   func() { conv.ReferenceInt(s, natural[:1], wrap, two, two, nil) },
		"tap twice":     func() { conv.ReferenceInt(s, append(natural, natural[0]), wrap, two, two, nil) },
		"tap outside":   func() { conv.ReferenceInt(s, conv.Order{{{KX: 2}}}, wrap, two, two, nil) },
		"accumulator":   func() { conv.ReferenceInt(s, natural, conv.Accumulator{Bits: 64}, two, two, nil) },
		"float weights": func() { conv.ReferenceFloat(s, natural, []float32{1, 2}, nil, nil) },
	} {
		if got := panicOf(f); !strings.HasPrefix(got, "conv: ") {
			t.Errorf("%s: panic %q; want one of this package", name, got)
		}
	}
}

func panicOf(f func()) (text string) {
	defer func() { text, _ = recover().(string) }()
	f()
	return ""
}

// The two kinds of beat that matter: one tap, as an array with SIMD 1 has, and
// eight.
func BenchmarkReference(b *testing.B) {
	c := conv.Conv2d{InChannels: 16, OutChannels: 16, Groups: 1, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Padding: conv.Padding{Kind: conv.Same}}
	s, err := c.Resolve(1, 32, 32)
	if err != nil {
		b.Fatal(err)
	}
	x, w, _ := operands(s, 127, rand.New(rand.NewPCG(1, 2)))
	rate := func(b *testing.B, f func()) {
		for b.Loop() {
			f()
		}
		b.ReportMetric(float64(s.MACs())*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
	}
	for name, o := range map[string]conv.Order{"beat=1": conv.NaturalOrder(s), "beat=8": inBeats(s, 8)} {
		b.Run("int/wrap/"+name, func(b *testing.B) {
			rate(b, func() { conv.ReferenceInt(s, o, conv.Accumulator{Bits: 32}, x, w, nil) })
		})
		b.Run("int/saturate/"+name, func(b *testing.B) {
			rate(b, func() { conv.ReferenceInt(s, o, conv.Accumulator{Bits: 32, Saturate: true}, x, w, nil) })
		})
		b.Run("float/"+name, func(b *testing.B) {
			fx, fw := floats(x), floats(w)
			rate(b, func() { conv.ReferenceFloat(s, o, fx, fw, nil) })
		})
	}
}
