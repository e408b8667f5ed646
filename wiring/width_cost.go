package wiring

import (
	"errors"

	"github.com/convsim/convsim/resources"
)

// Bill enters the registers of a wide and of a narrow beat.
func (w Width) Bill(b *resources.Bill) {
	in, out := w.units()
	if in > 1 && out > 1 {
		b.Refuse(errors.New("a converter between widths of which none divides the other has no resource model"))
		return
	}
	v := resources.Converter{NarrowBits: min(w.In.Bits(), w.Out.Bits()), Parts: int(max(in, out)), Up: out > in}
	b.Stage(w.Kind(), v)
}
