package clock

import (
	"context"
	"slices"

	"github.com/convsim/convsim/pipeline"
)

// Recurrence is a plan in steady state.
type Recurrence struct {
	Pace   Pace
	Ends   []Cycle // last beats of the frames that the first sink took, and of those after them that are copies
	Held   []int64 // most beats that each edge held on the way there
	Waited []bool  // as in EdgeUse
	Turned bool    // some frame waited until the one before had left
}

// Recur is Solve for those who ask for the pace alone: it ends as soon as the state of
// the whole plan recurs at the end of frames, for all later frames are known then. A
// plan that does not recur runs for all frames, of which there must be three or more, or
// until Until ends it, after three; the pace is that of the frames so far then.
func Recur(p *pipeline.Plan, o Options) (*Recurrence, error) {
	s, err := newSolver(p, o)
	if err != nil {
		return nil, err
	}
	s.lift()
	s.untilPeriod, s.until = true, o.Until
	if s.forward != nil && o.Enough > 0 {
		s.forward.evenly(o.Enough)
	}
	s.settle()
	if isClosed(o.Done) {
		return nil, context.Canceled
	}
	r := &Result{Period: s.period()}
	if r.Period.Frames == 0 && !s.ended {
		if d := s.deadlock(); d != nil {
			return nil, s.stopped(d)
		}
	}
	for _, k := range s.sinks {
		r.Sinks = append(r.Sinks, k.log.times())
	}
	found := &Recurrence{Held: s.peaks(), Waited: make([]bool, len(s.edges))}
	for i := range s.edges {
		found.Waited[i] = s.edges[i].missed()
	}
	found.Turned = slices.ContainsFunc(s.accounts, func(a *Account) bool { return a.cycles[Turnaround] > 0 })
	found.Pace = r.steady()
	found.Ends = slices.Clone(s.sinks[0].log.lasts)
	s.forward.stop()
	s.keep()
	return found, nil
}

// period is that of the plan, as far as it was found yet.
func (s *solver) period() Period {
	if s.forward == nil {
		return Period{}
	}
	return s.forward.period
}
