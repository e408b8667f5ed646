package scalar

import "math"

// Combination is a function of two numbers.
type Combination interface{ Of(a, b float64) float64 }

// Float is an operation on float32, rounded once. The names are ONNX's.
type Float struct{ Name string }

// Of implements Combination.
func (f Float) Of(a, b float64) float64 { return single(operate(f.Name, a, b)) }

// Integer is an operation on int32, which wraps round; quotients are cut off
// towards zero.
type Integer struct{ Name string }

// Of implements Combination.
func (f Integer) Of(a, b float64) float64 {
	if f.Name == "Div" {
		if b == 0 {
			return 0
		}
		return float64(int32(int64(a) / int64(b)))
	}
	switch f.Name {
	case "Add", "Sum":
		return float64(int32(a) + int32(b))
	case "Sub":
		return float64(int32(a) - int32(b))
	case "Mul":
		return float64(int32(a) * int32(b))
	}
	return operate(f.Name, a, b)
}

// Narrow is an operation on integers of fewer bits, which wrap round.
type Narrow struct {
	Name   string
	Bits   int
	Signed bool
}

// Of implements Combination.
func (f Narrow) Of(a, b float64) float64 {
	return wrap(int64(Integer{f.Name}.Of(a, b)), f.Bits, f.Signed)
}

// Truth is a condition on two numbers: 1 where it holds. The names are ONNX's, and
// NotEqual.
type Truth struct{ Name string }

// Of implements Combination.
func (f Truth) Of(a, b float64) float64 {
	holds := false
	switch f.Name {
	case "Equal":
		holds = a == b
	case "NotEqual":
		holds = a != b
	case "Less":
		holds = a < b
	case "LessOrEqual":
		holds = a <= b
	case "Greater":
		holds = a > b
	case "GreaterOrEqual":
		holds = a >= b
	case "And":
		holds = a != 0 && b != 0
	case "Or":
		holds = a != 0 || b != 0
	default:
		panic("scalar: no condition " + f.Name)
	}
	if holds {
		return 1
	}
	return 0
}

// Operations are the names Float and Integer know.
func Operations() []string {
	return []string{"Add", "Sum", "Sub", "Mul", "Div", "Max", "Min", "Pow"}
}

func operate(name string, a, b float64) float64 {
	switch name {
	case "Add", "Sum":
		return a + b
	case "Sub":
		return a - b
	case "Mul":
		return a * b
	case "Div":
		return a / b
	case "Max":
		return max(a, b)
	case "Min":
		return min(a, b)
	case "Pow":
		return math.Pow(a, b)
	}
	panic("scalar: no operation " + name)
}

// Scale is what integers stand for: (q - Zero) * Scale, with a scale and a zero point
// for all or one a channel.
type Scale struct {
	Scale, Zero []float64
	Lo, Hi      float64 // the range of the integers
}

// Quantize makes integers of floats: divided by the scale, rounded half to even,
// the zero point added, limited.
type Quantize struct{ To Scale }

// Of implements Function.
func (f Quantize) Of(x float64, channel int) float64 {
	q := math.RoundToEven(single(x / at(f.To.Scale, channel)))
	if q != q {
		q = 0
	}
	return Clip{f.To.Lo, f.To.Hi}.Of(q+at(f.To.Zero, channel), 0)
}

// Dequantize makes floats of integers.
type Dequantize struct{ From Scale }

// Of implements Function.
func (f Dequantize) Of(q float64, channel int) float64 {
	return single(single(q-at(f.From.Zero, channel)) * at(f.From.Scale, channel))
}

// Rescale multiplies an integer by a float32 factor, rounds half to even, adds
// the zero point and limits: requantisation by ONNX's rule, with a factor for
// all or one a channel.
type Rescale struct {
	Factor       []float64
	Zero, Lo, Hi float64
}

// Of implements Function.
func (f Rescale) Of(x float64, channel int) float64 {
	q := math.RoundToEven(single(single(x) * at(f.Factor, channel)))
	return Clip{f.Lo, f.Hi}.Of(q+f.Zero, 0)
}

// AddScaled is com.microsoft's QLinearAdd: a and b are integers as they are, the
// zero points are in K, and both multiplications are fused with their sum. One scale
// each.
type AddScaled struct {
	A, B, K float64 // float32: scales of a and b by that of the sum; the constant
	Lo, Hi  float64
}

// NewAddScaled works out the constants.
func NewAddScaled(a, b, c Scale) AddScaled {
	f := AddScaled{A: single(a.Scale[0] / c.Scale[0]), B: single(b.Scale[0] / c.Scale[0]), Lo: c.Lo, Hi: c.Hi}
	f.K = single(c.Zero[0] - single(single(f.A*a.Zero[0])+single(f.B*b.Zero[0])))
	return f
}

// Of implements Combination. A product of an 8-bit integer and a float32 is exact in
// float64, and so is, for the scales of real networks, its sum with a float32, so
// that rounding once to float32 is what a fused operation does.
func (f AddScaled) Of(a, b float64) float64 {
	y := fused(b, f.B, fused(a, f.A, f.K))
	return Clip{f.Lo, f.Hi}.Of(math.RoundToEven(y), 0)
}

// fused is x*y + z rounded once to float32. The product is exact in float64; the
// sum is rounded to odd, so that rounding it again is the same as rounding once.
func fused(x, y, z float64) float64 {
	p := x * y
	s := p + z
	t := s - p
	if lost := (p - (s - t)) + (z - t); lost != 0 && math.Float64bits(s)&1 == 0 {
		up := lost > 0
		if up == (s > 0) {
			s = math.Float64frombits(math.Float64bits(s) + 1)
		} else {
			s = math.Float64frombits(math.Float64bits(s) - 1)
		}
	}
	return single(s)
}

// MulScaled is com.microsoft's QLinearMul: the product without zero points,
// rescaled. One scale each.
type MulScaled struct {
	AZero, BZero float64
	Rescale      Rescale
}

// NewMulScaled works out the constants.
func NewMulScaled(a, b, c Scale) MulScaled {
	m := single(single(a.Scale[0]*b.Scale[0]) / c.Scale[0])
	return MulScaled{AZero: a.Zero[0], BZero: b.Zero[0], Rescale: Rescale{Factor: []float64{m}, Zero: c.Zero[0], Lo: c.Lo, Hi: c.Hi}}
}

// Of implements Combination.
func (f MulScaled) Of(a, b float64) float64 { return f.Rescale.Of((a-f.AZero)*(b-f.BZero), 0) }
