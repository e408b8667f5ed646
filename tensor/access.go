package tensor

import (
	"bytes"
	"fmt"
	"slices"
)

// integer is the set of element types that hold integers.
type integer interface {
	~int8 | ~uint8 | ~int16 | ~int32 | ~int64
}

// Int returns element i of a tensor of integers.
func (t *Tensor) Int(i int) int64 {
	switch data := t.Data.(type) {
	case []int8:
		return int64(data[i])
	case []uint8:
		return int64(data[i])
	case []int16:
		return int64(data[i])
	case []int32:
		return int64(data[i])
	case []int64:
		return data[i]
	}
	panic(fmt.Sprintf("tensor: Int of %s", t))
}

// Float returns element i of any tensor; an int64 beyond 2^53 is rounded.
func (t *Tensor) Float(i int) float64 {
	switch data := t.Data.(type) {
	case []float32:
		return float64(data[i])
	case []float64:
		return data[i]
	}
	return float64(t.Int(i))
}

// Int32s appends the n elements from off on to dst, widened to int32. It
// panics on floats and on int64 values that do not fit; Convert reports those.
func (t *Tensor) Int32s(dst []int32, off, n int) []int32 {
	switch data := t.Data.(type) {
	case []int8:
		return widen(dst, data[off:off+n])
	case []uint8:
		return widen(dst, data[off:off+n])
	case []int16:
		return widen(dst, data[off:off+n])
	case []int32:
		return append(dst, data[off:off+n]...)
	case []int64:
		for i, v := range data[off : off+n] {
			if int64(int32(v)) != v {
				panic(fmt.Sprintf("tensor: Int32s of %s: element %d is %d", t, off+i, v))
			}
		}
		return widen(dst, data[off:off+n])
	}
	panic(fmt.Sprintf("tensor: Int32s of %s", t))
}

func widen[T integer](dst []int32, src []T) []int32 {
	n := len(dst)
	dst = slices.Grow(dst, len(src))[:n+len(src)]
	to := dst[n:]
	for i, v := range src {
		to[i] = int32(v)
	}
	return dst
}

// Float32s appends the n elements from off on of a float32 tensor to dst.
func (t *Tensor) Float32s(dst []float32, off, n int) []float32 {
	data, ok := t.Data.([]float32)
	if !ok {
		panic(fmt.Sprintf("tensor: Float32s of %s", t))
	}
	return append(dst, data[off:off+n]...)
}

// Convert returns a copy with another integer type. A value that does not fit,
// or a conversion from or to floats, is an error.
func (t *Tensor) Convert(dtype DType) (*Tensor, error) {
	if !dtype.Valid() {
		return nil, fmt.Errorf("%s is no element type", dtype)
	}
	if t.dtype.IsFloat() || dtype.IsFloat() {
		return nil, fmt.Errorf("cannot convert %s to %s; allowed: one integer type to another", t.dtype, dtype)
	}
	out, err := New(dtype, t.shape...)
	if err != nil {
		return nil, err
	}
	lo, hi := dtype.Range()
	for i := range t.Len() {
		v := t.Int(i)
		if v < lo || v > hi {
			return nil, t.outOfRange(i, dtype)
		}
		out.SetInt(i, v)
	}
	return out, nil
}

// SetInt sets element i, in the order of memory, of an integer tensor to a value that
// fits its type.
func (t *Tensor) SetInt(i int, v int64) {
	switch data := t.Data.(type) {
	case []int8:
		data[i] = int8(v)
	case []uint8:
		data[i] = uint8(v)
	case []int16:
		data[i] = int16(v)
	case []int32:
		data[i] = int32(v)
	case []int64:
		data[i] = v
	default:
		panic(fmt.Sprintf("tensor: SetInt of %s", t))
	}
}

// checkNibbles checks that the elements of an int4 or uint4 tensor are in
// range; all other types are by their storage.
func (t *Tensor) checkNibbles() error {
	if t.dtype != Int4 && t.dtype != UInt4 {
		return nil
	}
	lo, hi := t.dtype.Range()
	for i := range t.Len() {
		if v := t.Int(i); v < lo || v > hi {
			return t.outOfRange(i, t.dtype)
		}
	}
	return nil
}

func (t *Tensor) outOfRange(i int, dtype DType) error {
	lo, hi := dtype.Range()
	return fmt.Errorf("element %v is %d; allowed for %s: %d..%d", t.Coordinates(i), t.Int(i), dtype, lo, hi)
}

// Equal reports whether type, shape and every bit of the elements are equal: -0 differs
// from 0, and a nan equals itself.
func (t *Tensor) Equal(u *Tensor) bool {
	return t.dtype == u.dtype && slices.Equal(t.shape, u.shape) && bytes.Equal(t.memory(), u.memory())
}

// Repeats reports whether the elements of t are those of u, bit for bit, from the first on
// again after the last.
func (t *Tensor) Repeats(u *Tensor) bool {
	x, y := t.memory(), u.memory()
	if t.dtype != u.dtype || len(y) == 0 {
		return false
	}
	for ; len(x) > len(y); x = x[len(y):] {
		if !bytes.Equal(x[:len(y)], y) {
			return false
		}
	}
	return bytes.Equal(x, y[:len(x)])
}
