package onnx

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// keep is the size in bytes up to which a constant that was read stays in memory.
const keep = 64 << 10

// small returns a constant that a node needs to know before anything runs.
func (c *converter) small(name string) (*tensor.Tensor, error) {
	v := c.values[name]
	if v.data == nil && size(v.typ) > c.budget {
		return nil, fmt.Errorf("%q, %s, is too large to be known before the network runs", name, v.typ)
	}
	t, err := v.get()
	if err == nil && size(v.typ) <= keep {
		v.data = t
	}
	return t, err
}

// size returns the bytes of a tensor.
func size(t network.Type) int64 {
	n, err := tensor.Elements(t.Shape)
	if err != nil {
		return 0
	}
	return n * int64(t.DType.Size())
}

// compute returns the outputs of an operator of constants; nil if an input is none,
// or if it is left to be computed when the network runs: what is large, and
// DequantizeLinear, which belongs to the operator that reads it.
func (c *converter) compute(out outcome) ([]*value, error) {
	if _, ok := out.op.(network.DequantizeLinear); ok || len(out.before) > 0 {
		return nil, nil
	}
	total := int64(0)
	for _, name := range out.inputs {
		if name == "" {
			continue
		}
		v := c.values[name]
		if !v.constant() {
			return nil, nil
		}
		total += size(v.typ)
	}
	for _, t := range out.types {
		total += size(t)
	}
	if total > c.budget {
		return nil, nil
	}
	c.budget -= total
	in := make([]*tensor.Tensor, len(out.inputs))
	for i, name := range out.inputs {
		if name == "" {
			continue
		}
		t, err := c.small(name)
		if err != nil {
			return nil, err
		}
		in[i] = t
	}
	results, err := out.op.Reference(in)
	if err != nil {
		return nil, err
	}
	return constants(results...), nil
}

// constants makes values of tensors.
func constants(tensors ...*tensor.Tensor) []*value {
	out := make([]*value, len(tensors))
	for i, t := range tensors {
		out[i] = &value{typ: network.TypeOf(t), data: t}
	}
	return out
}

// kept names a constant that a node reads in the place of one of its inputs.
func (k *call) kept(what string, t *tensor.Tensor) string {
	name := k.c.fresh(k.step + "." + what)
	k.c.values[name] = constants(t)[0]
	return name
}

// changesNothing reports whether an operator that stands for itself gives its input.
// Those that move elements stay, even where they do not: their outputs have names.
func changesNothing(op network.Op, in network.Type) bool {
	switch op := op.(type) {
	case network.Identity:
		return true
	case network.Cast:
		return op.To == in.DType
	case network.Pad:
		return !slices.ContainsFunc(slices.Concat(op.Begin, op.End), func(n int) bool { return n != 0 })
	}
	return false
}

// splat is a tensor whose elements are all the same. Such weights share memory.
type splat struct {
	dtype tensor.DType
	value string // the element as text, which tells -0 from 0
}

// splats holds the elements of the largest tensor of each splat.
type splats struct {
	most map[splat]int
	data map[splat]any
}

func newSplats() *splats { return &splats{most: map[splat]int{}, data: map[splat]any{}} }

// constant returns a tensor of a shape whose elements are all that of a tensor with
// one.
func (s *splats) constant(one *tensor.Tensor, shape []int) *value {
	n := product(shape)
	switch data := one.Data.(type) {
	case []int8:
		return splatted(s, one.DType(), data[0], n, shape)
	case []uint8:
		return splatted(s, one.DType(), data[0], n, shape)
	case []int16:
		return splatted(s, one.DType(), data[0], n, shape)
	case []int32:
		return splatted(s, one.DType(), data[0], n, shape)
	case []int64:
		return splatted(s, one.DType(), data[0], n, shape)
	case []float32:
		return splatted(s, one.DType(), data[0], n, shape)
	}
	return splatted(s, one.DType(), one.Data.([]float64)[0], n, shape)
}

func splatted[T any](s *splats, dtype tensor.DType, v T, n int, shape []int) *value {
	key := splat{dtype, fmt.Sprint(v)}
	s.most[key] = max(s.most[key], n)
	return &value{typ: network.Type{DType: dtype, Shape: shape}, load: func() (*tensor.Tensor, error) {
		data, _ := s.data[key].([]T)
		if len(data) < n {
			data = make([]T, s.most[key])
			for i := range data {
				data[i] = v
			}
			s.data[key] = data
		}
		return tensor.From(dtype, data[:n:n], shape...)
	}}
}
