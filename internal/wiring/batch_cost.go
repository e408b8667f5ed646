package wiring

import (
	"errors"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/scalar"
)

// Bill enters the memory of a batch. What only reads it in another order needs
// no more; other functions of whole batches have no resource model.
func (b Batch) Bill(bill *resources.Bill) {
	take, give := b.In.Frame()/b.Batches, b.Out.Frame()/b.Batches
	store := resources.Buffer{Name: b.Kind(), Depth: int(take), WidthBits: b.In.Bits(), Kind: resources.RAM}
	bill.Memory(resources.MemoryUse{Name: store.Name, Words: store.Depth, WidthBits: store.WidthBits, Cost: store.Cost(),
		Reads: b.Out.Frame(), Writes: b.In.Frame()})
	if _, order := b.F.(scalar.Gather); !order {
		bill.Refuse(errors.New("functions of several elements of a frame at once have no resource model"))
		return
	}
	bill.Stage(b.Kind(), resources.Batch{Store: store, Taken: int(take), Handed: int(give), OutputBeatBits: b.Out.Bits()})
}
