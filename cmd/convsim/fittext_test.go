package main

import (
	"strings"
	"testing"
)

// TestFitSaysWhatLasts: where a run's mean is less than its slowest stage takes alone, that cannot go on.
func TestFitSaysWhatLasts(t *testing.T) {
	for mean, uneven := range map[float64]bool{226_958: true, 235_200: false, 240_000: false} {
		var b strings.Builder
		r := fitReport{Interval: &mean, Proven: true, Limiting: []limitingLayer{{"a", "array", 235_200}, {"b", "window", 9}}}
		r.writeDesign(&b)
		text := strings.Join(strings.Fields(b.String()), " ")
		if strings.Contains(text, "which is what lasts: 235,200 cycles") != uneven {
			t.Errorf("a mean of %g:\n%s", mean, b.String())
		}
	}
}
