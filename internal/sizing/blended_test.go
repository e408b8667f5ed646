package sizing

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/pipeline/clock"
)

// TestBlended: from the least depths on, all FIFOs at once get deep enough.
func TestBlended(t *testing.T) {
	const plans = 60
	deepened := 0
	for seed := range uint64(plans) {
		p := blocktest.Network(rand.New(rand.NewPCG(seed, 12)))
		if !clock.Repeats(p) {
			continue
		}
		s, err := newSearch(t.Context(), p, Options{Rough: true, Slower: 0.01})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.unbounded(); errors.Is(err, ErrNoPace) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		if ok, err := s.keepsStep(); err != nil {
			t.Fatal(err)
		} else if ok {
			continue
		}
		if err := s.blended(); err != nil {
			t.Fatal(err)
		}
		o, err := s.simulated(s.planned(), 64, nil)
		if err != nil {
			t.Fatal(err)
		}
		if deepened++; !s.fast(o.pace) {
			t.Errorf("seed %d: a frame every %g cycles, wanted %g", seed, o.cycles, s.wanted())
		}
	}
	if deepened < plans/8 {
		t.Errorf("only %d plans needed deeper FIFOs", deepened)
	}
}
