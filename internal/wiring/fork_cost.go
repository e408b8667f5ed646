package wiring

import "github.com/convsim/convsim/internal/resources"

// Bill enters who has taken the beat on offer, or the registers of a tap.
func (f Fork) Bill(b *resources.Bill) {
	switch f.Style {
	case AllOrNothing:
		b.Stage(f.Kind(), resources.Fork{Branches: f.Branches, Together: true})
	case Tap:
		b.Stage(f.Kind(), resources.Tap{BeatBits: f.Stream.Bits()})
	default:
		b.Stage(f.Kind(), resources.Fork{Branches: f.Branches})
	}
}
