package wiring

import "github.com/convsim/convsim/resources"

// Bill enters who has taken the beat on offer.
func (f Fork) Bill(b *resources.Bill) { b.Stage(f.Kind(), resources.Fork{Branches: f.Branches}) }
