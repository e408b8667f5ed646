package wiring

import "github.com/convsim/convsim/internal/resources"

// Bill enters what is read: the source is the outside world and costs nothing.
func (s Source) Bill(b *resources.Bill) { b.External(s.Stream) }

// Bill enters what is written, and the counter that finds the last beat of a frame: the
// sink itself is the outside world and costs nothing.
func (s Sink) Bill(b *resources.Bill) {
	b.External(s.Stream)
	b.Stage(s.Kind(), resources.Counter{States: int(s.Stream.Frame())})
}
