package network

import (
	"math"

	"github.com/convsim/convsim/tensor"
)

// quantize returns the integer for x in the scale of index i: one division,
// rounded to float32, then rounded half to even, and only then the zero point.
// nan becomes the zero point.
func (q Quant) quantize(i int, x float32) int64 {
	return saturate(q.DType, math.RoundToEven(float64(x/q.scale(i))), q.zero(i))
}

// dequantize returns the number that integer v stands for in the scale of index i.
func (q Quant) dequantize(i int, v int64) float32 {
	return float32(v-int64(q.zero(i))) * q.scale(i)
}

// saturate adds the zero point to a whole number and limits it to the type.
func saturate(dtype tensor.DType, whole float64, zero int32) int64 {
	lo, hi := dtype.Range()
	switch y := whole + float64(zero); {
	case y != y:
		return int64(zero)
	case y <= float64(lo):
		return lo
	case y >= float64(hi):
		return hi
	default:
		return int64(y)
	}
}

// multiplier returns what makes accumulators of products of a and b elements of
// y: float32(float32(sa*sb)/sy), of index i.
func multiplier(a, b, y Quant, i int) float32 {
	return float32(a.scale(i)*b.scale(i)) / y.scale(i)
}

// requantize returns the element of y for an accumulator: one product, rounded
// to float32, then rounded half to even, and only then the zero point.
func (q Quant) requantize(acc int32, m float32, clamp *Clamp) int64 {
	product := float32(acc) * m
	return clamp.limit(saturate(q.DType, math.RoundToEven(float64(product)), q.zero(0)))
}

// limit returns v within the range; nil is no limit.
func (c *Clamp) limit(v int64) int64 {
	if c == nil {
		return v
	}
	return max(int64(c.Lo), min(v, int64(c.Hi)))
}
