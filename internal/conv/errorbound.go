package conv

import (
	"math"
	"slices"
)

// ErrorBound returns how far each output of a float32 convolution may be from
// the exact one, whatever the order of its sum and whether or not products are
// fused with it: the forward error bound
//
//	gamma(n) * (sum of |x*w| + |bias|) + n * 2^-149,  gamma(n) = n*u / (1 - n*u),  u = 2^-24
//
// of n = taps + 2 terms (Higham, Accuracy and Stability of Numerical
// Algorithms, section 3.1); the second term covers underflow. Two such sums
// differ by at most twice that. Operands are those of ReferenceFloat.
func ErrorBound(s Shape, x, w, bias []float32) []float64 {
	s.mustFit(NaturalOrder(s), len(x), len(w), len(bias))
	terms := s.terms(Order{slices.Concat(NaturalOrder(s)...)})
	padded, weights, biases := Padded(s, magnitudes(x)), magnitudes(w), magnitudes(bias)
	bound := eachPlane(s, func(image, channel int, y []float64) {
		window, w := group(s, padded, image, channel), weights[channel*s.Taps():][:s.Taps()]
		planeFloat(s, terms, window, w, biasOf(biases, channel), y)
	})
	n := float64(s.Taps() + 2)
	const unit = 1.0 / (1 << 24)
	gamma := math.Inf(1)
	if n*unit < 1 {
		gamma = n * unit / (1 - n*unit)
	}
	for i, magnitude := range bound {
		bound[i] = gamma*magnitude + n*math.SmallestNonzeroFloat32
	}
	return bound
}

// magnitudes returns the magnitudes of floats, nil of nil.
func magnitudes(v []float32) []float64 {
	if v == nil {
		return nil
	}
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = math.Abs(float64(x))
	}
	return out
}
