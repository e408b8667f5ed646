package dse_test

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/pareto"
	"github.com/convsim/convsim/internal/dse/results"
)

// TestEvolutionFindsTheFront compares NSGA-II, given a tenth of the points, with all 20,160 points of a space
// of hardware.
func TestEvolutionFindsTheFront(t *testing.T) {
	if testing.Short() {
		t.Skip("40,000 points")
	}
	const layer = "op: conv2d\nin_channels: 48\nout_channels: 96\nkernel_size: 3\nstride: 2\npadding: 1\ninput: {height: 6, width: 7}\n"
	const text = `name: space
workload: layer.yaml
hardware: {name: base}
board: ultra96-v2
axes:
  array.pe: {divisors_of: out_channels}
  array.simd: {divisors_of: in_channels}
  window.style: [serial, parallel]
  window.frame_overlap: [false, true]
  fifo.depth: [0, 1, 2, 4, 8, 16, 64]
  clock_mhz: [100, 120, 140, 160, 180, 200]
constraints: [fits]
objectives:
  - minimize: latency_us
  - minimize: dsp
  - minimize: lut
`
	out := filepath.Join(t.TempDir(), "out") // of all, so that no point is simulated twice
	run := func(strategy string) *results.Summary {
		s, err := dse.Load(write(t, text+strategy, layer))
		if err != nil {
			t.Fatal(err)
		}
		return runIn(t, s, dse.Options{Out: out, NoPrune: true})
	}
	whole := run("")
	if whole.Points != 20_160 || len(whole.Front) < 20 {
		t.Fatalf("%d points, %d on the front", whole.Points, len(whole.Front))
	}
	low, high := box(whole.Front)
	all := hypervolume(whole.Front, low, high)
	for seed := range 10 {
		part := run(fmt.Sprintf("strategy: {nsga2: {budget: 2016, seed: %d}}\n", seed))
		if share := hypervolume(part.Front, low, high) / all; share < 0.95 || part.Points != 2016 {
			t.Errorf("seed %d: %.2f %% of the hypervolume with %d points", seed, 100*share, part.Points)
		}
	}
}

// box is the smallest box around the objectives of a front.
func box(front []results.FrontPoint) (low, high []float64) {
	low, high = append(low, front[0].Objectives...), append(high, front[0].Objectives...)
	for _, p := range front {
		for k, x := range p.Objectives {
			low[k], high[k] = math.Min(low[k], x), math.Max(high[k], x)
		}
	}
	return low, high
}

// hypervolume measures a front in the box scaled to 1, against a corner a tenth beyond it.
func hypervolume(front []results.FrontPoint, low, high []float64) float64 {
	var scaled [][]float64
	for _, p := range front {
		v := make([]float64, len(low))
		for k, x := range p.Objectives {
			v[k] = (x - low[k]) / (high[k] - low[k])
		}
		scaled = append(scaled, v)
	}
	corner := make([]float64, len(low))
	for k := range corner {
		corner[k] = 1.1
	}
	return pareto.Hypervolume(scaled, corner)
}
