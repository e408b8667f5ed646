package flow

import (
	"context"

	"github.com/sourcegraph/conc/pool"
)

// Slab is a row-sized piece of a stream of real data: the elements of whole
// beats, in an order both ends know. Lanes that the folding leaves without work
// carry nothing; they are only counted.
type Slab[T any] struct {
	Data []T
	Idle int64 // idle lanes of the beats the slab stands for
}

// Stream carries slabs from one stage to one other. It counts what moves, to be
// compared with the beats the time plane moved.
type Stream[T any] struct {
	ch       chan Slab[T]
	elements int64 // idle lanes included; written by the sender, read after the run
}

// slabsUnderway lets neighbouring stages overlap; it is no FIFO depth, which
// only the time plane knows.
const slabsUnderway = 2

// NewStream makes a stream.
func NewStream[T any]() *Stream[T] { return &Stream[T]{ch: make(chan Slab[T], slabsUnderway)} }

// Elements is how many elements moved, idle lanes included. Call it after the
// run.
func (s *Stream[T]) Elements() int64 { return s.elements }

// Send hands a slab on; the sender must not touch it again. It fails when the
// run is cancelled.
func (s *Stream[T]) Send(ctx context.Context, slab Slab[T]) error {
	select {
	case s.ch <- slab:
		s.elements += int64(len(slab.Data)) + slab.Idle
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Receive takes the next slab. It fails when the run is cancelled.
func (s *Stream[T]) Receive(ctx context.Context) (Slab[T], error) {
	select {
	case slab := <-s.ch:
		return slab, nil
	case <-ctx.Done():
		return Slab[T]{}, context.Cause(ctx)
	}
}

// Group runs the stages of the value plane, a goroutine each. The stages form a
// Kahn network, each stream with one sender and one receiver and blocking
// operations only, so the result cannot depend on how they are scheduled.
type Group struct {
	pool *pool.ContextPool
}

// NewGroup makes a group that ends early when ctx does or a stage fails.
func NewGroup(ctx context.Context) *Group {
	return &Group{pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()}
}

// Go starts a stage.
func (g *Group) Go(stage func(ctx context.Context) error) { g.pool.Go(stage) }

// Wait waits for all stages and returns the first error.
func (g *Group) Wait() error { return g.pool.Wait() }
