package second

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// sideBySide calls what start returns for 0..n-1, in that order, on all processors, until ctx
// ends.
func sideBySide(ctx context.Context, n int, start func() func(i int)) {
	var next atomic.Int64
	work := func() {
		do := start()
		for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
			do(i)
		}
	}
	var others sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
}
