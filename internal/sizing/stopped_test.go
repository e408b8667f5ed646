package sizing_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/sizing"
)

// TestStopped: a search that is stopped anywhere leaves depths with which the
// network is at least as fast as before.
func TestStopped(t *testing.T) {
	p := planOf(t, "edge-8x8", filepath.Join("..", "..", "testdata", "models", "resnet8.onnx"))
	before, _ := pace(t, p)
	for _, after := range []int{1, 20, 100, 150} {
		ctx, stop := context.WithCancel(t.Context())
		runs := 0
		r, err := sizing.Size(ctx, p, sizing.Options{Progress: func(sizing.Progress) {
			if runs++; runs == after {
				stop()
			}
		}})
		if !errors.Is(err, context.Canceled) || r == nil {
			t.Fatalf("after %d runs: %v, %v", after, r, err)
		}
		if got, _ := pace(t, r.Plan); got > before || got == 0 {
			t.Errorf("after %d runs: a frame every %g cycles, before every %g", after, got, before)
		}
	}
}

// TestSlower: a network that may be slower needs fewer bits, and is no slower than
// allowed; depths as hardware builds them are no smaller.
func TestSlower(t *testing.T) {
	p := planOf(t, "edge-8x8", filepath.Join("..", "..", "testdata", "models", "resnet8.onnx"))
	size := func(o sizing.Options) (bits int64, r *sizing.Result) {
		r, err := sizing.Size(t.Context(), p, o)
		if err != nil || !r.Proven {
			t.Fatal(r, err)
		}
		return sizing.TotalsOf(r.Plan).Bits, r
	}
	full, _ := size(sizing.Options{})
	slow, r := size(sizing.Options{Slower: 0.02})
	if slow >= full || *r.Interval > 1.02*r.Unbounded {
		t.Errorf("2 %% slower: %d bits instead of %d, a frame every %g cycles of %g", slow, full, *r.Interval, r.Unbounded)
	}
	round, r := size(sizing.Options{Round: sizing.PowersOfTwo})
	for _, f := range r.FIFOs {
		if f.Depth&(f.Depth-1) != 0 {
			t.Errorf("%s has %d entries", f.Edge, f.Depth)
		}
	}
	if round <= full {
		t.Errorf("%d bits in powers of two, %d without", round, full)
	}
}
