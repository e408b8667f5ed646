package simd

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// drawn returns numbers of a type: one in four is an extreme.
func drawn[T int8 | uint8 | int16 | int32](r *rand.Rand, n int, least, most int64) []T {
	x := make([]T, n)
	for i := range x {
		switch r.IntN(8) {
		case 0:
			x[i] = T(least)
		case 1:
			x[i] = T(most)
		default:
			x[i] = T(least + r.Int64N(most-least+1))
		}
	}
	return x
}

func rows(r *rand.Rand, outputs, elements int, least, most int64) [][]int32 {
	list := make([][]int32, outputs)
	for i := range list {
		list[i] = drawn[int32](r, elements, least, most)
	}
	return list
}

// variants runs a test for every variant this processor has.
func variants(t *testing.T, f func(t *testing.T, k *kernels)) {
	for _, k := range all() {
		t.Run(k.name, func(t *testing.T) { f(t, &k) })
	}
}

// window is a product as dotsOf draws it.
type window struct {
	outputs, runs, length, step, windows int
	zero                                 int32
}

// checkDots holds Dots to the plain sum of products modulo 2^32.
func checkDots[T Activation](t *testing.T, k *kernels, r *rand.Rand, c window, least, most, leastW, mostW int64) {
	t.Helper()
	n := c.runs * c.length
	data, order, zeros := drawn[int32](r, c.outputs*n, leastW, mostW), r.Perm(n), make([]int32, 1)
	bias := drawn[int32](r, c.outputs, math.MinInt32, math.MaxInt32)
	weights := make([][]int32, c.outputs)
	if r.IntN(2) == 0 {
		zeros[0] = r.Int32N(15) - 7
	}
	zero := zeros[0]
	for o := range weights {
		for _, at := range order {
			data[o*n+at] = max(data[o*n+at], int32(leastW)+zero)
			data[o*n+at] = min(data[o*n+at], int32(mostW)+zero)
			weights[o] = append(weights[o], data[o*n+at]-zero)
		}
	}
	d := newDots[T](k, Weights[int32]{data, order, zeros, bias, c.outputs, c.runs}, c.zero)
	if slices.Max(zeros) == 0 && leastW == -128 && mostW == 127 {
		small := make([]int8, len(data))
		for i, v := range data {
			small[i] = int8(v)
		}
		d = newDots[T](k, Weights[int8]{small, order, zeros, bias, c.outputs, c.runs}, c.zero)
	}
	if d == nil {
		if k.pairs != nil {
			t.Errorf("%+v has no loop", c)
		}
		return
	}
	places := make([]int, c.runs)
	for i := range places {
		places[i] = r.IntN(40)
	}
	n = 40 + (c.windows-1)*c.step + c.length
	x := drawn[T](r, n, least, most)
	var room Room
	d.Grow(&room, n)
	Prepare(d, &room, 0, x[:n/2])
	Prepare(d, &room, n/2, x[n/2:])
	dst := make([]int32, c.windows*(c.outputs+3))
	d.Multiply(dst, c.outputs+3, &room, places, 0, c.step, c.windows)
	for v := range c.windows {
		for o := range c.outputs + 3 {
			want := int32(0) // between the sums of windows nothing is written
			if o < c.outputs {
				want = bias[o]
				for i, w := range weights[o] {
					want += (int32(x[places[i/c.length]+v*c.step+i%c.length]) - c.zero) * w
				}
			}
			if got := dst[v*(c.outputs+3)+o]; got != want {
				t.Fatalf("%T %+v: window %d output %d is %d, want %d", x, c, v, o, got, want)
			}
		}
	}
}

func checkAllDots(t *testing.T, k *kernels, r *rand.Rand, c window) {
	t.Helper()
	checkDots[int8](t, k, r, c, -128, 127, -128, 127)
	checkDots[uint8](t, k, r, c, 0, 255, -128, 127)
	checkDots[uint8](t, k, r, c, 0, 255, -255, 255)
	checkDots[int8](t, k, r, c, -128, 127, -32768, 32767)
	c.zero = 0
	checkDots[int16](t, k, r, c, -32768, 32767, -32768, 32767)
}

