package sizing

import (
	"context"
	"errors"

	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sim"
)

// pace is the interval of a plan.
type pace struct {
	cycles float64 // from frame to frame, in the mean
	slack  float64 // by how much the mean may be too long, where no period was found
	dead   bool    // it deadlocks: there is none
}

var never = pace{dead: true}

// paceOf is the pace of a run of so many frames. Where no period was found, the mean
// is that of the later half of the intervals; with ends that open and shut, the first
// and last of them may be any.
func (s *search) paceOf(p clock.Pace, frames int64) pace {
	if p.Period > 0 || !s.parts.throttled {
		return pace{cycles: p.Mean}
	}
	return pace{cycles: p.Mean, slack: float64(p.Most-p.Least) / float64(max(1, frames/2))}
}

// search is a plan whose FIFOs are being sized.
type search struct {
	ctx     context.Context
	plan    *pipeline.Plan
	options Options
	depths  []int // by edge, as found so far
	points  map[int][]Point
	parts   parts

	before *float64 // the interval with the depths given
	best   float64  // the interval with FIFOs without end
	found  pace     // that with the depths, once a run has shown it
	proven bool

	memo  map[string]pace // by what decides the time of a plan
	peaks map[string][]int64
	work  *clock.Workspace
	runs  int
	doing string
	// effort is how many times the frames asked for every run has: a period is skipped
	// once it is found, so that more frames cost little.
	effort int64
}

// start begins with every FIFO as shallow as it may be.
func (s *search) start() {
	s.depths, s.points = make([]int, len(s.plan.Edges)), map[int][]Point{}
	s.memo, s.peaks = map[string]pace{}, map[string][]int64{}
	for i := range s.plan.Edges {
		s.depths[i] = s.least(i)
	}
	s.parts = partsOf(s.plan)
}

// sized reports whether an edge is a FIFO: a wire stays one.
func (s *search) sized(edge int) bool { return s.plan.Edges[edge].Depth > 0 }

// least is the smallest depth of an edge.
func (s *search) least(edge int) int {
	e := s.plan.Edges[edge]
	if e.Depth == 0 {
		return 0
	}
	return max(e.Memory.Least(), s.options.Least)
}

// ample is a depth of an edge that stands for one without end: it holds several
// frames.
func (s *search) ample(edge int) int {
	const frames, more = 3, 64
	return int(min(frames*s.plan.Edges[edge].Stream.Frame()+more, clock.Unbounded))
}

// planned is the plan with the depths found so far.
func (s *search) planned() *pipeline.Plan {
	q := &pipeline.Plan{Nodes: s.plan.Nodes, Edges: append([]pipeline.Edge(nil), s.plan.Edges...)}
	for i := range q.Edges {
		q.Edges[i].Depth = s.depths[i]
	}
	return q
}

// fast reports whether an interval is as short as wanted.
func (s *search) fast(p pace) bool {
	const rounding = 1e-9
	return !p.dead && p.cycles-p.slack <= s.best*(1+s.options.Slower)*(1+rounding)
}

// enough reports whether some nodes are fast enough with the depths as they are.
func (s *search) enough(nodes []int) (bool, error) {
	p, err := s.interval(nodes)
	return s.fast(p), err
}

// interval is the steady interval of some nodes with the depths as they are, with
// ideal ends where edges lead out.
func (s *search) interval(nodes []int) (pace, error) {
	p, _, err := s.simulated(nodes)
	return p, err
}

// simulated is the interval of some nodes, and how full the edges of the plan got,
// 0 for those outside.
func (s *search) simulated(nodes []int) (pace, []int64, error) {
	cut := cutOut(s.plan, s.depths, nodes)
	key := string(clock.AppendPlan(nil, cut.plan))
	got, known := s.memo[key]
	if !known {
		if err := s.ctx.Err(); err != nil {
			return never, nil, err
		}
		r, p, err := s.solve(cut.plan)
		if err != nil {
			return never, nil, err
		}
		got = p
		s.memo[key] = got
		if r != nil {
			s.peaks[key] = occupancies(r)
		}
		s.tell()
	}
	peaks := make([]int64, len(s.plan.Edges))
	for i, n := range s.peaks[key] {
		if e := cut.edges[i]; e >= 0 {
			peaks[e] = n
		}
	}
	return got, peaks, nil
}

// solve simulates a plan for as many frames as the effort says.
func (s *search) solve(p *pipeline.Plan) (*clock.Result, pace, error) {
	s.runs++
	r, err := clock.Solve(p, clock.Options{Frames: s.options.Frames * s.effort, Done: s.ctx.Done(), Work: s.work})
	var dead *clock.Deadlock
	if errors.As(err, &dead) {
		return nil, never, nil
	}
	if err != nil {
		return nil, never, err
	}
	steady, _ := r.Pace()
	return r, s.paceOf(steady, s.options.Frames*s.effort), nil
}

// proof takes the interval of the whole plan, however many frames that takes.
func (s *search) proof() error {
	s.runs++
	p, o := s.planned(), sim.TimeOptions{Done: s.ctx.Done(), Work: s.work}
	r, err := clock.Solve(p, clock.Options{Frames: s.options.Frames, Done: o.Done, Work: o.Work})
	if err != nil {
		return err
	}
	steady, err := sim.Steady(p, r, s.options.Frames, o)
	if err != nil {
		return err
	}
	s.found = s.paceOf(*steady, max(s.options.Frames, sim.LongestSteady))
	s.proven = s.fast(s.found)
	return nil
}

func occupancies(r *clock.Result) []int64 {
	peaks := make([]int64, len(r.Edges))
	for i, e := range r.Edges {
		peaks[i] = e.MaxOccupancy
	}
	return peaks
}

// all are the nodes of the plan.
func (s *search) all() []int {
	nodes := make([]int, len(s.plan.Nodes))
	for i := range nodes {
		nodes[i] = i
	}
	return nodes
}

func (s *search) tell() {
	if s.options.Progress == nil {
		return
	}
	bits := int64(0)
	for i, e := range s.plan.Edges {
		bits += int64(s.depths[i]) * int64(e.Stream.Bits())
	}
	s.options.Progress(Progress{s.doing, s.runs, bits})
}
