package tensor

import (
	"encoding/binary"
	"io"
	"slices"
	"unsafe"
)

// chunk is the number of elements converted to or from bytes at a time.
const chunk = 8192

// Bytes returns the elements as little-endian bytes in C order, without any
// header: what an output's SHA-256 is taken of.
func (t *Tensor) Bytes() []byte {
	if raw := t.inMemory(); raw != nil {
		return slices.Clone(raw)
	}
	raw, err := binary.Append(make([]byte, 0, t.Len()*t.dtype.Size()), binary.LittleEndian, t.Data)
	if err != nil {
		panic("tensor: " + err.Error())
	}
	return raw
}

// WriteRaw writes what Bytes returns.
func (t *Tensor) WriteRaw(w io.Writer) error {
	raw := t.inMemory()
	if raw == nil {
		raw = t.Bytes()
	}
	_, err := w.Write(raw)
	return err
}

// inMemory are the bytes of the elements where they lie, nil where memory holds them in
// another order.
func (t *Tensor) inMemory() []byte {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		return nil
	}
	return t.memory()
}

// memory are the bytes of the elements where they lie, in whatever order.
func (t *Tensor) memory() []byte {
	switch data := t.Data.(type) {
	case []int8:
		return bytesOf(data)
	case []uint8:
		return data
	case []int16:
		return bytesOf(data)
	case []int32:
		return bytesOf(data)
	case []int64:
		return bytesOf(data)
	case []float32:
		return bytesOf(data)
	case []float64:
		return bytesOf(data)
	}
	return nil
}

func bytesOf[T any](data []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(data))), len(data)*int(unsafe.Sizeof(*new(T))))
}

// Picked is a tensor of another shape, element i of which is element from(i).
func (t *Tensor) Picked(shape []int, from func(i int) int) (*Tensor, error) {
	out, err := New(t.dtype, shape...)
	if err != nil {
		return nil, err
	}
	size, src, dst := t.dtype.Size(), t.memory(), out.memory()
	for i := range out.Len() {
		copy(dst[i*size:][:size], src[from(i)*size:])
	}
	return out, nil
}

// readRaw reads n elements. Memory grows with the bytes that do arrive, not
// with n, so that a header's promise alone costs nothing.
func readRaw(r io.Reader, dtype DType, order binary.ByteOrder, n int) (any, error) {
	switch dtype {
	case Int4, Int8:
		return readChunks[int8](r, order, n)
	case UInt4, UInt8:
		return readChunks[uint8](r, order, n)
	case Int16:
		return readChunks[int16](r, order, n)
	case Int32:
		return readChunks[int32](r, order, n)
	case Int64:
		return readChunks[int64](r, order, n)
	case Float32:
		return readChunks[float32](r, order, n)
	case Float64:
		return readChunks[float64](r, order, n)
	}
	panic("tensor: no storage for " + dtype.String())
}

func readChunks[T any](r io.Reader, order binary.ByteOrder, n int) ([]T, error) {
	data := make([]T, 0, min(n, chunk))
	for len(data) < n {
		start := len(data)
		data = append(data, make([]T, min(n-start, chunk))...)
		if err := binary.Read(r, order, data[start:]); err != nil {
			return nil, err
		}
	}
	return data, nil
}
