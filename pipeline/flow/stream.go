package flow

import "context"

// Stream carries slabs from one kernel to one other. It counts what moves, to be
// compared with the beats the time plane moved.
type Stream struct {
	ch       chan Slab
	elements int64 // idle lanes included; written by the sender, read after the run
	watch    func(Slab)
}

// NewStream makes a stream that holds up to so many slabs.
func NewStream(slabs int) *Stream { return &Stream{ch: make(chan Slab, slabs)} }

// Elements is how many elements moved, idle lanes included. Call it after the
// run.
func (s *Stream) Elements() int64 { return s.elements }

// Send hands a slab on; the sender must not touch it again. It fails when the
// run is cancelled.
func (s *Stream) Send(ctx context.Context, slab Slab) error {
	if s.watch != nil {
		slab = slab.Shared()
		s.watch(slab)
	}
	select {
	case s.ch <- slab:
		s.elements += int64(slab.n) + slab.Idle
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Receive takes the next slab. It fails when the run is cancelled.
func (s *Stream) Receive(ctx context.Context) (Slab, error) {
	select {
	case slab := <-s.ch:
		return slab, nil
	case <-ctx.Done():
		return Slab{}, context.Cause(ctx)
	}
}
