package second

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/conv"
)

// layer draws a legal layer, one in three with one channel a group, one in four of single pixels
// and whole cells of channels.
func layer(t *rapid.T) conv.Shape {
	n := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
	pair := func(name string, hi int) conv.Pair { return conv.Pair{H: n(name+" h", 1, hi), W: n(name+" w", 1, hi)} }
	groups, channels := n("groups", 1, 4), n("channels", 1, 9)
	if n("depthwise", 0, 2) == 0 {
		groups, channels = n("many groups", 1, 9), 1
	}
	kernel := pair("kernel", 4)
	if n("pixels", 0, 3) == 0 {
		kernel, channels = conv.Pair{H: 1, W: 1}, 4*n("cells", 1, 20)
	}
	stride := func(name string) int { return rapid.SampledFrom([]int{1, 1, 1, 2, 2, 3, 3, 50, 1 << 20}).Draw(t, name) }
	l := conv.Conv2d{Groups: groups, InChannels: groups * channels, OutChannels: groups * n("outputs", 1, 15),
		Kernel: kernel, Stride: conv.Pair{H: stride("stride h"), W: stride("stride w")}, Dilation: pair("dilation", 2), Bias: rapid.Bool().Draw(t, "bias"),
		Padding:     conv.Padding{Sides: conv.Sides{Top: n("top", 0, 2), Bottom: n("bottom", 0, 2), Left: n("left", 0, 2), Right: n("right", 0, 2)}},
		PaddingMode: rapid.SampledFrom([]conv.PaddingMode{conv.Zeros, conv.Replicate, conv.Reflect, conv.Circular}).Draw(t, "mode")}
	width := n("width", 3, 40)
	if n("far", 0, 2) == 0 {
		width += 100
	}
	s, err := l.Resolve(n("batch", 1, 2), n("height", 3, 12), width)
	if err != nil {
		t.Skip(err)
	}
	return s
}

func draw[T Integer](r *rand.Rand, n int, low, high int64) []T {
	x := make([]T, n)
	for i := range x {
		switch r.IntN(6) {
		case 0:
			x[i] = T(low)
		case 1:
			x[i] = T(high)
		default:
			x[i] = T(low + r.Int64N(high-low+1))
		}
	}
	return x
}

// check holds sums to the definition.
func check[T Integer](t *rapid.T, s conv.Shape, r *rand.Rand, zero int32, weight int64) {
	low, high := limits[T]()
	l := Layer[int32]{Shape: s, XZero: zero, Weights: draw[int32](r, int(s.WeightElements()), -weight, weight-1)}
	l.WZero = draw[int32](r, []int{0, 1, s.OutChannels}[r.IntN(3)], -3, 3)
	taken := slices.Clone(l.Weights)
	for i := range taken {
		taken[i] -= l.wZero(i / s.Taps())
	}
	if s.Bias {
		l.Bias = draw[int32](r, s.OutChannels, -1<<20, 1<<20)
	}
	x := draw[T](r, int(s.InputElements()), low, high)
	wide := make([]int32, len(x))
	for i, v := range x {
		wide[i] = int32(v) - zero
	}
	want := conv.ReferenceInt(s, conv.NaturalOrder(s), conv.Accumulator{Bits: 32}, wide, taken, l.Bias)
	got, rows := make([]int32, len(want.Held)), make([]int32, s.Batch*s.OutChannels*s.OutHeight)
	visit := func(image, channel, y int, sums []int32) {
		row := (image*s.OutChannels+channel)*s.OutHeight + y
		copy(got[row*s.OutWidth:][:len(sums)], sums)
		for i := range len(sums) / s.OutWidth {
			rows[row+i]++
		}
	}
	ok := false
	if weight <= 128 && len(l.WZero) == 0 {
		small := Layer[int8]{Shape: s, XZero: zero, Bias: l.Bias}
		for _, v := range l.Weights {
			small.Weights = append(small.Weights, int8(v))
		}
		ok = Sums(t.Context(), small, x, visit)
	} else {
		ok = Sums(t.Context(), l, x, visit)
	}
	if !ok {
		if wordLoops != nil && weight < 1<<15 && l.Reach(Greatest[T](zero), 0) < 1<<31 && Greatest[T](zero) < 1<<15 {
			t.Fatal("declined")
		}
		return
	}
	for i, v := range got {
		if v != want.Held[i] || rows[i/s.OutWidth] != 1 {
			t.Fatalf("%T %+v zero %d: sum %d is %d, want %d (row visited %d times)", x, s, zero, i, v, want.Held[i], rows[i/s.OutWidth])
		}
	}
}

// TestSumsEqualTheDefinition on random layers.
func TestSumsEqualTheDefinition(t *testing.T) {
	for name, only := range map[string]bool{"as here": false, "words": true} {
		bytes, channel := byteLoops, byChannel
		if only {
			byteLoops, byChannel = nil, narrowByChannel
		}
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s, r := layer(t), rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
				zero := int32(rapid.IntRange(-128, 127).Draw(t, "zero"))
				check[int8](t, s, r, zero, 128)
				check[uint8](t, s, r, zero+128, 128)
				check[uint8](t, s, r, zero+128, 256)
				check[int16](t, s, r, 0, 64)
				check[int16](t, s, r, 0, 1<<15)
			})
		})
		byteLoops, byChannel = bytes, channel
	}
}
