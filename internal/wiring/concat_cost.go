package wiring

import "github.com/convsim/convsim/internal/resources"

// Bill enters the choice of whose turn it is, and a register.
func (c Concat) Bill(b *resources.Bill) {
	b.Stage(c.Kind(), resources.Turns{Inputs: len(c.In), Outputs: 1, BeatBits: c.out().Bits(), Beats: int(c.out().Beats)})
}

// Bill enters a register per output.
func (s Split) Bill(b *resources.Bill) {
	whole := Concat{s.Out}.out()
	b.Stage(s.Kind(), resources.Turns{Inputs: 1, Outputs: len(s.Out), BeatBits: whole.Bits(), Beats: int(whole.Beats)})
}
