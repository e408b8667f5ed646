package linebuffer

import (
	"sync"

	"github.com/convsim/convsim/pipeline"
)

// pool keeps slices from run to run: the memories of a design point would
// otherwise be most of what it allocates.
type pool[T any] struct{ kept sync.Pool }

var (
	arrivals pool[pipeline.Cycle]
	steps    pool[freeStep]
)

// take returns n zeros.
func (p *pool[T]) take(n int64) []T {
	if kept, ok := p.kept.Get().(*[]T); ok && int64(cap(*kept)) >= n {
		s := (*kept)[:n]
		clear(s)
		return s
	}
	return make([]T, n)
}

// put gives back a slice that nothing refers to any more.
func (p *pool[T]) put(s []T) {
	if cap(s) > 0 {
		p.kept.Put(&s)
	}
}

// Release gives the buffer's memories back after the run.
func (b *Buffer) Release() {
	arrivals.put(b.arrival)
	steps.put(b.free.steps)
	b.arrival, b.free.steps = nil, nil
}