func TestDots(t *testing.T) {
	variants(t, func(t *testing.T, k *kernels) {
		r := rand.New(rand.NewPCG(1, 2))
		for length := 1; length <= 21; length++ {
			for windows := 1; windows <= 14; windows++ {
				checkAllDots(t, k, r, window{1 + r.IntN(20), 1 + r.IntN(4), length, 1 + r.IntN(9), windows, int32(r.IntN(256) - 128)})
			}
		}
		for outputs := 1; outputs <= 150; outputs += 1 + outputs/30 {
			checkAllDots(t, k, r, window{outputs, 3, 7, 5, 7, 3})
		}
	})
}

// FuzzDots tries other sizes.
func FuzzDots(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(2), uint8(9), uint8(4), uint8(13), int8(5))
	f.Fuzz(func(t *testing.T, seed uint64, outputs, runs, length, step, windows uint8, zero int8) {
		c := window{1 + int(outputs)%140, 1 + int(runs)%9, 1 + int(length)%70, 1 + int(step)%70, 1 + int(windows)%20, int32(zero)}
		for _, k := range all() {
			checkAllDots(t, &k, rand.New(rand.NewPCG(seed, 1)), c)
		}
	})
}

func checkDepthwise[T int8 | uint8](t *testing.T, k *kernels, r *rand.Rand, least, most int64) {
	t.Helper()
	channels, taps, step, windows, zero := 1+r.IntN(70), 1+r.IntN(12), 1+r.IntN(70), 1+r.IntN(13), int32(r.IntN(128))
	weights, bias := rows(r, channels, taps, -32768, 32767), drawn[int32](r, channels, math.MinInt32, math.MaxInt32)
	d := newDepthwise[T](k, slices.Concat(weights...), channels, bias, zero)
	places := make([]int, taps)
	for i := range places {
		places[i] = r.IntN(50)
	}
	n := 50 + (windows-1)*step + channels
	x := drawn[T](r, n, least, most)
	var room Room
	d.Grow(&room, n)
	d.Put(&room, 0, x)
	dst := make([]int32, windows*(channels+1))
	d.Multiply(dst, channels+1, &room, places, step, windows)
	for v := range windows {
		for c := range channels {
			want := bias[c]
			for i, w := range weights[c] {
				want += (int32(x[places[i]+v*step+c]) - zero) * w
			}
			if got := dst[v*(channels+1)+c]; got != want {
				t.Fatalf("%T: %d channels, %d taps, step %d, window %d of %d: channel %d is %d, want %d", x, channels, taps, step, v, windows, c, got, want)
			}
		}
	}
}

func TestDepthwise(t *testing.T) {
	variants(t, func(t *testing.T, k *kernels) {
		r := rand.New(rand.NewPCG(3, 4))
		for range 500 {
			checkDepthwise[int8](t, k, r, -128, 127)
			checkDepthwise[uint8](t, k, r, 0, 255)
		}
	})
}

// TestFloats holds sums to the order that the hardware has, infinities and NaNs too.
func TestFloats(t *testing.T) {
	special := []float32{0, float32(math.Copysign(0, -1)), math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32,
		float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), 1e-40}
	variants(t, func(t *testing.T, k *kernels) {
		r := rand.New(rand.NewPCG(5, 6))
		for n := range 400 {
			draw := func() float32 {
				if n%4 == 0 && r.IntN(9) == 0 {
					return special[r.IntN(len(special))]
				}
				return float32(r.NormFloat64() * math.Exp(10*r.NormFloat64()))
			}
			checkFloats(t, k, r, draw)
		}
	})
}

