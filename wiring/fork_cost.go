package wiring

import (
	"fmt"

	"github.com/convsim/convsim/resources"
)

// Bill enters who has taken the beat on offer.
func (f Fork) Bill(b *resources.Bill) {
	if f.Style != Eager {
		b.Refuse(fmt.Errorf("a fork %s has no resource model", f.Style))
		return
	}
	b.Stage(f.Kind(), resources.Fork{Branches: f.Branches})
}
