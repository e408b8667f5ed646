package scalar

import "math"

// Table is a function of an 8-bit integer: entry i is the result of the one whose
// byte is i.
type Table [256]int16

// Of implements Function.
func (f Table) Of(x float64, _ int) float64 { return float64(f[uint8(int64(x))]) }

// Everything is a Clip without limits.
func Everything() Clip { return Clip{math.Inf(-1), math.Inf(1)} }

// Wrap makes integers of another width of integers, which wrap round, or floats.
type Wrap struct {
	Bits   int
	Signed bool
	Float  bool
}

// Of implements Function.
func (f Wrap) Of(x float64, _ int) float64 {
	if f.Float {
		return single(x)
	}
	return wrap(int64(x), f.Bits, f.Signed)
}

func wrap(v int64, bits int, signed bool) float64 {
	shift := uint(64 - bits)
	if signed {
		return float64(v << shift >> shift)
	}
	return float64(uint64(v) << shift >> shift)
}

// Truncate makes integers of floats, cut off towards zero.
type Truncate struct {
	Bits   int
	Signed bool
}

// Of implements Function.
func (f Truncate) Of(x float64, _ int) float64 {
	whole := int64(0)
	switch {
	case x >= math.MaxInt64:
		whole = math.MaxInt64
	case x <= math.MinInt64:
		whole = math.MinInt64
	case x == x:
		whole = int64(x)
	}
	return wrap(whole, f.Bits, f.Signed)
}

// Affine is (x - Mean) / Deviation * Scale + Bias with an entry a channel, in
// float64, rounded once: batch normalisation.
type Affine struct{ Mean, Deviation, Scale, Bias []float64 }

// Of implements Function.
func (f Affine) Of(x float64, channel int) float64 {
	return single(float64((x-at(f.Mean, channel))/at(f.Deviation, channel)*at(f.Scale, channel)) + at(f.Bias, channel))
}
