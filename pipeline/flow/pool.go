package flow

// Pool makes slabs of data that comes back from who took it, so that a kernel need
// not allocate every row anew.
type Pool[T Element] struct{ free chan []T }

// owner takes data back.
type owner interface{ giveBack(data any) }

// NewPool makes a pool that keeps as much as streams hold between two kernels.
func NewPool[T Element]() *Pool[T] { return &Pool[T]{make(chan []T, 2*underway)} }

// Take returns n elements, of any values.
func (p *Pool[T]) Take(n int) []T {
	select {
	case data := <-p.free:
		if cap(data) >= n {
			return data[:n]
		}
	default:
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
	select {
	case p.free <- data.([]T):
	default:
	}
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
