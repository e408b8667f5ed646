package network

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// Cast converts to another type. Floats are cut off towards zero when they become
// integers; integers wrap round. Floats beyond int64 become its limit, nan 0.
type Cast struct{ To tensor.DType }

// Infer implements Op.
func (c Cast) Infer(in []Type) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	if !c.To.Valid() {
		return nil, fmt.Errorf("to %s; allowed: an element type", c.To)
	}
	return sized(c.To, in[0].Shape)
}

// Reference implements Op.
func (c Cast) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	x := in[0]
	if c.To == tensor.Float32 && !x.DType().IsFloat() { // rounded once, also from int64
		data := fill(int64(x.Len()), func(i int) float32 { return float32(x.Int(i)) })
		return single(tensor.From(c.To, data, x.Shape()...))
	}
	if c.To.IsFloat() {
		return single(reals(c.To, x.Shape(), x.Float))
	}
	return single(ints(c.To, x.Shape(), func(i int) int64 {
		if x.DType().IsFloat() {
			return cutOff(x.Float(i))
		}
		return x.Int(i)
	}))
}

func cutOff(x float64) int64 {
	switch {
	case x != x:
		return 0
	case x >= math.MaxInt64:
		return math.MaxInt64
	case x <= math.MinInt64:
		return math.MinInt64
	}
	return int64(x)
}

// Table looks every element of an 8-bit tensor up: entry i is the result of the
// element whose byte is i. It stands for DequantizeLinear, functions of one number,
// QuantizeLinear.
type Table struct {
	In, Out tensor.DType // Int8 or UInt8
	Entries [256]int16
}

// Infer implements Op.
func (t Table) Infer(in []Type) ([]Type, error) {
	if err := one(in, 0); err != nil {
		return nil, err
	}
	if !slices.Contains(bytes8, t.In) || !slices.Contains(bytes8, t.Out) {
		return nil, fmt.Errorf("a table from %s to %s; allowed: int8, uint8", t.In, t.Out)
	}
	errs := []error{wantType(in, 0, t.In)}
	lo, hi := t.Out.Range()
	for i, v := range t.Entries {
		if int64(v) < lo || int64(v) > hi {
			errs = append(errs, fmt.Errorf("entry %d is %d; allowed for %s: %d..%d", i, v, t.Out, lo, hi))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return sized(t.Out, in[0].Shape)
}

// Reference implements Op.
func (t Table) Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	x := in[0]
	return single(ints(t.Out, x.Shape(), func(i int) int64 { return int64(t.Entries[uint8(x.Int(i))]) }))
}
