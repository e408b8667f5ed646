package conv

import (
	"math"
	"math/big"
	"math/bits"
)

// Scale is the rounded result of scaling a sum of an output channel.
type Scale func(channel int, sum int64) int64

// Requantization is the reference of how sums become activations:
// clamp(Scale(sum) + ZeroPoint). It computes in integers only and shares no
// arithmetic with what models the hardware (package pe).
type Requantization struct {
	Scale           Scale
	ZeroPoint       int64
	Lowest, Highest int64
}

// Of returns the activation of a sum.
func (q Requantization) Of(channel int, sum int64) int64 {
	return max(q.Lowest, min(q.Scale(channel, sum)+q.ZeroPoint, q.Highest))
}

// beyond stands for all results beyond every range of activations.
const beyond = 1 << 40

// ScaleONNX is the rule of ONNX's QLinearConv: float32(sum) times
// float32(float32(input*weight)/output), the product a float32, rounded half to
// even. Scales are finite; weights are one, or one an output channel.
func ScaleONNX(input, output float32, weights []float32) Scale {
	factors := make([]number, len(weights))
	for i, w := range weights {
		product, _ := new(big.Rat).Mul(exact(input), exact(w)).Float32()
		quotient, _ := new(big.Rat).Quo(exact(product), exact(output)).Float32()
		fraction, exponent := math.Frexp(float64(quotient))
		factors[i] = number{uint64(fraction * (1 << float32Bits)), exponent - float32Bits}
	}
	return func(channel int, sum int64) int64 {
		f := factors[channel%len(factors)]
		acc := number{magnitude(sum), 0}.narrow()
		product := number{acc.mantissa * f.mantissa, acc.exponent + f.exponent}.narrow()
		return signed(product.whole(), sum)
	}
}

func exact(v float32) *big.Rat { return new(big.Rat).SetFloat64(float64(v)) }

// float32Bits is the length of a float32's mantissa.
const float32Bits = 24

// number is mantissa * 2^exponent.
type number struct {
	mantissa uint64
	exponent int
}

// narrow rounds to the mantissa of a float32. Its range needs no care: what is
// below it is 0 as an activation, what is above it beyond.
func (n number) narrow() number {
	if drop := bits.Len64(n.mantissa) - float32Bits; drop > 0 {
		return number{halfToEven(n.mantissa, drop), n.exponent + drop}
	}
	return n
}

// whole rounds to an integer, at most beyond.
func (n number) whole() uint64 {
	switch {
	case n.mantissa == 0:
		return 0
	case n.exponent <= 0:
		return min(halfToEven(n.mantissa, -n.exponent), beyond)
	case bits.Len64(n.mantissa)+n.exponent > bits.Len64(beyond):
		return beyond
	}
	return n.mantissa << n.exponent
}

// halfToEven returns v / 2^drop, v below 2^63, rounded to nearest, halves to the
// even quotient.
func halfToEven(v uint64, drop int) uint64 {
	if drop == 0 || drop > 63 {
		return v >> drop
	}
	quotient, rest, half := v>>drop, v&(1<<drop-1), uint64(1)<<(drop-1)
	if rest > half || rest == half && quotient%2 == 1 {
		quotient++
	}
	return quotient
}

// ScaleShift divides by 2^shift, rounded half to even; shifts are one, or one an
// output channel.
func ScaleShift(shifts []int) Scale {
	return func(channel int, sum int64) int64 {
		return signed(halfToEven(magnitude(sum), shifts[channel%len(shifts)]), sum)
	}
}

// ScaleTFLite is the rule of TensorFlow Lite's reference kernels: the factor
// input*weight/output as a significand of 31 bits and a shift, the product
// rounded once by 31 bits with halves up, once by the shift with halves away
// from zero. Weights are one, or one an output channel.
func ScaleTFLite(input, output float32, weights []float32) Scale {
	factors := make([]number, len(weights))
	for i, w := range weights {
		product := new(big.Rat).Mul(exact(input), exact(w))
		factor, _ := product.Quo(product, exact(output)).Float64()
		factors[i] = fixedPoint(factor)
	}
	return func(channel int, sum int64) int64 {
		f := factors[channel%len(factors)]
		left, right := max(f.exponent, 0), max(-f.exponent, 0)
		product := doublingHighMultiply(sum, f.mantissa, 31-left)
		return signed((product+uint64(1)<<right>>1)>>right, sum)
	}
}

// fixedPoint is the mantissa of 31 bits and the exponent that stand for
// mantissa * 2^(exponent-31), as TensorFlow Lite's QuantizeMultiplier chooses
// them: 0 for what is too small, the largest for what is too large.
func fixedPoint(factor float64) number {
	const float64Bits, significandBits = 53, 31
	fraction, exponent := math.Frexp(factor)
	const drop = float64Bits - significandBits
	mantissa := (uint64(fraction*(1<<float64Bits)) + 1<<(drop-1)) >> drop
	if mantissa == 1<<significandBits {
		mantissa, exponent = mantissa/2, exponent+1
	}
	switch {
	case exponent < -31:
		return number{}
	case exponent > 30:
		return number{1<<significandBits - 1, 30}
	}
	return number{mantissa, exponent}
}

// doublingHighMultiply returns the magnitude of sum * factor / 2^drop, rounded
// to nearest, halves up: those of negative sums towards zero.
func doublingHighMultiply(sum int64, factor uint64, drop int) uint64 {
	nudge := uint64(1) << (drop - 1)
	if sum < 0 {
		nudge--
	}
	high, low := bits.Mul64(magnitude(sum), factor)
	low, carry := bits.Add64(low, nudge, 0)
	high += carry
	if high>>drop != 0 {
		return beyond
	}
	return min(high<<(64-drop)|low>>drop, 1<<62)
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// signed gives a magnitude, cut at beyond, the sign of sum.
func signed(v uint64, sum int64) int64 {
	if sum < 0 {
		return -int64(min(v, beyond))
	}
	return int64(min(v, beyond))
}
