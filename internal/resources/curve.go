package resources

import "math"

// point is one known value of a curve.
type point struct{ x, y float64 }

// powerLaw returns the curve through the points at x: between two of them, and
// beyond the ends, a power law (a straight line on double logarithmic paper).
// Points ascend in x, there are at least two, and all are above 0; at(0) is 0.
//
// The energy of an adder grows about linearly with its width, of a multiplier
// about quadratically, of a memory access about with the root of its size:
// power laws all, so the two points tell the exponent.
func powerLaw(points []point, x float64) float64 {
	if x <= 0 {
		return 0
	}
	i := 1
	for i < len(points)-1 && x > points[i].x {
		i++
	}
	a, b := points[i-1], points[i]
	exponent := math.Log(b.y/a.y) / math.Log(b.x/a.x)
	return a.y * math.Pow(x/a.x, exponent)
}
