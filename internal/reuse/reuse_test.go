package reuse

import (
	"testing"
	"unsafe"
)

// TestClasses: memory of a class has room for whatever is of it, and no more than a quarter besides.
func TestClasses(t *testing.T) {
	last := 0
	for size := least; size < 1<<20; size += 7 {
		number, large := class(size)
		if large < size || large > size+size/4 || large%8 != 0 || number < last || number >= len(kept) {
			t.Fatalf("%d bytes: class %d (%d before) of %d bytes", size, number, last, large)
		}
		if _, all := class(large); all != large {
			t.Fatalf("%d bytes are the most of a class, and need %d", large, all)
		}
		last = number
	}
}

// TestTake: what was given back is taken again, and nothing twice.
func TestTake(t *testing.T) {
	again := false
	for range 100 { // under -race some of what is given back is lost
		a := Take[int8](5000)
		first := unsafe.SliceData(a)
		Give(a)
		b, c := Take[int32](1250), Take[int32](1250)
		again = again || unsafe.Pointer(unsafe.SliceData(b)) == unsafe.Pointer(first)
		if unsafe.SliceData(b) == unsafe.SliceData(c) || len(b) != 1250 || len(c) != 1250 {
			t.Fatal("two have the same memory")
		}
		Give(b)
		Give(c)
	}
	if !again {
		t.Error("nothing was taken again")
	}
	for _, n := range []int{0, 1, least - 1} {
		if got := Take[uint8](n); len(got) != n {
			t.Errorf("%d numbers, want %d", len(got), n)
		}
	}
}
