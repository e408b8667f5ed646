package wiring

import "github.com/convsim/convsim/internal/resources"

// Bill enters the registers of a wide and of a narrow beat.
func (w Width) Bill(b *resources.Bill) {
	in, out := w.units()
	if in > 1 && out > 1 {
		b.Stage(w.Kind(), resources.Shifter{UnitBits: w.In.Bits() / int(in), In: int(in), Out: int(out)})
		return
	}
	v := resources.Converter{NarrowBits: min(w.In.Bits(), w.Out.Bits()), Parts: int(max(in, out)), Up: out > in}
	b.Stage(w.Kind(), v)
}
