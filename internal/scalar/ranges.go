package scalar

import "math"

// Standardize takes the mean off runs of elements, divides by their deviation, multiplies
// by a scale and adds a bias, of which there is one for each element: in float64, rounded
// once.
type Standardize struct {
	Run         int
	Epsilon     float64
	Scale, Bias []float64
}

// Of implements Vector.
func (f Standardize) Of(x []float64) []float64 {
	y := make([]float64, 0, len(x))
	for ; len(x) > 0; x = x[f.Run:] {
		mean, variance := 0.0, 0.0
		for _, v := range x[:f.Run] {
			mean += v
		}
		mean /= float64(f.Run)
		for _, v := range x[:f.Run] {
			variance += float64((v - mean) * (v - mean))
		}
		deviation := math.Sqrt(variance/float64(f.Run) + f.Epsilon)
		for _, v := range x[:f.Run] {
			at := len(y) % len(f.Scale)
			y = append(y, single(float64((v-mean)/deviation*f.Scale[at])+f.Bias[at]))
		}
	}
	return y
}

// DynamicRange makes uint8 of a run of floats by its own range, 0 included: the numbers
// quantised, or, where Scale or Zero is set, only the scale or the zero point.
type DynamicRange struct{ Scale, Zero bool }

// Of implements Vector. A range of nothing but 0 has scale 1.
func (f DynamicRange) Of(x []float64) []float64 {
	lo, hi := 0.0, 0.0
	for _, v := range x {
		lo, hi = min(lo, v), max(hi, v)
	}
	to := Scale{Scale: []float64{single(single(hi-lo) / 255)}, Lo: 0, Hi: 255}
	if to.Scale[0] == 0 {
		to.Scale[0] = 1
	}
	to.Zero = []float64{Clip{0, 255}.Of(math.RoundToEven(single(-lo/to.Scale[0])), 0)}
	switch {
	case f.Scale:
		return to.Scale
	case f.Zero:
		return to.Zero
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = Quantize{to}.Of(v, 0)
	}
	return y
}
