package sizing_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestRough: by few runs, depths are as fast as ample ones but for what is allowed.
func TestRough(t *testing.T) {
	const plans, slower = 20, 0.01
	rough, fewer := 0, 0
	for seed := range uint64(plans) {
		p := blocktest.Network(rand.New(rand.NewPCG(seed, 11)))
		if !clock.Repeats(p) {
			continue
		}
		found, err := sizing.Size(t.Context(), p, sizing.Options{Rough: true, Slower: slower})
		if errors.Is(err, sizing.ErrNoPace) {
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if found.Interval != nil {
			t.Errorf("seed %d: told is %g cycles, which no run has shown", seed, *found.Interval)
		}
		best, _ := pace(t, ample(p))
		got, _ := pace(t, found.Plan)
		const sampled = 1.005 // runs with ample FIFOs have no period
		if found.Proven || got == 0 || got > best*(1+slower)*sampled {
			t.Errorf("seed %d: a frame every %g cycles (proven: %v), with ample FIFOs every %g", seed, got, found.Proven, best)
		}
		if found.Rough {
			rough++
		}
		if exact, err := sizing.Size(t.Context(), p, sizing.Options{}); err == nil && found.Runs < exact.Runs {
			fewer++
		}
	}
	if t.Logf("%d plans, %d of them by fewer runs", rough, fewer); rough < plans/2 || fewer == 0 {
		t.Errorf("of %d plans %d, %d of them by fewer runs", plans, rough, fewer)
	}
}
