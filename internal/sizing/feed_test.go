package sizing

import (
	"testing"

	"github.com/convsim/convsim/pipeline/clock"
)

// TestVerdict: frames late by as much each time are too slow; what is not even tells nothing.
func TestVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		ends [][]clock.Cycle
		want float64 // 0: not clear
	}{
		"in time":                  {[][]clock.Cycle{{50, 150, 250, 350}}, 0},
		"too few":                  {[][]clock.Cycle{{50, 151, 252}}, 0},
		"late":                     {[][]clock.Cycle{{50, 151, 252, 353}}, 101},
		"late at last":             {[][]clock.Cycle{{50, 150, 251, 352, 453}}, 101},
		"late at one of two sinks": {[][]clock.Cycle{{50, 150, 250, 350}, {60, 162, 264, 366}}, 102},
		"late, and none yet":       {[][]clock.Cycle{{}, {50, 151, 252, 353}}, 101},
		"late, not evenly":         {[][]clock.Cycle{{50, 151, 252, 352}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			v := verdict{wanted: 100.5, late: 3}
			if got := v.clear(c.ends); got != (c.want > 0) || v.cycles != c.want {
				t.Errorf("clear: %t, %g cycles; want %g", got, v.cycles, c.want)
			}
		})
	}
}
