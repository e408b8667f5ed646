package abreast_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/convsim/convsim/internal/abreast"
)

// TestDo: every piece is done once, on no more processors than allowed, for any number of them.
func TestDo(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for _, n := range []int{0, 1, 2, 5, 1000} {
		for _, most := range []int{0, 1, 3, 100} {
			done, started := make([]atomic.Int64, n), atomic.Int64{}
			abreast.Do(t.Context(), n, most, func() func(int) {
				started.Add(1)
				return func(i int) { done[i].Add(1) }
			})
			if got := started.Load(); got < 1 || got > max(1, int64(min(n, most, 4))) {
				t.Errorf("%d pieces, most %d: %d workers", n, most, got)
			}
			for i := range done {
				if got := done[i].Load(); got != 1 {
					t.Errorf("%d pieces, most %d: piece %d done %d times", n, most, i, got)
				}
			}
		}
	}
}

// TestDoEnds: once the context has ended nothing is begun any more.
func TestDoEnds(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	calls := 0
	abreast.Do(ctx, 10, 1, func() func(int) {
		return func(i int) {
			if calls++; i == 3 {
				stop()
			}
		}
	})
	if calls != 4 {
		t.Errorf("%d pieces done, want 4", calls)
	}
}
