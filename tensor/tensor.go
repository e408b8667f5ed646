package tensor

import (
	"fmt"
	"math"
	"reflect"
	"slices"
)

// MaxBytes is the largest tensor New and ReadNPY make, in bytes of elements.
// Set it, if at all, before the first tensor is made.
var MaxBytes int64 = 4 << 30

// Tensor is a dense tensor in C order. Make one with New or From.
type Tensor struct {
	// Data is the typed slice of elements, its length the product of the
	// shape: []int8 (int4, int8), []uint8 (uint4, uint8), []int16, []int32,
	// []int64, []float32 or []float64. Elements may be changed; who writes to
	// an int4 or uint4 keeps to its range.
	Data  any
	dtype DType
	shape []int
}

// New returns a tensor of zeros. Without a shape it is a scalar. A dimension
// below 0 or a size above MaxBytes is an error, found before allocating.
func New(dtype DType, shape ...int) (*Tensor, error) {
	n, err := sized(dtype, shape, MaxBytes)
	if err != nil {
		return nil, err
	}
	return &Tensor{Data: makeData(dtype, n), dtype: dtype, shape: slices.Clone(shape)}, nil
}

// From returns a tensor that keeps data, whose type must be the one Data has
// for dtype and whose length the product of the shape.
func From(dtype DType, data any, shape ...int) (*Tensor, error) {
	n, err := sized(dtype, shape, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	t := &Tensor{Data: data, dtype: dtype, shape: slices.Clone(shape)}
	if want := reflect.TypeOf(makeData(dtype, 0)); reflect.TypeOf(data) != want {
		return nil, fmt.Errorf("%s needs elements in a %v, not %T", t, want, data)
	}
	if got := reflect.ValueOf(data).Len(); got != n {
		return nil, fmt.Errorf("%s needs %d elements, not %d", t, n, got)
	}
	if err := t.checkNibbles(); err != nil {
		return nil, err
	}
	return t, nil
}

// FromInt32s returns a tensor of an integer type with the values of data,
// refusing values that do not fit the type.
func FromInt32s(dtype DType, data []int32, shape ...int) (*Tensor, error) {
	t, err := From(Int32, data, shape...)
	if err != nil {
		return nil, err
	}
	if dtype == Int32 {
		t.Data = slices.Clone(data)
		return t, nil
	}
	return t.Convert(dtype)
}

// Shape returns a copy of the shape, empty for a scalar.
func (t *Tensor) Shape() []int { return slices.Clone(t.shape) }

// DType returns the type of the elements.
func (t *Tensor) DType() DType { return t.dtype }

// Len returns the number of elements, 1 for a scalar.
func (t *Tensor) Len() int {
	n := 1
	for _, d := range t.shape {
		n *= d
	}
	return n
}

// String returns type and shape, for messages: "int8 [1 3 7 7]".
func (t *Tensor) String() string { return fmt.Sprintf("%s %v", t.dtype, t.shape) }

// Reshape returns a tensor of another shape that shares the elements.
func (t *Tensor) Reshape(shape ...int) (*Tensor, error) {
	n, err := Elements(shape)
	if err != nil {
		return nil, err
	}
	if n != int64(t.Len()) {
		return nil, fmt.Errorf("%s cannot take shape %v: %d elements, not %d", t, shape, n, t.Len())
	}
	return &Tensor{Data: t.Data, dtype: t.dtype, shape: slices.Clone(shape)}, nil
}

// Coordinates returns the indices of element i, one a dimension.
func (t *Tensor) Coordinates(i int) []int {
	at := make([]int, len(t.shape))
	for k := len(at) - 1; k >= 0; k-- {
		at[k] = i % t.shape[k]
		i /= t.shape[k]
	}
	return at
}

// Elements returns the product of a shape: 1 for a scalar, 0 if a dimension
// is 0. A negative dimension, or a product beyond int64, is an error.
func Elements(shape []int) (int64, error) {
	for i, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %v: dimension %d is %d; allowed: 0 or more", shape, i, d)
		}
	}
	if slices.Contains(shape, 0) {
		return 0, nil
	}
	n := int64(1)
	for _, d := range shape {
		if n > math.MaxInt64/int64(d) {
			return 0, fmt.Errorf("shape %v: more than %d elements", shape, int64(math.MaxInt64))
		}
		n *= int64(d)
	}
	return n, nil
}

// sized returns the number of elements of a tensor of at most limit bytes.
func sized(dtype DType, shape []int, limit int64) (int, error) {
	if !dtype.Valid() {
		return 0, fmt.Errorf("%s is no element type", dtype)
	}
	n, err := Elements(shape)
	if err != nil {
		return 0, err
	}
	size := int64(dtype.Size())
	if n > math.MaxInt64/size || n > math.MaxInt {
		return 0, fmt.Errorf("%s %v: %d elements of %d bytes are too many", dtype, shape, n, size)
	}
	if n*size > limit {
		return 0, fmt.Errorf("%s %v takes %d bytes; allowed: at most %d", dtype, shape, n*size, limit)
	}
	return int(n), nil
}

// makeData returns n zeros in the slice type that holds dtype.
func makeData(dtype DType, n int) any {
	switch dtype {
	case Int4, Int8:
		return make([]int8, n)
	case UInt4, UInt8:
		return make([]uint8, n)
	case Int16:
		return make([]int16, n)
	case Int32:
		return make([]int32, n)
	case Int64:
		return make([]int64, n)
	case Float32:
		return make([]float32, n)
	case Float64:
		return make([]float64, n)
	}
	panic("tensor: no storage for " + dtype.String())
}
