package simd

import (
	"slices"
	"unsafe"
)

// Depthwise multiplies windows of one channel each by the weights of that channel,
// many channels side by side. Elements are of type T; it is immutable.
type Depthwise[T int8 | uint8] struct {
	k        *kernels
	channels int
	padded   int     // channels, with what is computed beside
	weights  []int32 // by tap, channel; the lower half of 32 bits
	start    []int32
	taps     int
}

// NewDepthwise prepares weights, a list of taps a channel, one behind the other. zero is taken
// off every activation; bias may be nil. Weights must fit int16: nil if they do not.
func NewDepthwise[T int8 | uint8](weights []int32, channels int, bias []int32, zero int32) *Depthwise[T] {
	return newDepthwise[T](&use, weights, channels, bias, zero)
}

func newDepthwise[T int8 | uint8](k *kernels, weights []int32, channels int, bias []int32, zero int32) *Depthwise[T] {
	if least, most := extremesBy(k, weights, 0, 0); least < -1<<15 || most >= 1<<15 || len(weights) == 0 {
		return nil
	}
	side := max(1, k.channels)
	d := &Depthwise[T]{k: k, channels: channels, padded: (channels + side - 1) / side * side, taps: len(weights) / channels}
	d.weights, d.start = make([]int32, d.taps*d.padded), make([]int32, d.padded)
	copy(d.start, bias)
	for c := range channels {
		sum := int32(0)
		for t, w := range weights[c*d.taps:][:d.taps] {
			d.weights[t*d.padded+c] = int32(uint16(w))
			sum += w
		}
		d.start[c] -= zero * sum
	}
	return d
}

// Grow makes room for so many elements.
func (d *Depthwise[T]) Grow(r *Room, elements int) { r.grow(elements + slack) }

// Put puts elements into room.
func (d *Depthwise[T]) Put(room *Room, at int, x []T) {
	copy(room.data[at:at+len(x)], unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)))
}

// Multiply computes dst[v*dstStep+c] of so many windows, whose first channels lie step
// elements one after the other in room; taps are where those of the first are.
func (d *Depthwise[T]) Multiply(dst []int32, dstStep int, room *Room, taps []int, step, windows int) {
	if windows == 0 {
		return
	}
	_ = dst[(windows-1)*dstStep+d.channels-1]
	for _, t := range taps {
		_ = room.data[t+(windows-1)*step+d.padded-1]
	}
	loop := d.k.depthwise
	if ^T(0) > 0 {
		loop = d.k.depthwiseU
	}
	if loop == nil {
		d.plain(dst, dstStep, room, taps, step, windows)
		return
	}
	for c := 0; c < d.padded; c += d.k.channels {
		to, toStep, count := dst, dstStep, min(d.k.channels, d.channels-c)
		if count < d.k.channels {
			room.spare = slices.Grow(room.spare[:0], windows*d.k.channels)[:windows*d.k.channels]
			to, toStep = room.spare, d.k.channels
		} else {
			to = dst[c:]
		}
		loop(&to[0], 4*toStep, &room.data[c], step, &taps[0], d.taps, windows, &d.weights[c], 4*d.padded, &d.start[c])
		for v := 0; v < windows && count < d.k.channels; v++ {
			copy(dst[v*dstStep+c:][:count], room.spare[v*toStep:])
		}
	}
}

// plain is Multiply in plain loops.
func (d *Depthwise[T]) plain(dst []int32, dstStep int, room *Room, taps []int, step, windows int) {
	x := unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(room.data))), len(room.data))
	for v := range windows {
		sums := dst[v*dstStep:][:d.channels]
		copy(sums, d.start)
		for t, from := range taps {
			pixel, weights := x[from+v*step:][:len(sums)], d.weights[t*d.padded:][:len(sums)]
			for c := range sums {
				sums[c] += int32(pixel[c]) * int32(int16(weights[c]))
			}
		}
	}
}
