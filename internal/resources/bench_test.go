package resources

import "testing"

func BenchmarkEstimate(b *testing.B) {
	d := example()
	b.ReportAllocs()
	for b.Loop() {
		estimate(d)
	}
}

func BenchmarkInference(b *testing.B) {
	h := horowitz(b)
	c := &Bill{
		Operations: []Operation{{Part: "multiply", Count: 1000, A: 8, B: 8}, {Part: "accumulate", Count: 1000, A: 32}}, DRAMBits: 128,
		Memories: []MemoryUse{{Name: "window", Words: 512, WidthBits: 128, Reads: 30, Writes: 10}},
	}
	b.ReportAllocs()
	for b.Loop() {
		h.Inference(c)
	}
}
