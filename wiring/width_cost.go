package wiring

import "github.com/convsim/convsim/resources"

// Bill enters the registers of a wide and of a narrow beat.
func (w Width) Bill(b *resources.Bill) {
	v := resources.Converter{NarrowBits: min(w.In.Bits(), w.Out.Bits()), Parts: int(max(w.up(), w.down())), Up: w.up() > 1}
	b.Stage(w.Kind(), v)
}
