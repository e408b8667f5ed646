package mapping

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// imageAxes is the order of the axes of images: channels innermost.
func imageAxes(rank int) []int {
	var axes []int
	for a := 2; a < rank; a++ {
		axes = append(axes, a)
	}
	if rank > 1 {
		axes = append(axes, 1)
	}
	return axes
}

// naturalAxes is the order in which elements lie in memory.
func naturalAxes(rank int) []int {
	var axes []int
	for a := 1; a < rank; a++ {
		axes = append(axes, a)
	}
	return axes
}

// lastAxis is the size of the innermost axis.
func lastAxis(t network.Type, axes []int) int {
	if len(axes) == 0 {
		return 1
	}
	return t.Shape[axes[len(axes)-1]]
}

// streamOf is the stream of a tensor: its outermost axis are rows, its innermost
// one is spread over lanes.
func streamOf(t network.Type, axes []int, lanes int) (sched.Stream, error) {
	elem := t.DType
	if elem == tensor.Int64 {
		elem = tensor.Int32 // indices: wider than any frame needs
	}
	switch elem {
	case tensor.Int8, tensor.UInt8, tensor.Int4, tensor.UInt4, tensor.Int16, tensor.Int32, tensor.Float32:
	default:
		return sched.Stream{}, fmt.Errorf("%s; allowed: streams of int4 to int32, uint4, uint8 and float32", t)
	}
	if len(t.Shape) == 0 {
		return sched.Stream{}, fmt.Errorf("%s has no batch axis", t)
	}
	s := sched.Stream{Elem: elem, Lanes: lanes, Rows: 1, Pixels: 1, Beats: int64(lastAxis(t, axes)) / int64(lanes)}
	for i, a := range axes {
		switch {
		case i == len(axes)-1:
		case i == 0 && len(axes) > 2:
			s.Rows = int64(t.Shape[a])
		default:
			s.Pixels *= int64(t.Shape[a])
		}
	}
	if s.Frame() == 0 {
		return s, fmt.Errorf("%s has no elements", t)
	}
	return s, nil
}

// sameOrder reports whether two orders of axes give the same sequence: axes of
// size 1 do not matter.
func sameOrder(t network.Type, a, b []int) bool {
	long := func(axes []int) []int {
		return slices.DeleteFunc(slices.Clone(axes), func(x int) bool { return t.Shape[x] == 1 })
	}
	return slices.Equal(long(a), long(b))
}
