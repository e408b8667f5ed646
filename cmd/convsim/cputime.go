package main

import (
	"slices"
	"time"
)

// began is where wallTime counts from.
var began = time.Now()

// wallTime is the time on the wall.
func wallTime() time.Duration { return time.Since(began) }

// medianOf calls f some times, at least once and until it has used enough, and returns the
// median of what a clock says it took. Other programs on the machine make some calls
// slow, none fast.
func medianOf(clock func() time.Duration, f func() error) (time.Duration, error) {
	const most, enough = 5, 300 * time.Millisecond
	var took []time.Duration
	for start := clock(); len(took) == 0 || len(took) < most && clock()-start < enough; {
		before := clock()
		if err := f(); err != nil {
			return 0, err
		}
		took = append(took, clock()-before)
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}
