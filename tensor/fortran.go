package tensor

import "fmt"

// toC returns elements that lie in Fortran order (first index fastest) in C
// order.
func toC(data any, shape []int) any {
	switch data := data.(type) {
	case []int8:
		return reorder(data, shape)
	case []uint8:
		return reorder(data, shape)
	case []int16:
		return reorder(data, shape)
	case []int32:
		return reorder(data, shape)
	case []int64:
		return reorder(data, shape)
	case []float32:
		return reorder(data, shape)
	case []float64:
		return reorder(data, shape)
	}
	panic(fmt.Sprintf("tensor: no elements in a %T", data))
}

// reorder walks the destination in C order like an odometer and keeps the
// place in src up to date.
func reorder[T any](src []T, shape []int) []T {
	strides := make([]int, len(shape))
	stride := 1
	for k, d := range shape {
		strides[k] = stride
		stride *= d
	}
	dst := make([]T, len(src))
	at, place := make([]int, len(shape)), 0
	for i := range dst {
		dst[i] = src[place]
		for k := len(shape) - 1; k >= 0; k-- {
			at[k]++
			place += strides[k]
			if at[k] < shape[k] {
				break
			}
			place -= at[k] * strides[k]
			at[k] = 0
		}
	}
	return dst
}
