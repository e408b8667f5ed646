package fit

import (
	"maps"

	"github.com/convsim/convsim/internal/resources"
)

// impossible reports whether no folds of the layers fit, however slow. Whatever fits
// keeps within every sum of limits, each with some weight; so where the folds that are
// least by such a sum exceed it, all others do.
func (s *search) impossible() bool {
	for _, w := range s.sums() {
		least := 0.0
		for _, l := range s.layers {
			least += w.least(l.folds[l.cheapest(longest, w, 0)])
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
func (o *Options) sums() []weights {
	some := []float64{0, 0.25, 1, 4}
	list := []weights{{}}
	for _, r := range []resources.Resource{resources.DSP, resources.LUT, resources.BRAM18, resources.URAM} {
		if r == resources.URAM && !o.ultra() {
			continue
		}
		var longer []weights
		for _, w := range list {
			for _, times := range some {
				with := maps.Clone(w)
				with[r] = times / float64(max(1, o.Limits.Of(r)))
				longer = append(longer, with)
			}
		}
		list = longer
	}
	return list[1:] // without the one of nothing
}
