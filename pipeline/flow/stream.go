package flow

import (
	"context"
	"sync"
)

// Stream carries slabs from one kernel to one other. It counts what moves, to be
// compared with the beats the time plane moved.
//
// Who waits at an end is not woken for every slab: it would sleep again at once, and
// waking costs as much as many a slab. It is woken when there is something to do for a
// while, and before the kernel at the other end waits itself, or ends: so that all
// that can go on does.
type Stream struct {
	mu          sync.Mutex
	ring        []Slab
	first, held int
	patience    int           // slabs, or room for slabs, that are worth waking somebody
	hungry      bool          // the receiver waits for a slab
	stuck       bool          // the sender waits for room
	slab, room  chan struct{} // one signal for who waits
	elements    int64         // idle lanes included; written by the sender, read after the run
	watch       func(Slab)
	from, to    *neighbours // streams of the kernels at its ends, nil for none
}

// neighbours are the streams of one kernel.
type neighbours struct{ in, out []*Stream }

// NewStream makes a stream that holds up to so many slabs.
func NewStream(slabs int) *Stream {
	return &Stream{ring: make([]Slab, slabs), patience: 1, slab: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// Elements is how many elements moved, idle lanes included. Call it after the
// run.
func (s *Stream) Elements() int64 { return s.elements }

// Send hands a slab on; the sender must not touch it again. It fails when the
// run is cancelled.
func (s *Stream) Send(ctx context.Context, slab Slab) error {
	if s.watch != nil {
		s.watch(slab)
	}
	for !s.put(slab) {
		s.from.settle()
		select {
		case <-s.room:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	s.elements += int64(slab.n) + slab.Idle
	return nil
}

// put adds a slab, or notes that the sender waits.
func (s *Stream) put(slab Slab) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == len(s.ring) {
		s.stuck = true
		return false
	}
	s.ring[(s.first+s.held)%len(s.ring)] = slab
	s.held++
	if s.held >= s.patience {
		s.feed()
	}
	return true
}

// Receive takes the next slab. It fails when the run is cancelled.
func (s *Stream) Receive(ctx context.Context) (Slab, error) {
	for {
		if slab, ok := s.take(true); ok {
			return slab, nil
		}
		s.to.settle()
		select {
		case <-s.slab:
		case <-ctx.Done():
			return Slab{}, context.Cause(ctx)
		}
	}
}

// TryReceive takes the next slab if there is one.
func (s *Stream) TryReceive() (Slab, bool) { return s.take(false) }

// take takes a slab, or notes that the receiver waits if it will.
func (s *Stream) take(wait bool) (Slab, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == 0 {
		s.hungry = s.hungry || wait
		return Slab{}, false
	}
	slab := s.ring[s.first]
	s.ring[s.first] = Slab{}
	s.first = (s.first + 1) % len(s.ring)
	s.held--
	if len(s.ring)-s.held >= s.patience {
		s.relieve()
	}
	return slab, true
}

// feed wakes a receiver that waits for what there is.
func (s *Stream) feed() {
	if s.hungry && s.held > 0 {
		s.hungry = false
		s.slab <- struct{}{}
	}
}

// relieve wakes a sender that waits for the room there is.
func (s *Stream) relieve() {
	if s.stuck && s.held < len(s.ring) {
		s.stuck = false
		s.room <- struct{}{}
	}
}

// settle wakes all who wait for what the kernel has done. It must be called before the
// kernel waits, and when it ends.
func (n *neighbours) settle() {
	if n == nil {
		return
	}
	for _, s := range n.out {
		s.mu.Lock()
		s.feed()
		s.mu.Unlock()
	}
	for _, s := range n.in {
		s.mu.Lock()
		s.relieve()
		s.mu.Unlock()
	}
}
