package sizing

import (
	"testing"

	"github.com/convsim/convsim/pipeline/clock"
)

// TestVerdict: frames late by as much each time are too slow, those in time tell behind feeds
// alone, and what is not yet even tells nothing.
func TestVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		ends   [][]clock.Cycle
		either bool
		want   float64 // 0: not clear yet
	}{
		"in time":                  {[][]clock.Cycle{{50, 150, 250, 350}}, true, 100},
		"in time, no feeds":        {[][]clock.Cycle{{50, 150, 250, 350}}, false, 0},
		"in time at last":          {[][]clock.Cycle{{50, 170, 270, 365, 465}}, true, 100},
		"too few":                  {[][]clock.Cycle{{50, 150, 250}}, true, 0},
		"late":                     {[][]clock.Cycle{{50, 151, 252, 353}}, false, 101},
		"late at one of two sinks": {[][]clock.Cycle{{50, 150, 250, 350}, {60, 162, 264, 366}}, true, 102},
		"late, and none yet":       {[][]clock.Cycle{{50, 151, 252, 353}, {}}, true, 101},
		"in time, and none yet":    {[][]clock.Cycle{{50, 150, 250, 350}, {}}, true, 0},
		"late, not evenly":         {[][]clock.Cycle{{50, 151, 252, 352}}, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			v := verdict{wanted: 100.5, alike: 3, either: c.either}
			if got := v.clear(c.ends); got != (c.want > 0) || v.cycles != c.want {
				t.Errorf("clear: %t, %g cycles; want %g", got, v.cycles, c.want)
			}
		})
	}
}
