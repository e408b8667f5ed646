package reuse

import (
	"math/bits"
	"sync"
	"unsafe"
)

// Number is what memory holds: no pointers.
type Number interface {
	~int8 | ~uint8 | ~int16 | ~uint16 | ~int32 | ~uint32 | ~float32 | ~int | ~int64
}

// least is from how many bytes on memory is kept.
const least = 1 << 10

// kept are memories, by a quarter of the power of two that each is large.
var kept [4 * 64]sync.Pool

// class is that of so many bytes, and how many its memories have.
func class(size int) (number, large int) {
	step := bits.Len(uint(size-1)) - 3 // of a quarter
	quarters := (size + 1<<step - 1) >> step
	return 4*step + quarters, quarters << step
}

// Take returns n numbers of any values.
func Take[T Number](n int) []T {
	size := n * int(unsafe.Sizeof(T(0)))
	if size < least {
		return make([]T, n)
	}
	number, large := class(size)
	first, _ := kept[number].Get().(*uint64)
	if first == nil {
		first = unsafe.SliceData(make([]uint64, large/8))
	}
	if careless {
		for i := range large / 8 {
			unsafe.Slice(first, large/8)[i] = 0xa5c3_a5c3_a5c3_a5c3
		}
	}
	return unsafe.Slice((*T)(unsafe.Pointer(first)), n)
}

// Give takes back what Take returned, as long as it was, once nobody looks at it any more.
func Give[T Number](s []T) {
	size := len(s) * int(unsafe.Sizeof(T(0)))
	if size < least {
		return
	}
	number, _ := class(size)
	kept[number].Put((*uint64)(unsafe.Pointer(unsafe.SliceData(s))))
}
