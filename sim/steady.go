package sim

import (
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// longer are the frames that are simulated beyond those of a run to find its
// steady pace: throughput is a property of the design, not of how long one looks.
var longer = []int64{8, 32, LongestSteady}

// LongestSteady is the most frames that Steady simulates of its own accord.
const LongestSteady = 128

// mostSteady bounds the cycles of the longest of them.
const mostSteady = 1 << 26

// Steady finds the steady pace of a plan that took r for the given number of
// frames: that of one period of its state. Where the run is too short for one,
// longer ones are tried; where they have none either, it is the mean of the later
// half of the longest. nil with fewer than three frames.
func Steady(p *pipeline.Plan, r *clock.Result, frames int64, o TimeOptions) (*clock.Pace, error) {
	return steady(p, r, frames, o, func(*clock.Result) {})
}

// steady is Steady that shows all runs it looks at.
func steady(p *pipeline.Plan, r *clock.Result, frames int64, o TimeOptions, ran func(*clock.Result)) (*clock.Pace, error) {
	ran(r)
	pace, ok := r.Pace()
	if !ok {
		return nil, nil
	}
	for _, more := range longer {
		if pace.Period > 0 || more <= frames {
			continue
		}
		if more > longer[0] && (!clock.Repeats(p) || float64(more)*pace.Mean > mostSteady) {
			break // patterns that never come round have no period
		}
		r, err := clock.Solve(p, clock.Options{Frames: more, EveryBeat: o.EveryBeat, Done: o.Done, Work: o.Work})
		if err != nil {
			return nil, err
		}
		ran(r)
		pace, _ = r.Pace()
	}
	return &pace, nil
}
