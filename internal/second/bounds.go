package second

import (
	"math"
	"unsafe"
)

// Bounds is requantising in integers: by a fixed-point factor or a power of two, plus a zero
// point, limited. As Rounding, it computes no activations but looks whether one can be
// right: an activation stands for the sums whose product with the factor lies between
// two bounds, and where ties go moves a bound by one.
type Bounds struct {
	even     bool       // ties go to the even activation, else away from zero
	channels [][8]int64 // one, or one a channel
}

// What the numbers of a channel are: the product of an activation y above the zero point is at
// least y<<shift + from and below y<<shift + to, each one more for some y.
const (
	factor = iota
	shift
	from
	to
	one
	zero
	lowest
	highest
)

// mostBits is how long a product or a bound may be.
const mostBits = 61

// NewFixedPoint takes the scales of TensorFlow Lite's rule, finite and above 0: the product of
// a sum and 31 bits of the factor is rounded twice, first with ties up, then away from zero.
func NewFixedPoint(input, output float32, weights []float32, zeroPoint, least, most int32) *Bounds {
	b := &Bounds{}
	for _, w := range weights {
		fraction, exponent := math.Frexp(float64(input) * float64(w) / float64(output)) // the product is exact
		mantissa := int64(math.Round(math.Ldexp(fraction, 31)))
		if mantissa == 1<<31 {
			mantissa, exponent = mantissa/2, exponent+1
		}
		switch {
		case exponent < -31:
			mantissa, exponent = 0, 0
		case exponent > 30:
			mantissa, exponent = 1<<31-1, 30
		}
		first, second := 31-max(exponent, 0), max(-exponent, 0)
		tie, n := int64(1)<<(first-1), [8]int64{factor: mantissa, shift: int64(first + second)}
		n[from], n[to] = -tie, tie
		if second > 0 {
			half := int64(1) << (first + second - 1)
			n[from], n[to], n[one] = -half-tie, half-tie, 2*tie
		}
		b.add(n, zeroPoint, least, most)
	}
	return b
}

// NewPowers divides by powers of two, ties to the even activation.
func NewPowers(shifts []int, zeroPoint, least, most int32) *Bounds {
	b := &Bounds{even: true}
	for _, s := range shifts {
		n := [8]int64{factor: 1, shift: int64(s), from: 0, to: 1}
		if s > 0 && s < mostBits {
			half := int64(1) << (s - 1)
			n[from], n[to], n[one] = -half, half, 1
		}
		b.add(n, zeroPoint, least, most)
	}
	return b
}

// add adds a channel: with the shift far when its bounds are too long.
func (b *Bounds) add(n [8]int64, zeroPoint, least, most int32) {
	n[zero], n[lowest], n[highest] = int64(zeroPoint), int64(least), int64(most)
	reach := max(n[zero]-n[lowest], n[highest]-n[zero]) + 1
	if n[shift] > mostBits || reach > 1<<(mostBits-n[shift]) {
		n[shift] = far
	}
	b.channels = append(b.channels, n)
}

// far is the shift of a channel whose bounds do not fit.
const far = 64

// RowWithin returns how many activations at the beginning of got are certainly those of sums
// of a channel: of the next one it takes more to tell.
func RowWithin[T Integer](b *Bounds, channel int, sums []int32, got []T) int {
	n := &b.channels[channel%len(b.channels)]
	if n[shift] == far {
		return 0
	}
	done := 0
	for done < len(sums) {
		done += withinSome(b, n, sums[done:], got[done:])
		few := min(lanes, len(sums)-done)
		certain := b.rest(n, sums[done:done+few], func(i int) int64 { return int64(got[done+i]) })
		if done += certain; certain < few {
			break
		}
	}
	return done
}

// withinSome is RowWithin by the loops of the processor, and of as many as they take.
func withinSome[T Integer](b *Bounds, n *[8]int64, sums []int32, got []T) int {
	loops := withinLoops{}
	switch any(T(0)).(type) {
	case int8:
		loops = withinSigned
	case uint8:
		loops = withinUnsigned
	}
	loop := loops.fixed
	if b.even {
		loop = loops.shift
	}
	count := len(sums) &^ (lanes - 1)
	if loop == nil || count == 0 {
		return 0
	}
	_ = got[count-1]
	return loop(&sums[0], (*uint8)(unsafe.Pointer(&got[0])), count, n)
}

// rest is RowWithin without the loops of the processor.
func (b *Bounds) rest(n *[8]int64, sums []int32, got func(i int) int64) int {
	for i, sum := range sums {
		y, product := got(i), int64(sum)*n[factor]
		step := y - n[zero]
		least, most := step<<n[shift]+n[from], step<<n[shift]+n[to]
		if b.even && step&1 == 1 || !b.even && step <= 0 {
			least += n[one]
		}
		if b.even && step&1 == 0 || !b.even && step < 0 {
			most += n[one]
		}
		if y < n[lowest] || y > n[highest] || product < least && y > n[lowest] || product >= most && y < n[highest] {
			return i
		}
	}
	return len(sums)
}
