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
	from, whole := beats(g, b.In.Lanes)
	switch {
	case !order:
		return m, errors.New("no module computes with several elements of a frame at once; allowed: to put them in another order")
	case b.In.Lanes != b.Out.Lanes || b.In.Elem != b.Out.Elem:
		return m, errors.New("a batch of another type or number of lanes than it is made of; allowed: the same")
	case len(g.Others) > 0:
		return m, errors.New("a batch with constants among its elements; allowed: elements that come, and one constant")
	case !whole:
		return m, errors.New("a batch whose beats are taken apart; allowed: whole beats, or an element a beat")
	case take > mostBatch || give > mostBatch:
		return m, fmt.Errorf("batches of %d and %d beats; allowed: %d", take, give, mostBatch)
	}
	place := max(1, bits.Len64(uint64(take-1)))
	words := make([]string, give)
	for i, from := range from {
		w := hdl.NewWord(place + 1)
		w.Put(int64(max(from, 0)), place)
		w.Put(int64(uint32(from)>>31), 1)
		words[i] = w.Hex()
	}
	m.Int("WIDTH", b.In.Bits())
	m.Int("TAKE", int(take))
	m.Int("GIVE", int(give))
	m.Int("PW", place)
	m.Lanes("FILL", b.In.Lanes, b.In.Elem, g.Fill)
	m.Flag("ORDER_BLOCK", give > 64)
	m.Load("FILE", "order", words)
	return m, nil
}

// beats are the places of a batch's beats, below 0 where one is all a constant; and whether
// every beat is one that came, or all constant.
func beats(g scalar.Gather, lanes int) ([]int32, bool) {
	var from []int32
	for i, p := range g.From {
		lane := int32(i % lanes)
		if lane == 0 && p < 0 {
			from = append(from, p)
		} else if lane == 0 {
			from = append(from, p/int32(lanes))
		}
		if first := from[len(from)-1]; first < 0 && p != first || first >= 0 && p != first*int32(lanes)+lane {
			return nil, false
		}
	}
	return from, true
}
