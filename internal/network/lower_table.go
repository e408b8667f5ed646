package network

import (
	"slices"

	"github.com/convsim/convsim/tensor"
)

// function lowers functions of one 8-bit tensor.
func (l *lowering) function(n Node, q Quant) (Node, bool, error) {
	f := oneVariable{l: l, left: maxFunctions}
	y, ok, err := f.values(n.Inputs[0])
	if !ok || err != nil || f.variable == "" {
		return Node{}, false, err
	}
	out, err := QuantizeLinear{Y: q}.Reference([]*tensor.Tensor{y})
	if err != nil {
		return Node{}, false, err
	}
	if !slices.Contains(bytes8, q.DType) || l.types[f.variable].String() != (Type{f.dtype, l.types[n.Inputs[0]].Shape}).String() {
		return Node{}, false, nil
	}
	work := n
	if maker := l.maker[n.Inputs[0]]; byElement(maker.Op) {
		work = maker
	}
	return Node{Name: l.own(work, n), Op: tableOf(f.dtype, out[0]), Inputs: []string{f.variable}, Outputs: n.Outputs}, true, nil
}

// table lowers an operator of integers with one 8-bit input.
func (l *lowering) table(n Node, x Quant, out tensor.DType) ([]Node, error) {
	if !slices.Contains(bytes8, x.DType) || !slices.Contains(bytes8, out) {
		return []Node{n}, nil
	}
	all, err := everyByte(x.DType)
	if err != nil {
		return nil, err
	}
	y, err := n.Op.Reference([]*tensor.Tensor{all})
	if err != nil {
		return nil, err
	}
	n.Op = tableOf(x.DType, y[0])
	return []Node{n}, nil
}

// tableOf makes a table of its entries.
func tableOf(in tensor.DType, entries *tensor.Tensor) Table {
	t := Table{In: in, Out: entries.DType()}
	for i := range t.Entries {
		t.Entries[i] = int16(entries.Int(i))
	}
	return t
}

// everyByte returns the elements with bytes 0, 1, ... 255.
func everyByte(dtype tensor.DType) (*tensor.Tensor, error) {
	return ints(dtype, []int{256}, func(i int) int64 { return int64(i) })
}

// maxFunctions is how many nodes a table may stand for.
const maxFunctions = 64

// oneVariable looks for an 8-bit tensor that, with constants, is all that others
// are element by element made of.
type oneVariable struct {
	l        *lowering
	variable string // "": none yet
	dtype    tensor.DType
	left     int // nodes that may still be looked at
}

// values returns what a tensor is for each byte of the variable, or one constant.
func (f *oneVariable) values(name string) (*tensor.Tensor, bool, error) {
	if c := f.l.constants[name]; c != nil {
		if c.Len() != 1 {
			return nil, false, nil
		}
		c, err := c.Reshape(1)
		return c, true, err
	}
	n, ok := f.l.maker[name]
	if f.left--; !ok || f.left < 0 {
		return nil, false, nil
	}
	if d, ok := n.Op.(DequantizeLinear); ok && f.l.constants[n.Inputs[0]] == nil {
		return f.bytes(n.Inputs[0], d)
	}
	if _, ok := n.Op.(DequantizeLinear); !ok && !byElement(n.Op) {
		return nil, false, nil
	}
	in := make([]*tensor.Tensor, len(n.Inputs))
	for i, name := range n.Inputs {
		v, ok, err := f.values(name)
		if !ok || err != nil {
			return nil, false, err
		}
		in[i] = v
	}
	if _, ok := n.Op.(PRelu); ok && in[1].Len() != 1 {
		return nil, false, nil // the slope is the variable
	}
	out, err := n.Op.Reference(in)
	if err != nil {
		return nil, false, err
	}
	return out[0], true, nil
}

// bytes returns the floats that the bytes of the variable x stand for.
func (f *oneVariable) bytes(x string, d DequantizeLinear) (*tensor.Tensor, bool, error) {
	if !d.X.single() || !slices.Contains(bytes8, d.X.DType) || f.variable != "" && f.variable != x {
		return nil, false, nil
	}
	f.variable, f.dtype = x, d.X.DType
	all, err := everyByte(d.X.DType)
	if err != nil {
		return nil, false, err
	}
	out, err := d.Reference([]*tensor.Tensor{all})
	if err != nil {
		return nil, false, err
	}
	return out[0], true, nil
}

// byElement reports whether every element of the output is a function of the
// elements in the same place of the inputs.
func byElement(op Op) bool {
	switch op.(type) {
	case Unary, LeakyRelu, Elu, HardSigmoid, Gelu, Clip, PRelu, Combine, Identity:
		return true
	}
	return false
}
