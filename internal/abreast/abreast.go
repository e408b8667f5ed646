package abreast

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// All is as many processors as there are.
const All = math.MaxInt

// Do calls what start returns for 0..n-1, each piece once and begun in that order, until ctx
// ends. It works on as many processors as there are, but on no more than most: the caller
// works, too, and waits for the others. What start returns is used by one of them alone.
func Do(ctx context.Context, n, most int, start func() func(i int)) {
	var next atomic.Int64
	work := func() {
		do := start()
		for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
			do(i)
		}
	}
	var others sync.WaitGroup
	for range min(n, most, runtime.GOMAXPROCS(0)) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
}
