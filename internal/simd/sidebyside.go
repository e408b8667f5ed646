package simd

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// muchWork is from how many elements on several processors move them sooner than one: to wake
// one takes as long as to move a hundred thousand.
const muchWork = 1 << 19

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
	var others sync.WaitGroup
	if work >= muchWork {
		for range min(n, runtime.GOMAXPROCS(0)) - 1 {
			others.Go(each)
		}
	}
	each()
	others.Wait()
}
