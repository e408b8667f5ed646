package simd

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// muchWork is from how many elements on several processors move them sooner than one.
const muchWork = 1 << 17

// sideBySide calls what start returns for 0..n-1, on all processors where there is much
// work.
func sideBySide(n, work int, start func() func(i int)) {
	var next atomic.Int64
	each := func() {
		do := start()
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			do(i)
		}
	}
	workers := min(n, runtime.GOMAXPROCS(0))
	if work < muchWork || workers < 2 {
		each()
		return
	}
	var all sync.WaitGroup
	for range workers {
		all.Go(each)
	}
	all.Wait()
}
