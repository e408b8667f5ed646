package resources

import "testing"

func BenchmarkEstimate(b *testing.B) {
	d := example()
	b.ReportAllocs()
	for b.Loop() {
		Estimate(d)
	}
}

func BenchmarkInference(b *testing.B) {
	h := horowitz(b)
	c := Counts{
		MACs: 1000, WeightBits: 8, InputBits: 8, AccumulatorBits: 32, DRAMBytes: 16,
		Memories: []MemoryAccess{{Name: "window", MemoryBits: 65536, WidthBits: 128, Reads: 30, Writes: 10}},
	}
	b.ReportAllocs()
	for b.Loop() {
		h.Inference(c)
	}
}
