package pe

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/tensor"
)

// Module is the pooling stage.
func (r Reduce) Module(hdl.Constants) (hdl.Module, error) {
	f := r.Fold
	m := hdl.Module{Name: "convsim_reduce", Out: f.OutputChannels()}
	m.Int("LANES", f.InLanes())
	m.Int("TAPS", f.WindowLanes()/f.InLanes())
	m.Int("BEATS", f.VectorBeats())
	r.How.module(&m, r.Elem)
	if r.How == Mean {
		return m, r.divisors(&m)
	}
	return m, nil
}

// module says what is made of which elements.
func (h Reduction) module(m *hdl.Module, elem tensor.DType) {
	if elem.IsFloat() {
		m.Name += "_float"
		m.Int("HOW", int(h))
		return
	}
	m.Elements("IB", "ISIGNED", elem)
	m.Int("OB", h.result(elem).Bits())
	m.Flag("SUM", h == Sum)
}

// divisors are those of means.
func (r Reduce) divisors(m *hdl.Module) error {
	s := r.Fold.Shape
	divisors := make([]int, 0, s.OutHeight*s.OutWidth)
	least, most := r.counted(0, 0), r.counted(0, 0)
	for oy := range s.OutHeight {
		for ox := range s.OutWidth {
			n := r.counted(oy, ox)
			divisors, least, most = append(divisors, n), min(least, n), max(most, n)
		}
	}
	if least < 1 {
		return errors.New("a mean of no elements; allowed: windows that see the image")
	}
	if n := len(divisors) * r.Fold.GroupFolds; n > mostBuilt {
		return fmt.Errorf("frames of %d means; allowed: %d", n, mostBuilt)
	}
	width := bits.Len(uint(most))
	m.Int("NB", width)
	if least == most {
		m.Int("DIVISOR", most)
		return nil
	}
	words := make([]string, len(divisors))
	for i, n := range divisors {
		w := hdl.NewWord(width)
		w.Put(int64(n), width)
		words[i] = w.Hex()
	}
	m.Int("DIVISOR", 0)
	m.Int("WORDS", len(words))
	m.Int("VECTORS", r.Fold.GroupFolds)
	m.Load("FILE", "divisors", words)
	return nil
}
