package simd

import (
	"context"

	"github.com/convsim/convsim/internal/abreast"
)

// muchWork is from how many elements on several processors move them sooner than one: to wake
// one takes as long as to move a hundred thousand.
const muchWork = 1 << 19

// sideBySide calls what start returns for 0..n-1, on all processors where there is much
// work.
func sideBySide(n, work int, start func() func(i int)) {
	most := 1
	if work >= muchWork {
		most = abreast.All
	}
	abreast.Do(context.Background(), n, most, start)
}
