package pe

import (
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/conv"
)

// reportRate adds GMAC/s, the unit in which kernels are compared.
func reportRate(b *testing.B, macs int) {
	b.ReportMetric(float64(macs)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
}

func BenchmarkIntMultiply(b *testing.B) {
	wrap, saturate := conv.Accumulator{Bits: 32}, conv.Accumulator{Bits: 32, Saturate: true}
	for _, c := range []struct {
		name           string
		beats, lanes   int
		outputs, width int
		acc            conv.Accumulator
	}{
		{"3x3x64-64", 72, 8, 64, 8, wrap},
		{"1x1x256-64", 32, 8, 64, 8, wrap},
		{"depthwise3x3", 9, 1, 1, 8, wrap},
		{"int16-3x3x64-64", 72, 8, 64, 16, wrap},
		{"narrow16-3x3x64-64", 72, 8, 64, 8, conv.Accumulator{Bits: 16}},
		{"saturate-3x3x64-64", 72, 8, 64, 8, saturate},
		{"saturate-simd1-3x3x64-64", 576, 1, 64, 8, saturate},
		{"saturate-depthwise3x3", 9, 1, 1, 8, saturate},
	} {
		b.Run(c.name, func(b *testing.B) {
			const vectors = 192
			random := rand.New(rand.NewPCG(1, 2))
			value := func(int) int32 { return int32(random.IntN(1<<c.width)) - 1<<(c.width-1) }
			l := uniform(c.outputs, vectors, Uniform(c.beats, c.lanes), c.acc, Signed(c.width), value, value)
			w := NewIntWeights(l.rows, l.bias, l.beats, l.acc, l.span)
			dst := make([]int32, vectors*c.outputs)
			for b.Loop() {
				w.Multiply(dst, l.x, vectors)
			}
			reportRate(b, len(l.x)*c.outputs)
		})
	}
}

func BenchmarkFloatMultiply(b *testing.B) {
	for _, c := range []struct {
		name                  string
		beats, lanes, outputs int
	}{
		{"3x3x64-64", 72, 8, 64},
		{"simd1-3x3x64-64", 576, 1, 64},
		{"depthwise3x3", 9, 1, 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			const vectors = 192
			random := rand.New(rand.NewPCG(1, 2))
			l := newFloatLayer(c.outputs, vectors, Uniform(c.beats, c.lanes), func() float32 { return random.Float32() - 0.5 })
			w := NewFloatWeights(l.rows, l.bias, l.beats)
			dst := make([]float32, vectors*c.outputs)
			for b.Loop() {
				w.Multiply(dst, l.x, vectors)
			}
			reportRate(b, len(l.x)*c.outputs)
		})
	}
}

func BenchmarkRequantize(b *testing.B) {
	const channels, pixels = 64, 56
	out := Output{3, int8Range}
	scales := Scales{0.02, 0.1, []float32{0.005}}
	for _, c := range []struct {
		name string
		r    Requantizer
	}{
		{"onnx", legal(b)(NewONNX(scales, channels, out))},
		{"shift", legal(b)(NewShift([]int{9}, channels, out))},
		{"tflite", legal(b)(NewTFLite(scales, channels, out))},
	} {
		b.Run(c.name, func(b *testing.B) {
			acc := fill(channels*pixels, func(i int) int32 { return int32(i*2654435 - 12345678) })
			dst := make([]int32, len(acc))
			for b.Loop() {
				c.r.Apply(dst, acc, 0, channels)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(len(acc)), "ns/value")
		})
	}
}
