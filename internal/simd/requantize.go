package simd

import (
	"math"
	"unsafe"
)

// Requantizer makes bytes of sums: float32(sum) times the factor of its channel,
// rounded to float32, rounded half to even, plus a zero point, limited. It is
// immutable.
type Requantizer struct {
	k               *kernels
	factors         []float32 // of as many channels as come round in whole vectors
	channels        int
	lowest, highest float32 // before the zero point
	zero            int32
}

// NewRequantizer takes a finite factor a channel, and limits of the result, which
// must fit the bytes it is used for.
func NewRequantizer(factors []float32, zero, lowest, highest int32) *Requantizer {
	return newRequantizer(&use, factors, zero, lowest, highest)
}

func newRequantizer(k *kernels, factors []float32, zero, lowest, highest int32) *Requantizer {
	r := &Requantizer{k: k, channels: len(factors), lowest: float32(lowest - zero), highest: float32(highest - zero), zero: zero}
	side := max(1, k.requantized)
	for len(r.factors) == 0 || len(r.factors)%side != 0 {
		r.factors = append(r.factors, factors...)
	}
	return r
}

// Apply requantises whole pixels of all channels.
func Apply[T int8 | uint8](r *Requantizer, dst []T, sums []int32) {
	dst = dst[:len(sums)]
	done := 0
	if r.k.requantize != nil {
		if done = len(sums) / r.k.requantized * r.k.requantized; done > 0 {
			to := (*uint8)(unsafe.Pointer(&dst[0]))
			r.k.requantize(to, &sums[0], done, &r.factors[0], len(r.factors), r.lowest, r.highest, r.zero)
		}
	}
	for i := done; i < len(sums); i++ {
		dst[i] = T(r.of(sums[i], r.factors[i%len(r.factors)]))
	}
}

// of is the plain rule. Limits are whole numbers, so it does not matter that they
// come before the rounding.
func (r *Requantizer) of(sum int32, factor float32) int32 {
	product := float32(float32(sum) * factor)
	switch {
	case product <= r.lowest:
		product = r.lowest
	case product >= r.highest:
		product = r.highest
	}
	return int32(math.RoundToEven(float64(product))) + r.zero
}
