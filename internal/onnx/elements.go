package onnx

import (
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/convsim/convsim/tensor"
)

// elements puts elements of a file into a tensor.
type elements struct {
	bits   int64
	signed bool
	n      int
	put    func(i int, v uint64) error
}

// newElements returns what puts elements of a type into a tensor that can hold
// them.
func newElements(d DataType, t *tensor.Tensor) elements {
	e := elements{bits: dataTypes[d].bits, n: t.Len()}
	switch data := t.Data.(type) {
	case []float32:
		widen := map[DataType]func(uint64) float32{
			Float:    func(v uint64) float32 { return math.Float32frombits(uint32(v)) },
			BFloat16: func(v uint64) float32 { return math.Float32frombits(uint32(v) << 16) },
			Float16:  func(v uint64) float32 { return half(uint16(v)) },
		}[d]
		e.put = func(i int, v uint64) error { data[i] = widen(v); return nil }
	case []float64:
		e.put = func(i int, v uint64) error { data[i] = math.Float64frombits(v); return nil }
	case []int8:
		e.signed, e.put = true, whole(data, -1<<(e.bits-1), 1<<(e.bits-1)-1)
	case []uint8:
		e.put = whole(data, 0, 1<<e.bits-1)
	case []int16:
		e.signed, e.put = true, whole(data, math.MinInt16, math.MaxInt16)
	case []int32:
		e.signed, e.put = true, whole(data, math.MinInt32, math.MaxInt32)
		if d == Uint16 {
			e.signed, e.put = false, whole(data, 0, math.MaxUint16)
		}
	case []int64:
		e.signed, e.put = d == Int64, whole(data, math.MinInt64, math.MaxInt64)
		if d != Int64 {
			e.put = whole(data, 0, math.MaxInt64)
		}
	}
	return e
}

// whole puts whole numbers, which have to be within a range.
func whole[T int8 | uint8 | int16 | int32 | int64](data []T, lo, hi int64) func(int, uint64) error {
	return func(i int, v uint64) error {
		if int64(v) < lo || int64(v) > hi {
			return fmt.Errorf("element %d is %d; allowed: %d..%d", i, int64(v), lo, hi)
		}
		data[i] = T(v)
		return nil
	}
}

// half returns the value of an IEEE number of 16 bits.
func half(v uint16) float32 {
	exponent, fraction := int(v>>10&31), float64(v&1023)
	var x float64
	switch exponent {
	case 0:
		x = math.Ldexp(fraction, -24)
	case 31:
		x = math.Inf(1)
		if fraction != 0 {
			x = math.NaN()
		}
	default:
		x = math.Ldexp(1024+fraction, exponent-25)
	}
	if v>>15 != 0 {
		x = -x
	}
	return float32(x)
}

// nibbles puts the two elements of a byte, low half first, from element i on.
func (e elements) nibbles(i int, v uint64) error {
	for k := range 2 {
		nibble := int64(v>>(4*k)) & 15
		if e.signed && nibble >= 8 {
			nibble -= 16
		}
		if i+k >= e.n {
			return nil // half a byte is left
		}
		if err := e.put(i+k, uint64(nibble)); err != nil {
			return err
		}
	}
	return nil
}

// fromRaw reads elements that lie one after the other, little endian.
func (t *Tensor) fromRaw(dtype tensor.DType, r io.ReaderAt, at int64) (*tensor.Tensor, error) {
	out, err := tensor.New(dtype, t.Shape()...)
	if err != nil {
		return nil, err
	}
	e := newElements(t.Type, out)
	size, chunk := max(1, int(e.bits/8)), make([]byte, window)
	total := (int64(e.n)*e.bits + 7) / 8
	for done, i := int64(0), 0; done < total; {
		part := chunk[:min(window, total-done)]
		if n, err := r.ReadAt(part, at+done); n < len(part) {
			return nil, fmt.Errorf("reading its elements: %w", errors.Join(err, io.ErrUnexpectedEOF))
		}
		for k := 0; k < len(part); k += size {
			if e.bits == 4 {
				err = e.nibbles(i, uint64(part[k]))
				i += 2
			} else {
				err = e.put(i, e.word(part[k:k+size]))
				i++
			}
			if err != nil {
				return nil, err
			}
		}
		done += int64(len(part))
	}
	return out, nil
}

// word returns the number of some bytes.
func (e elements) word(b []byte) uint64 {
	v := uint64(0)
	for i, x := range b {
		v |= uint64(x) << (8 * i)
	}
	if e.signed {
		shift := 64 - e.bits
		return uint64(int64(v<<shift) >> shift)
	}
	return v
}

// fromFields reads elements that are numbers of their own in the description.
func (t *Tensor) fromFields(dtype tensor.DType) (*tensor.Tensor, error) {
	out, err := tensor.New(dtype, t.Shape()...)
	if err != nil {
		return nil, err
	}
	e, i := newElements(t.Type, out), 0
	err = t.typed(func(v uint64) error {
		if e.bits == 4 {
			i += 2
			return e.nibbles(i-2, v)
		}
		i++
		return e.put(i-1, v)
	})
	return out, err
}
