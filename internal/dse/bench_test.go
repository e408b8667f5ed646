package dse_test

import (
	"context"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/convsim/convsim/internal/dse"
)

// resnetLayer is the 3x3 layer of 64 channels at 56x56.
const resnetLayer = `op: conv2d
in_channels: 64
out_channels: 64
kernel_size: 3
padding: 1
input: {height: 56, width: 56}
`

// grids are spaces of 10,000 legal points: one where most points share their times with others, as lanes
// stand idle, and one where every point has a time of its own.
var grids = map[string]string{
	"folds": `  array.pe: {range: [1, 50, 1]}
  array.simd: {range: [1, 50, 1]}
  fifo.depth: [2, 8]
  window.style: [serial, parallel]
`,
	"distinct": `  array.pe: [2, 4, 8, 16, 64]
  array.simd: [4, 8, 16, 32, 64]
  window.style: [serial, parallel]
  fifo.edges.window.array: {range: [0, 9, 1]}
  fifo.edges.source.pad: {range: [0, 19, 1]}
`,
}

// BenchmarkGrid evaluates 10,000 points and writes all results.
func BenchmarkGrid(b *testing.B) {
	for name, axes := range grids {
		b.Run(name, func(b *testing.B) {
			s, err := dse.Load(write(b, "name: grid\nworkload: layer.yaml\nhardware: {name: base}\naxes:\n"+axes+
				"objectives:\n  - minimize: cycles\n  - minimize: dsp\n", resnetLayer))
			if err != nil {
				b.Fatal(err)
			}
			dir, runs := b.TempDir(), 0
			b.ReportAllocs()
			for b.Loop() {
				runs++
				if _, err := s.Run(context.Background(), dse.Options{Out: filepath.Join(dir, strconv.Itoa(runs)), NoPrune: true}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(s.Points())*float64(runs)/b.Elapsed().Seconds(), "points/s")
		})
	}
}
