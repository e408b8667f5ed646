package wiring

import "github.com/convsim/convsim/internal/resources"

// Bill enters the registers of a wide and of a narrow beat.
func (a Adapter) Bill(b *resources.Bill) {
	v := resources.Converter{NarrowBits: min(a.In.Bits(), a.Out.Bits()), Parts: int(a.ratio()), Up: a.In.Lanes < a.Out.Lanes}
	b.Stage(a.Kind(), v)
}
