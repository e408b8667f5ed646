package second

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Turn says that others use the processors, too: half of them, until the channel is
// closed. With nil nobody does.
type Turn <-chan struct{}

// sideBySide calls what start returns for 0..n-1, in that order, on all processors whose turn
// it is, until ctx ends.
func (t Turn) sideBySide(ctx context.Context, n int, start func() func(i int)) {
	var next atomic.Int64
	work := func() {
		do := start()
		for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
			do(i)
		}
	}
	processors := min(n, runtime.GOMAXPROCS(0))
	ours := processors
	if t != nil {
		ours = min(n, max(1, runtime.GOMAXPROCS(0)/2))
	}
	var all, helpers sync.WaitGroup
	done := make(chan struct{})
	for range processors - ours {
		helpers.Go(func() {
			select {
			case <-t:
				work()
			case <-done:
			}
		})
	}
	for range ours {
		all.Go(work)
	}
	all.Wait()
	close(done)
	helpers.Wait()
}
