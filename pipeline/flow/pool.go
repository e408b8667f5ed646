package flow

import "sync"

// Pool makes slabs of data that comes back from who took it, so that a kernel need
// not allocate every row anew. It keeps as much as was underway at a time.
type Pool[T Element] struct {
	mu   sync.Mutex
	free [][]T // what came back last lies in the cache
}

// owner takes data back.
type owner interface{ giveBack(data any) }

// NewPool makes a pool.
func NewPool[T Element]() *Pool[T] { return new(Pool[T]) }

// Take returns n elements, of any values.
func (p *Pool[T]) Take(n int) []T {
	p.mu.Lock()
	defer p.mu.Unlock()
	if last := len(p.free) - 1; last >= 0 {
		data := p.free[last]
		p.free[last], p.free = nil, p.free[:last]
		if cap(data) >= n {
			return data[:n]
		}
	}
	return make([]T, n)
}

// Slab makes a slab of what was taken.
func (p *Pool[T]) Slab(data []T, idle int64) Slab {
	s := NewSlab(data, idle)
	s.owner = p
	return s
}

func (p *Pool[T]) giveBack(data any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, data.([]T))
}

// Release gives the data back to the kernel that made it. Only who received the slab
// may call it, once, and not look at the data again; who never does leaves it
// to the garbage collector.
func (s Slab) Release() {
	if s.owner != nil {
		s.owner.giveBack(s.Data)
	}
}

// Shared is the slab for several readers: no one of them can give it back.
func (s Slab) Shared() Slab {
	s.owner = nil
	return s
}
