package sim

import (
	"testing"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
)

// vgg is the 3x3, 64 to 64 channel, 224x224 layer on so many PEs and lanes.
func vgg(tb testing.TB, height int, a sched.Array, style sched.Style) Timing {
	layer := conv.Conv2d{InChannels: 64, OutChannels: 64, Kernel: conv.Pair{H: 3, W: 3}, Stride: conv.Pair{H: 1, W: 1},
		Dilation: conv.Pair{H: 1, W: 1}, Groups: 1, Padding: conv.Padding{Sides: conv.Sides{Top: 1, Bottom: 1, Left: 1, Right: 1}}}
	shape, err := layer.Resolve(1, height, 224)
	if err != nil {
		tb.Fatal(err)
	}
	return on(shape, a.PE, a.SIMD, style)
}

// BenchmarkTimePlane reports simulated cycles per second.
func BenchmarkTimePlane(b *testing.B) {
	full := func() clock.Pattern { return clock.Always{} }
	seed := uint32(0)
	random := func() clock.Pattern { seed++; return clock.Random{Seed: seed} }
	for _, c := range []struct {
		name   string
		gate   func() clock.Pattern
		height int
		array  sched.Array
		style  sched.Style
		fast   bool
	}{
		{"flat/64MACs", full, 224, sched.Array{PE: 8, SIMD: 8, GroupParallel: 1}, sched.Serial, false},
		{"flat/64MACs/random", random, 224, sched.Array{PE: 8, SIMD: 8, GroupParallel: 1}, sched.Serial, false},
		{"flat/4096MACs", full, 224, sched.Array{PE: 64, SIMD: 64, GroupParallel: 1}, sched.Serial, false},
		{"flat/parallel", full, 224, sched.Array{PE: 64, SIMD: 64, GroupParallel: 1}, sched.Parallel, false},
		{"forward/64MACs", full, 224, sched.Array{PE: 8, SIMD: 8, GroupParallel: 1}, sched.Serial, true},
		{"forward/64MACs/rows=2240", full, 2240, sched.Array{PE: 8, SIMD: 8, GroupParallel: 1}, sched.Serial, true},
		{"forward/1MAC", full, 224, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Serial, true},
		{"forward/4096MACs", full, 224, sched.Array{PE: 64, SIMD: 64, GroupParallel: 1}, sched.Serial, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			t := vgg(b, c.height, c.array, c.style)
			b.ReportAllocs()
			var cycles int64
			work := &clock.Workspace{}
			for b.Loop() {
				r, err := clock.Solve(t.plan(c.gate(), c.gate()), clock.Options{Frames: t.Frames, EveryBeat: !c.fast, Work: work})
				if err != nil {
					b.Fatal(err)
				}
				cycles += int64(r.Total)
			}
			b.ReportMetric(float64(cycles)/b.Elapsed().Seconds()/1e6, "Mcycles/s")
		})
	}
}
