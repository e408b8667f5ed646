package simd

import "unsafe"

// FixedPoint is a factor: Significand * 2^(Left-Right-31), one of the shifts 0, both below
// 32, Left below 31. The product is rounded after 31-Left bits, ties up, and again by Right,
// ties away from zero.
type FixedPoint struct {
	Significand int32
	Left, Right int
}

// Integers makes bytes of sums in integers: by fixed-point factors, or powers of two. It
// is immutable.
type Integers struct {
	loop       fixedFunc
	parameters []int64
	limits     [3]int64 // zero point, lowest, highest
	channels   int
	rule       func(sum int64, channel int) int64
}

// lanes64 is how many numbers of 64 bits lie side by side.
const lanes64 = 4

// bias is what makes numbers of 64 bits positive.
const bias = -1 << 63

// NewFixedPoint takes a factor a channel, and limits of the result, which must fit the bytes
// it is used for.
func NewFixedPoint(factors []FixedPoint, zero, lowest, highest int32) *Integers {
	return newFixedPoint(&use, factors, zero, lowest, highest)
}

func newFixedPoint(k *kernels, factors []FixedPoint, zero, lowest, highest int32) *Integers {
	r := &Integers{loop: k.fixed, limits: [3]int64{int64(zero), int64(lowest), int64(highest)}, channels: len(factors)}
	r.rule = func(sum int64, channel int) int64 {
		f := factors[channel]
		v := (sum*int64(f.Significand) + 1<<(30-f.Left)) >> (31 - f.Left)
		half := int64(1) << f.Right >> 1
		if v < 0 {
			return -((half - v) >> f.Right)
		}
		return (v + half) >> f.Right
	}
	r.arrange(func(channel int) []int64 {
		f := factors[channel]
		shift := 31 - f.Left
		return []int64{int64(f.Significand), bias + 1<<(shift-1), int64(shift), 1 << (63 - shift), 1 << f.Right >> 1, int64(f.Right)}
	})
	return r
}

// NewShifts takes a power of two a channel, 0 to 31: sums are divided by it, half to even.
func NewShifts(shifts []int, zero, lowest, highest int32) *Integers {
	return newShifts(&use, shifts, zero, lowest, highest)
}

func newShifts(k *kernels, shifts []int, zero, lowest, highest int32) *Integers {
	r := &Integers{loop: k.shifts, limits: [3]int64{int64(zero), int64(lowest), int64(highest)}, channels: len(shifts)}
	under := func(s int) (half, bit int64) { // just under a half, and the bit that lifts it
		if s == 0 {
			return 0, 0
		}
		return 1<<(s-1) - 1, 1
	}
	r.rule = func(sum int64, channel int) int64 {
		s := shifts[channel]
		half, bit := under(s)
		return (sum + half + sum>>s&bit) >> s
	}
	r.arrange(func(channel int) []int64 {
		s := shifts[channel]
		half, bit := under(s)
		back := uint64(1) << 63 >> s
		return []int64{bias + half, bit, int64(s), int64(back)}
	})
	return r
}

// arrange puts the parameters of as many channels as come round in whole vectors into
// their order.
func (r *Integers) arrange(of func(channel int) []int64) {
	channels := r.channels
	for channels%(2*lanes64) != 0 {
		channels += r.channels
	}
	for first := 0; first < channels; first += lanes64 {
		var lanes [lanes64][]int64
		for i := range lanes {
			lanes[i] = of((first + i) % r.channels)
		}
		for p := range lanes[0] {
			for _, lane := range lanes {
				r.parameters = append(r.parameters, lane[p])
			}
		}
	}
}

// ApplyIntegers requantises whole pixels of all channels.
func ApplyIntegers[T int8 | uint8](r *Integers, dst []T, sums []int32) {
	dst = dst[:len(sums)]
	done := 0
	if r.loop != nil {
		if done = len(sums) &^ (2*lanes64 - 1); done > 0 {
			r.loop((*uint8)(unsafe.Pointer(&dst[0])), &sums[0], done, &r.parameters[0], 8*len(r.parameters), &r.limits)
		}
	}
	for i := done; i < len(sums); i++ {
		dst[i] = T(max(r.limits[1], min(r.limits[2], r.rule(int64(sums[i]), i%r.channels)+r.limits[0])))
	}
}