func checkFloats(t *testing.T, k *kernels, r *rand.Rand, draw func() float32) {
	t.Helper()
	outputs, windows, step := 1+r.IntN(70), r.IntN(14), r.IntN(9)
	w, taps := FloatWeights{Outputs: outputs}, []int{}
	for range 1 + r.IntN(9) {
		w.Beats = append(w.Beats, r.IntN(9))
		for range w.Beats[len(w.Beats)-1] {
			taps = append(taps, r.IntN(50))
		}
	}
	w.Order = r.Perm(len(taps))
	some := func(n int) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = draw()
		}
		return x
	}
	weights := make([][]float32, outputs)
	for o := range weights {
		weights[o] = some(len(taps))
	}
	w.Of = func(o int) []float32 { return weights[o] }
	if r.IntN(2) == 0 {
		w.Bias = some(outputs)
	}
	x, dstStep := some(windows*step + 50 + 64)[r.IntN(3):], outputs+r.IntN(3)
	want := make([]float32, windows*dstStep)
	sum := func(v, o, channel int) float32 {
		var total float32
		at := 0
		for _, n := range w.Beats {
			var sum float32
			for range n {
				sum += float32(x[v*step+taps[at]+channel] * weights[o][w.Order[at]])
				at++
			}
			total += sum
		}
		if w.Bias != nil {
			total += w.Bias[o]
		}
		return total
	}
	same := func(what string, got []float32) {
		for i, v := range want {
			if math.Float32bits(got[i]) != math.Float32bits(v) && (got[i] == got[i] || v == v) {
				t.Fatalf("%s, %s: %d outputs, beats %v: vector %d of %d output %d is %g, want %g", k.name, what, outputs, w.Beats, i/dstStep, windows, i%dstStep, got[i], v)
			}
		}
	}
	for v := range windows {
		for o := range outputs {
			want[v*dstStep+o] = sum(v, o, 0)
		}
	}
	got := make([]float32, len(want))
	if f := newFloats(k, w); f != nil {
		f.Multiply(got, dstStep, x, taps, step, windows)
		same("dense", got)
	} else if k.floats != nil {
		t.Error("no loop")
	}
	x = append(x, some(80)...)
	for v := range windows {
		for o := range outputs {
			want[v*dstStep+o] = sum(v, o, o)
		}
	}
	clear(got)
	if d := newDepthwiseFloats(k, w); d != nil {
		d.Multiply(got, dstStep, x, taps, step, windows)
		same("depthwise", got)
	} else if k.depthwiseFloats != nil && len(taps) > 0 {
		t.Error("no depthwise loop")
	}
}

func TestExtremes(t *testing.T) {
	variants(t, func(t *testing.T, k *kernels) {
		r := rand.New(rand.NewPCG(7, 8))
		for n := range 70 {
			x := drawn[int32](r, n, math.MinInt32, math.MaxInt32)
			least, most := extremesBy(k, x, 0, 0)
			if all := append(slices.Clone(x), 0); least != slices.Min(all) || most != slices.Max(all) {
				t.Errorf("%d numbers: %d to %d, want %d to %d", n, least, most, slices.Min(all), slices.Max(all))
			}
		}
	})
}

// TestRequantizer holds the loops to the plain rule; pe holds that to the others.
func TestRequantizer(t *testing.T) {
	variants(t, func(t *testing.T, k *kernels) {
		r := rand.New(rand.NewPCG(9, 10))
		for range 300 {
			channels := 1 + r.IntN(40)
			factors := make([]float32, channels)
			for i := range factors {
				factors[i] = []float32{0, 0.5, 0.25, r.Float32() / 1000, math.MaxFloat32, 1e-42}[r.IntN(6)]
			}
			sums := drawn[int32](r, channels*(1+r.IntN(9)), math.MinInt32, math.MaxInt32)
			for i := range sums {
				if r.IntN(2) == 0 {
					sums[i] = int32(r.IntN(1024) - 512)
				}
			}
			zero := int32(r.IntN(256))
			q := newRequantizer(k, factors, zero, 0, 255)
			got := make([]uint8, len(sums))
			Apply(q, got, sums)
			signed := newRequantizer(k, factors, zero-128, -100, 127)
			gotSigned := make([]int8, len(sums))
			Apply(signed, gotSigned, sums)
			for i, s := range sums {
				exact := math.RoundToEven(float64(float32(float32(s) * factors[i%channels])))
				want := max(0, min(exact+float64(zero), 255))
				wantSigned := max(-100, min(exact+float64(zero-128), 127))
				if float64(got[i]) != want || float64(gotSigned[i]) != wantSigned {
					t.Fatalf("%d times %g is %d and %d, want %g and %g", s, factors[i%channels], got[i], gotSigned[i], want, wantSigned)
				}
			}
		}
	})
}

// TestIntegers holds the loops to the plain rules; pe holds those to the others.
func TestIntegers(t *testing.T) {
	variants(t, func(t *testing.T, k *kernels) {
		r := rand.New(rand.NewPCG(13, 14))
		for range 400 {
			checkIntegers(t, k, r, 1+r.IntN(40), 1+r.IntN(9))
		}
	})
}

// FuzzIntegers tries other sizes.
func FuzzIntegers(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(5))
	f.Fuzz(func(t *testing.T, seed uint64, channels, pixels uint8) {
		for _, k := range all() {
			checkIntegers(t, &k, rand.New(rand.NewPCG(seed, 1)), 1+int(channels), 1+int(pixels)%30)
		}
	})
}

