package flow

import (
	"sync/atomic"

	"github.com/convsim/convsim/internal/reuse"
)

// Pool makes slabs that come back from who took them, so that a kernel need not make
// every row anew. It keeps as many as were underway at a time.
type Pool[T Element] struct{ free FreeList[pooled[T]] }

// pooled is a slab of a pool, and how many look at it.
type pooled[T Element] struct {
	pool  *Pool[T]
	slab  Slab
	users atomic.Int32
}

// NewPool makes a pool.
func NewPool[T Element]() *Pool[T] { return new(Pool[T]) }

// Take makes a slab of n elements, of any values, which are to be written.
func (p *Pool[T]) Take(n int, idle int64) (Slab, []T) {
	made := p.free.Take()
	if made == nil || made.slab.n != n || made.slab.Idle != idle {
		made = &pooled[T]{pool: p, slab: NewSlab(reuse.Take[T](n), idle)}
		made.slab.owner = made
	}
	made.users.Store(1)
	return made.slab, made.slab.Data.([]T)
}

// Close leaves to others the memory of what has come back.
func (p *Pool[T]) Close() {
	for made := p.free.Take(); made != nil; made = p.free.Take() {
		reuse.Give(made.slab.Data.([]T))
	}
}

// Again implements Lent.
func (s *pooled[T]) Again() { s.users.Add(1) }

// Release implements Lent.
func (s *pooled[T]) Release() {
	if s.users.Add(-1) == 0 {
		s.pool.free.Give(s)
	}
}

// Release gives the data back to the kernel that made it. Only who received the slab
// may call it, once, and not look at the data again; who never does leaves it
// to the garbage collector.
func (s Slab) Release() {
	if s.owner != nil {
		s.owner.Release()
	}
}

// Again is the slab for one more reader, who releases it, too.
func (s Slab) Again() Slab {
	if s.owner != nil {
		s.owner.Again()
	}
	return s
}
