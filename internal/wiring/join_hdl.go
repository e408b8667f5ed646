package wiring

import (
	"fmt"

	"github.com/convsim/convsim/internal/hdl"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/tensor"
)

// The numbers of convsim_combine.
const (
	combineFloat        = 5 // of the first one of floats
	combineTable        = 9
	combineFloatProduct = 10
)

// Module is the join.
func (j Join) Module(hdl.Constants) (hdl.Module, error) {
	if len(j.In) != 2 {
		return j.many()
	}
	m := hdl.Module{Name: "convsim_join", Style: hdl.Joined}
	a, b := j.In[0].Elem, j.In[1].Elem
	m.Int("LANES", j.Out.Lanes)
	m.Elements("AB", "ASIGNED", a)
	m.Elements("BB", "BSIGNED", b)
	m.Int("OB", j.Out.Elem.Bits())
	m.Flag("QUEUED", j.Queued)
	how, ok := j.combined()
	switch {
	case ok:
	case j.How != nil && !a.IsFloat() && !b.IsFloat() && a.Bits() <= 8 && b.Bits() <= 8:
		how = combineTable
		m.Load("FILE", "table", j.table())
	default:
		return m, fmt.Errorf("no module combines %s with %s elements like this; allowed: sums, products, the larger and the smaller one, "+
			"and anything of two integers of 8 bits, which is a table", a, b)
	}
	m.Int("HOW", how)
	return m, nil
}

// many is the sum of one stream, or of more than two.
func (j Join) many() (hdl.Module, error) {
	m := hdl.Module{Name: "convsim_join_many", Style: hdl.Merged}
	elem, how := j.In[0].Elem, 0
	for _, s := range j.In {
		if s.Elem != elem {
			return m, fmt.Errorf("a join of %d streams of %s and %s; allowed: of one type", len(j.In), elem, s.Elem)
		}
	}
	if elem == tensor.Float32 {
		how = combineFloat
	}
	m.Int("N", len(j.In))
	m.Int("LANES", j.Out.Lanes)
	m.Elements("IB", "ISIGNED", elem)
	m.Int("OB", j.Out.Elem.Bits())
	m.Int("HOW", how)
	return m, nil
}

// combined is the number of the operation at convsim_combine.
func (j Join) combined() (int, bool) {
	numbers := map[string]int{"Add": 0, "Sum": 0, "Sub": 1, "Mul": 2, "Max": 3, "Min": 4}
	floats := map[string]int{"Add": combineFloat, "Sum": combineFloat, "Sub": combineFloat + 1, "Max": combineFloat + 2, "Min": combineFloat + 3,
		"Mul": combineFloatProduct}
	if j.How == nil && j.Out.Elem == tensor.Float32 {
		return combineFloat, true
	}
	switch how := j.How.(type) {
	case nil:
		return 0, true
	case scalar.Integer:
		n, ok := numbers[how.Name]
		return n, ok
	case scalar.Narrow:
		n, ok := numbers[how.Name]
		return n, ok && how.Bits == j.Out.Elem.Bits()
	case scalar.Float:
		n, ok := floats[how.Name]
		return n, ok && j.In[0].Elem == tensor.Float32 && j.In[1].Elem == tensor.Float32
	}
	return 0, false
}

// table holds the results of all pairs of elements, the second one in the high
// bits of the place.
func (j Join) table() []string {
	a, b, bits := j.In[0].Elem, j.In[1].Elem, j.Out.Elem.Bits()
	element := func(t tensor.DType, x int) float64 {
		if hdl.Signed(t) && x >= 1<<(t.Bits()-1) {
			x -= 1 << t.Bits()
		}
		return float64(x)
	}
	words := make([]string, 0, 1<<(a.Bits()+b.Bits()))
	for y := range 1 << b.Bits() {
		for x := range 1 << a.Bits() {
			w := hdl.NewWord(bits)
			w.Put(int64(j.How.Of(element(a, x), element(b, y))), bits)
			words = append(words, w.Hex())
		}
	}
	return words
}
