package fit

import (
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// loading draws a network whose weights come by one port, its ends always open.
func loading(seed uint64) *pipeline.Plan {
	p := blocktest.Loading(rand.New(rand.NewPCG(17, seed)))
	blocktest.OpenEnds(p)
	return p
}

// TestWhatLasts: a few frames may be faster on the average than the slowest stage takes alone, but
// never very many.
func TestWhatLasts(t *testing.T) {
	bench, below := sizing.NewBench(), 0
	for seed := range uint64(250) {
		p := loading(seed)
		mean := func(frames int64) float64 {
			r, err := clock.Solve(p, clock.Options{Frames: frames})
			if err != nil {
				return 0 // a deadlock, or frames of which nothing is needed
			}
			pace, _ := r.Pace()
			return pace.Mean
		}
		stages, err := bench.Stages(t.Context(), prompt(p))
		if err != nil {
			continue
		}
		slowest, few := 0.0, mean(4)
		for _, s := range stages {
			slowest = max(slowest, s.Interval)
		}
		if few == 0 || few >= slowest {
			continue
		}
		below++
		if many := mean(512); many < slowest {
			t.Errorf("network %d: a frame every %g cycles at first, every %g of 512, and the slowest stage takes %g", seed, few, many, slowest)
		}
	}
	if t.Logf("%d networks are faster at first", below); below == 0 {
		t.Error("no network is faster at first than its slowest stage")
	}
}
