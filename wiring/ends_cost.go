package wiring

import "github.com/convsim/convsim/resources"

// Bill enters what is read: the source is the outside world and costs nothing.
func (s Source) Bill(b *resources.Bill) { b.External(s.Stream) }

// Bill enters what is written: the sink is the outside world and costs nothing.
func (s Sink) Bill(b *resources.Bill) { b.External(s.Stream) }
