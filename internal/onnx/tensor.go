package onnx

import (
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/convsim/convsim/tensor"
)

// Tensor is a tensor of a file. Its elements stay there until Load.
type Tensor struct {
	Name     string
	Type     DataType
	Dims     []int64
	External *External // nil: the elements are in the model

	body message // the fields that hold the elements
	raw  *message
}

// External says where elements are that are not in the model itself.
type External struct {
	Location       string // relative to the folder of the model
	Offset, Length string // in bytes, empty: 0, and the rest
}

// fields of a tensor that hold elements.
const (
	floatData  protowire.Number = 4
	int32Data  protowire.Number = 5
	int64Data  protowire.Number = 7
	rawData    protowire.Number = 9
	doubleData protowire.Number = 10
	uint64Data protowire.Number = 11
)

func decodeTensorField(f field) (*Tensor, error) {
	if err := f.want(protowire.BytesType); err != nil {
		return nil, err
	}
	return decodeTensor(f.body)
}

// decodeTensor reads all but the elements, and checks that they are as many as
// the shape says.
func decodeTensor(m message) (*Tensor, error) {
	t := &Tensor{body: m}
	if err := m.src.hold(tensorBytes); err != nil {
		return nil, err
	}
	var external External
	outside := int64(0)
	err := m.each(func(f field) error {
		switch f.number {
		case 1:
			return f.numbers(protowire.VarintType, func(v uint64) error {
				t.Dims = append(t.Dims, int64(v))
				return m.src.hold(wordBytes)
			})
		case 2:
			return integer(f, &t.Type)
		case 8:
			return f.text(&t.Name)
		case rawData:
			t.raw = &f.body
			return f.want(protowire.BytesType)
		case 13:
			return child(f, "external_data", external.decode)
		case 14:
			return integer(f, &outside)
		}
		return nil
	})
	if err == nil && outside == 1 {
		t.External = &external
	}
	if err == nil {
		err = t.check()
	}
	if err != nil && t.Name != "" {
		return t, fmt.Errorf("%q: %w", t.Name, err)
	}
	return t, err
}

// decode reads a key and its value.
func (e *External) decode(m message) error {
	var key, value string
	err := m.each(func(f field) error {
		switch f.number {
		case 1:
			return f.text(&key)
		case 2:
			return f.text(&value)
		}
		return nil
	})
	switch key {
	case "location":
		e.Location = value
	case "offset":
		e.Offset = value
	case "length":
		e.Length = value
	}
	return err
}

// numbers calls f with each number of a repeated field, which may be packed.
func (f field) numbers(wire protowire.Type, each func(uint64) error) error {
	if f.wire == wire {
		return each(f.value)
	}
	if err := f.want(protowire.BytesType); err != nil {
		return err
	}
	size := map[protowire.Type]int64{protowire.Fixed32Type: 4, protowire.Fixed64Type: 8}[wire]
	for m := f.body; m.at < m.end; {
		head, err := m.src.peek(m.at, min(m.len(), max(size, 10)))
		if err != nil {
			return err
		}
		one := field{wire: wire}
		n := 0
		if size > 0 {
			n, err = one.fixed(head)
		} else {
			one.value, n = protowire.ConsumeVarint(head)
			err = damaged(n)
		}
		if err == nil {
			err = each(one.value)
		}
		if err != nil {
			return fmt.Errorf("byte %d: %w", m.at, err)
		}
		m.at += int64(n)
	}
	return nil
}

// Shape returns the dimensions, which are known to be a shape.
func (t *Tensor) Shape() []int {
	out := make([]int, len(t.Dims))
	for i, d := range t.Dims {
		out[i] = int(d)
	}
	return out
}

// bytes returns how many the elements take in the file, 0 if there are none.
func (t *Tensor) bytes() int64 {
	n, err := tensor.Elements(t.Shape())
	if err != nil {
		return 0
	}
	return (n*dataTypes[t.Type].bits + 7) / 8
}

// check finds dimensions that are none, and elements that are not as many as they
// say. Elements elsewhere are not looked at.
func (t *Tensor) check() error {
	for _, d := range t.Dims {
		if d < 0 || d > math.MaxInt {
			return fmt.Errorf("shape %v; allowed: sizes of 0 or more", t.Dims)
		}
	}
	n, err := tensor.Elements(t.Shape())
	bits := dataTypes[t.Type].bits
	if err != nil || bits == 0 {
		return err // elements of another type may be there, but not be used
	}
	if n > math.MaxInt64/bits {
		return fmt.Errorf("shape %v: too many elements", t.Dims)
	}
	if t.External != nil {
		return nil
	}
	if t.raw != nil {
		if want := t.bytes(); t.raw.len() != want {
			return fmt.Errorf("%s %v holds %d bytes of raw data; expected: %d", t.Type, t.Dims, t.raw.len(), want)
		}
		return nil
	}
	have := int64(0)
	if err := t.typed(func(uint64) error { have++; return nil }); err != nil {
		return err
	}
	if bits == 4 && have == t.bytes() || bits != 4 && have == n {
		return nil
	}
	return fmt.Errorf("%s %v holds %d elements; expected: %d", t.Type, t.Dims, have, n)
}

// typed calls f with each number of the field that holds elements of the type.
func (t *Tensor) typed(f func(uint64) error) error {
	number, wire := int32Data, protowire.VarintType
	switch t.Type {
	case Float:
		number, wire = floatData, protowire.Fixed32Type
	case Double:
		number, wire = doubleData, protowire.Fixed64Type
	case Int64:
		number = int64Data
	case Uint32, Uint64:
		number = uint64Data
	}
	return t.body.each(func(got field) error {
		if got.number != number {
			return nil
		}
		return got.numbers(wire, f)
	})
}

// Load reads the elements.
func (t *Tensor) Load() (*tensor.Tensor, error) {
	out, err := t.load()
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
	}
	return out, nil
}

func (t *Tensor) load() (*tensor.Tensor, error) {
	dtype, err := t.Type.DType()
	if err != nil {
		return nil, err
	}
	if t.External != nil {
		return t.loadExternal(dtype)
	}
	if t.raw != nil {
		return t.fromRaw(dtype, t.raw.src.r, t.raw.at)
	}
	return t.fromFields(dtype)
}
