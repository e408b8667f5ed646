package pe

import "math"

// fixedPoint is a multiplier as TFLite stores it: significand * 2^(shift-31),
// the significand 0 or in [2^30, 2^31).
type fixedPoint struct {
	significand int32
	shift       int // -31..30
}

// NewTFLite makes the requantisation of TFLite's int8 convolutions, which has
// no floating point at run time: the scale input*weight/output (in float64)
// becomes a 31-bit significand and a shift; the product is rounded once to the
// upper half, ties up, and once more by the shift, ties away from zero.
// Because it rounds twice and breaks ties otherwise it can differ from ONNX by
// one.
//
// The rule is that of tensorflow/lite/kernels/internal (QuantizeMultiplier and
// the double-rounding MultiplyByQuantizedMultiplier), whose two steps are
// gemmlowp's SaturatingRoundingDoublingHighMul and RoundingDivideByPOT. A scale
// of 1 or more first shifts the accumulator to the left, which in TFLite may
// overflow int32 and is then undefined; here nothing overflows. Mistakes are
// conv.Problems.
func NewTFLite(s Scales, channels int, out Output) (Requantizer, error) {
	var c checks
	s.check(&c, channels)
	c.output(out)
	if err := c.err(); err != nil {
		return nil, err
	}
	multipliers := make([]fixedPoint, len(s.Weight))
	for i, w := range s.Weight {
		multipliers[i] = newFixedPoint(float64(s.Input) * float64(w) / float64(s.Output))
	}
	return &table[fixedPoint]{spread(multipliers, channels), fixedPointScale, out}, nil
}

// newFixedPoint is the fixedPoint nearest to m >= 0: zero below 2^-32, and the
// greatest there is from 2^30 on.
func newFixedPoint(m float64) fixedPoint {
	fraction, shift := math.Frexp(m)
	significand := int64(math.Round(fraction * (1 << 31)))
	if significand == 1<<31 {
		significand, shift = 1<<30, shift+1
	}
	switch {
	case shift < -31:
		return fixedPoint{}
	case shift > 30:
		return fixedPoint{math.MaxInt32, 30}
	}
	return fixedPoint{int32(significand), shift}
}

// fixedPointScale returns acc times m.
func fixedPointScale(acc int32, m fixedPoint) int64 {
	left, right := max(m.shift, 0), max(-m.shift, 0)
	return shiftHalfAway(highMul(acc, m.significand, left), right)
}

// highMul returns acc * 2^left * significand / 2^31, rounded to nearest, ties up.
// gemmlowp writes the rounding as a nudge that depends on the sign, and a
// truncating division.
func highMul(acc, significand int32, left int) int64 {
	return (int64(acc)*int64(significand) + 1<<(30-left)) >> (31 - left)
}

// shiftHalfAway returns v / 2^shift, rounded to nearest, ties away from zero.
func shiftHalfAway(v int64, shift int) int64 {
	half := int64(1) << shift >> 1
	if v < 0 {
		return -((-v + half) >> shift)
	}
	return (v + half) >> shift
}
