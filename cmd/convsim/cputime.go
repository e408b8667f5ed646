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
	took, err := times(clock, 5, f)
	if err != nil {
		return 0, err
	}
	return took[len(took)/2], nil
}

// leastOf is the least of more calls: of the clock on the wall, by which others make most calls slow.
func leastOf(clock func() time.Duration, f func() error) (time.Duration, error) {
	took, err := times(clock, 15, f)
	if err != nil {
		return 0, err
	}
	return took[0], nil
}

// times calls f as medianOf does, at most so often, and returns how long it took, sorted.
func times(clock func() time.Duration, most int, f func() error) (took []time.Duration, err error) {
	const enough = 300 * time.Millisecond
	for start := clock(); len(took) == 0 || len(took) < most && clock()-start < enough; {
		before := clock()
		if err := f(); err != nil {
			return nil, err
		}
		took = append(took, clock()-before)
	}
	slices.Sort(took)
	return took, nil
}
