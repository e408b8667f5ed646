package network

import (
	"fmt"

	"github.com/convsim/convsim/tensor"
)

// number is the set of element types.
type number interface {
	~int8 | ~uint8 | ~int16 | ~int32 | ~int64 | ~float32 | ~float64
}

// likeOp is a function of a slice of elements, for each type of elements.
// Go's generic functions cannot be values, so it is written out for each.
type likeOp struct {
	int8    func([]int8) []int8
	uint8   func([]uint8) []uint8
	int16   func([]int16) []int16
	int32   func([]int32) []int32
	int64   func([]int64) []int64
	float32 func([]float32) []float32
	float64 func([]float64) []float64
}

// data returns the elements of x after the function.
func (f likeOp) data(x *tensor.Tensor) any {
	switch data := x.Data.(type) {
	case []int8:
		return f.int8(data)
	case []uint8:
		return f.uint8(data)
	case []int16:
		return f.int16(data)
	case []int32:
		return f.int32(data)
	case []int64:
		return f.int64(data)
	case []float32:
		return f.float32(data)
	case []float64:
		return f.float64(data)
	}
	panic(fmt.Sprintf("network: %s holds a %T", x, x.Data))
}

// ints makes an integer tensor of f(i), wrapped round to its type.
func ints(dtype tensor.DType, shape []int, f func(i int) int64) (*tensor.Tensor, error) {
	n, err := tensor.Elements(shape)
	if err != nil {
		return nil, err
	}
	var data any
	switch dtype {
	case tensor.Int4:
		data = fill(n, func(i int) int8 { return int8(f(i) << 60 >> 60) })
	case tensor.UInt4:
		data = fill(n, func(i int) uint8 { return uint8(f(i)) & 15 })
	case tensor.Int8:
		data = fill(n, func(i int) int8 { return int8(f(i)) })
	case tensor.UInt8:
		data = fill(n, func(i int) uint8 { return uint8(f(i)) })
	case tensor.Int16:
		data = fill(n, func(i int) int16 { return int16(f(i)) })
	case tensor.Int32:
		data = fill(n, func(i int) int32 { return int32(f(i)) })
	case tensor.Int64:
		data = fill(n, f)
	}
	return tensor.From(dtype, data, shape...)
}

// reals makes a tensor of floats of f(i), rounded to its type.
func reals(dtype tensor.DType, shape []int, f func(i int) float64) (*tensor.Tensor, error) {
	n, err := tensor.Elements(shape)
	if err != nil {
		return nil, err
	}
	if dtype == tensor.Float64 {
		return tensor.From(dtype, fill(n, f), shape...)
	}
	return tensor.From(dtype, fill(n, func(i int) float32 { return float32(f(i)) }), shape...)
}

func fill[T any](n int64, f func(i int) T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}
