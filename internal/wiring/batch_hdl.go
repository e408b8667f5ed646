package wiring

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/scalar"
)

// mostBatch is how many beats a batch may have.
const mostBatch = 1 << 24

// Module is the memory of a batch that is read in another order.
func (b Batch) Module(hdl.Constants) (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_batch"}
	take, give := b.In.Frame()/b.Batches, b.Out.Frame()/b.Batches
	g, order := b.F.(scalar.Gather)
	switch {
	case !order:
		return m, errors.New("no module computes with several elements of a frame at once; allowed: to put them in another order")
	case b.In.Lanes != 1 || b.Out.Lanes != 1 || b.In.Elem != b.Out.Elem:
		return m, errors.New("a batch of several lanes; allowed: an element a beat")
	case len(g.Others) > 0:
		return m, errors.New("a batch with constants among its elements; allowed: elements that come, and one constant")
	case take > mostBatch || give > mostBatch:
		return m, fmt.Errorf("batches of %d and %d beats; allowed: %d", take, give, mostBatch)
	}
	place := max(1, bits.Len64(uint64(take-1)))
	words := make([]string, give)
	for i, from := range g.From {
		w := hdl.NewWord(place + 1)
		w.Put(int64(max(from, 0)), place)
		w.Put(int64(uint32(from)>>31), 1)
		words[i] = w.Hex()
	}
	m.Int("WIDTH", b.In.Elem.Bits())
	m.Int("TAKE", int(take))
	m.Int("GIVE", int(give))
	m.Int("PW", place)
	m.Lanes("FILL", 1, b.In.Elem, g.Fill)
	m.Flag("ORDER_BLOCK", give > 64)
	m.Load("FILE", "order", words)
	return m, nil
}
