package sim

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"unsafe"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/second"
)

// secondFloats is compareSecond of floats, whose sums depend on the order of the arrays.
func (d *Design) secondFloats(ctx context.Context, batch conv.Shape, data *Data, frames int, y outputs) (findings, bool) {
	o := d.floats(data)
	l := second.FloatLayer{Shape: batch, Order: d.Fold.Order(), Weights: o.weight, Bias: o.bias}
	var mu sync.Mutex
	var found findings
	ok := second.FloatSums(ctx, l, o.input[:batch.InputElements()], func(image, channel, row int, sums []float32) {
		y := y()
		if y == nil {
			return
		}
		for frame := image; frame < frames; frame += batch.Batch {
			at := ((frame*batch.OutChannels+channel)*batch.OutHeight + row) * batch.OutWidth
			got := y.Data.([]float32)[at:][:len(sums)]
			if sameBits(got, sums) {
				continue
			}
			mu.Lock()
			for i, want := range sums {
				if !sameFloat(want, got[i]) {
					found.wrong.add(at+i, fmt.Sprint(want), nil, 0)
				}
			}
			mu.Unlock()
		}
	})
	return found, ok
}

// sameBits reports whether floats are the same bit for bit: those of zeros and NaNs, too.
func sameBits(a, b []float32) bool {
	return len(a) == len(b) && bytes.Equal(rawBits(a), rawBits(b))
}

func rawBits(x []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}
