package fit

import (
	"github.com/convsim/convsim/internal/resources"
)

// impossible reports whether no folds of the layers fit, however slow. Whatever fits
// keeps within every sum of limits, each with some weight; so where the folds that are
// least by such a sum exceed it, all others do.
func (s *search) impossible() bool {
	for _, w := range sums(s.Limits) {
		least := 0.0
		for _, l := range s.layers {
			least += w.of(l.folds[l.cheapest(longest, w, 0)].Cost)
		}
		if least > w.of(s.Limits) {
			return true
		}
	}
	return false
}

// longest is an interval that every fold keeps.
const longest = 1 << 60

// sums are weights of resources by which designs are held to the limits: those of which
// layers take one in place of another, in several proportions.
func sums(limits resources.Amount) []weights {
	share := func(r resources.Resource) float64 { return 1 / float64(max(1, limits.Of(r))) }
	some := []float64{0, 0.25, 1, 4}
	var list []weights
	for _, dsp := range some {
		for _, lut := range some {
			for _, bram := range some {
				if dsp+lut+bram > 0 {
					list = append(list, weights{resources.DSP: dsp * share(resources.DSP), resources.LUT: lut * share(resources.LUT),
						resources.BRAM18: bram * share(resources.BRAM18)})
				}
			}
		}
	}
	return list
}