func checkIntegers(t *testing.T, k *kernels, r *rand.Rand, channels, pixels int) {
	t.Helper()
	factors, shifts := make([]FixedPoint, channels), make([]int, channels)
	for i := range factors {
		factors[i] = FixedPoint{Significand: 1<<30 + r.Int32N(1<<30), Right: r.IntN(32)}
		if r.IntN(4) == 0 {
			factors[i] = FixedPoint{Significand: []int32{0, 1 << 30, math.MaxInt32}[r.IntN(3)], Left: r.IntN(31)}
		}
		shifts[i] = r.IntN(32)
	}
	sums := drawn[int32](r, channels*pixels, math.MinInt32, math.MaxInt32)
	for i := range sums {
		if c := i % channels; r.IntN(2) == 0 { // near ties
			sums[i] = (r.Int32N(512)-256)<<min(23, shifts[c])>>1 + r.Int32N(3) - 1
		}
	}
	zero := int32(r.IntN(256))
	for name, q := range map[string]*Integers{"fixed point": newFixedPoint(k, factors, zero, 0, 255), "shifts": newShifts(k, shifts, zero, 0, 255)} {
		got := make([]uint8, len(sums))
		ApplyIntegers(q, got, sums)
		for i, s := range sums {
			if want := max(0, min(255, q.rule(int64(s), i%channels)+int64(zero))); int64(got[i]) != want {
				t.Fatalf("%s of %d channels: sum %d of channel %d (%+v, shift %d) is %d, want %d", name, channels, s, i%channels,
					factors[i%channels], shifts[i%channels], got[i], want)
			}
		}
	}
	signed := newShifts(k, shifts, zero-128, -100, 127)
	got := make([]int8, len(sums))
	ApplyIntegers(signed, got, sums)
	for i, s := range sums {
		if want := max(-100, min(127, signed.rule(int64(s), i%channels)+int64(zero-128))); int64(got[i]) != want {
			t.Fatalf("signed shift %d of %d is %d, want %d", shifts[i%channels], s, got[i], want)
		}
	}
}

func TestTranspose(t *testing.T) {
	variants(t, func(t *testing.T, k *kernels) {
		r := rand.New(rand.NewPCG(11, 12))
		for range 200 {
			rows, columns := 1+r.IntN(40), 1+r.IntN(60)
			turn(t, k, drawn[int8](r, rows*(columns+3), -128, 127), rows, columns)
			turn(t, k, drawn[int16](r, rows*(columns+3), -1<<15, 1<<15-1), rows, columns)
			turn(t, k, drawn[int32](r, rows*(columns+3), -9, 1e9), rows, columns)
		}
	})
}

func turn[T Element](t *testing.T, k *kernels, src []T, rows, columns int) {
	t.Helper()
	dst := make([]T, columns*(rows+2))
	transposeBy(k, dst, rows+2, src[:len(src)-3], columns+3, rows, columns)
	for i, got := range dst {
		want := T(0)
		if c, row := i/(rows+2), i%(rows+2); row < rows {
			want = src[row*(columns+3)+c]
		}
		if got != want {
			t.Fatalf("%d x %d: element %d is %v, want %v", rows, columns, i, got, want)
		}
	}
}

func BenchmarkDots(b *testing.B) {
	for _, k := range all() {
		for _, bytes := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/bytes=%v", k.name, bytes), func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, 1))
				limit := int64(127)
				if !bytes {
					limit = 255
				}
				d := newDots[int8](&k, Weights[int16]{Data: drawn[int16](r, 64*576, -limit, limit), Order: r.Perm(576), Outputs: 64, Runs: 3}, 0)
				if d == nil {
					b.Skip("no loop")
				}
				var room Room
				d.Grow(&room, 4000*4)
				dst := make([]int32, 56*64)
				for b.Loop() {
					d.Multiply(dst, 64, &room, []int{0, 4000, 8000}, 0, 64, 56)
				}
				b.ReportMetric(56*64*576*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
			})
		}
	}
}

// TestPeak: there is one of every variant, and all products are made.
func TestPeak(t *testing.T) {
	best := use
	defer func() { use = best }()
	variants(t, func(t *testing.T, k *kernels) {
		use = *k
		if n := Peak(10_000); n < 10_000-k.perTurn || n > 10_000 || n%k.perTurn != 0 {
			t.Errorf("%d products, %d a turn", n, k.perTurn)
		}
	})
}
