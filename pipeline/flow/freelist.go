package flow

import "sync"

// FreeList keeps what came back until somebody takes it again: what came back last first,
// since that lies in the cache.
type FreeList[T any] struct {
	mu   sync.Mutex
	free []*T
}

// Take returns what came back last, nil for none.
func (l *FreeList[T]) Take() *T {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := len(l.free) - 1
	if last < 0 {
		return nil
	}
	t := l.free[last]
	l.free[last], l.free = nil, l.free[:last]
	return t
}

// Give gives back what nobody uses any more.
func (l *FreeList[T]) Give(t *T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.free = append(l.free, t)
}
