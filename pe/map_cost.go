package pe

import (
	"errors"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/scalar"
)

// byteBits is the width up to which elements are looked up in a table.
const byteBits = 8

var errFloatMap = errors.New("functions of floating-point numbers have no resource model")

// Bill enters a table a lane for elements of 8 bits, and for wider ones a
// product with a constant, a sum and a limit, as requantisation has them.
func (m Map) Bill(b *resources.Bill) {
	in, out := m.In.Elem.Bits(), m.Out.Elem.Bits()
	switch {
	case m.In.Elem.IsFloat() || in > byteBits && m.Out.Elem.IsFloat():
		b.Refuse(errFloatMap)
	case in <= byteBits:
		t := resources.Table{Lanes: m.In.Lanes, Entries: 1 << in, Bits: out}
		b.Stage(m.Kind(), t)
		b.Memory(resources.MemoryUse{Name: m.Kind(), Words: t.Entries, WidthBits: t.Lanes * out, Reads: m.In.Frame(),
			Reach: t.Entries * out, Constant: true})
	case m.limits():
		_, half := m.F.(scalar.Relu)
		b.Stage(m.Kind(), resources.Limit{Lanes: m.In.Lanes, InputBits: in, OutputBits: out, Half: half})
		b.Operate(resources.Operation{Part: m.Kind(), Count: m.In.Elements(), A: in})
	default:
		b.Stage(m.Kind(), resources.Requantize{Rule: resources.Single, Lanes: m.In.Lanes, InputBits: in, OutputBits: out, Signed: signed(m.In.Elem),
			Shift: scaleBits + in/2, Latency: 1})
		b.Operate(resources.Operation{Part: m.Kind(), Count: m.In.Elements(), A: in, B: scaleBits})
	}
}

// limits reports whether elements only become no greater or less than some number.
func (m Map) limits() bool {
	switch m.F.(type) {
	case scalar.Relu, scalar.Clip:
		return true
	}
	return false
}
