package sim

import (
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// LongestSteady is the most frames that Steady simulates of its own accord.
const LongestSteady = 128

// fewSteady are those it simulates of ports that never repeat themselves, and mostly at
// least; mostSteady bounds the cycles of more, mostFew those of so few, of all edges
// together: a network of two hundred is not simulated for minutes. Where ends share a port
// nothing is skipped, and mostGranted bounds them.
const (
	fewSteady   = 8
	mostSteady  = 1 << 26
	mostFew     = 1 << 33
	mostGranted = 1 << 30
	worthMore   = 6 // fewer frames cost more than they tell
)

// Steady finds the steady pace of a plan that took r for the given number of
// frames: that of one period of its state. Where the run is too short for one, a longer
// one goes on up to its end: throughput is a property of the design, not of how long one
// looks. Where there is none, it is the mean of the later half of that run. nil with
// fewer than three frames.
func Steady(p *pipeline.Plan, r *clock.Result, frames int64, o TimeOptions) (*clock.Pace, error) {
	return steady(p, r, frames, o, clock.Room{})
}

// steady is Steady that notes in room what the longer run held.
func steady(p *pipeline.Plan, r *clock.Result, frames int64, o TimeOptions, room clock.Room) (*clock.Pace, error) {
	pace, ok := r.Pace()
	if !ok {
		return nil, nil
	}
	most := int64(mostFew)
	if clock.Shared(p) {
		most = mostGranted
	}
	more := longer(clock.Repeats(p), pace.Mean, most/int64(len(p.Edges)))
	if pace.Period > 0 || more <= frames {
		return &pace, nil
	}
	found, err := clock.Recur(p, clock.Options{Frames: more, EveryBeat: o.EveryBeat, Done: o.Done, Work: o.Work})
	if err != nil {
		return nil, err
	}
	room.Recurred(found)
	return &found.Pace, nil
}

// longer is how many frames the longer run simulates, of at most so many cycles, of a plan
// whose frames come every mean cycles.
func longer(repeats bool, mean float64, most int64) int64 {
	frames := int64(fewSteady)
	if repeats {
		frames = longest(mean)
	}
	fit := int64(float64(most) / mean)
	if fit < worthMore {
		return 0
	}
	return min(frames, fit)
}

// longest is how many frames are simulated where one comes every mean cycles.
func longest(mean float64) int64 { return min(LongestSteady, max(fewSteady, int64(mostSteady/mean))) }
