package sizing

import (
	"context"
	"errors"

	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
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
	rough  bool // the depths are what was asked for: there is no proof
	// open says that feeds are no measure of the whole: with them it was fast enough, and
	// is not with its sources, which can be slower where branches meet.
	open bool

	memo  map[string]outcome // by what decides the time of a plan
	work  *clock.Workspace
	runs  int
	doing string
	// effort is how many times the frames asked for every run has: it ends once a
	// period is found, so that more frames cost little.
	effort int64
}

// outcome is what a simulation found.
type outcome struct {
	pace
	period bool    // the pace is exact
	clear  bool    // a verdict is
	frames int64   // else simulated
	held   []int64 // most beats on every edge of what was simulated
}

// sure reports whether an outcome says whether a plan is fast enough.
func (o outcome) sure() bool { return o.period || o.dead || o.clear }

// start begins with every FIFO as shallow as it may be.
func (s *search) start() {
	s.depths, s.points = make([]int, len(s.plan.Edges)), map[int][]Point{}
	s.memo = map[string]outcome{}
	for i := range s.plan.Edges {
		s.depths[i] = s.least(i)
	}
	s.parts = partsOf(s.plan)
}

// sized reports whether an edge is a FIFO to be sized: a wire stays one, and what leads
// weights to an array stays as it is, for the memory of a pass is where they wait.
func (s *search) sized(edge int) bool {
	e := s.plan.Edges[edge]
	_, tile := s.plan.Nodes[e.To.Node].Block.(linebuffer.Tile)
	return e.Depth > 0 && !tile && (e.To.Port == 0 || !loads(s.plan.Nodes[e.To.Node]))
}

// loads reports whether a node is an array whose weights come.
func loads(n pipeline.Node) bool {
	a, ok := n.Block.(pe.Array)
	return ok && a.Loads()
}

// least is the smallest depth of an edge.
func (s *search) least(edge int) int {
	e := s.plan.Edges[edge]
	least := max(e.Memory.Least(), s.options.Least)
	switch {
	case e.Depth == 0:
		return 0
	case !s.sized(edge):
		return max(e.Depth, least)
	}
	return least
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

// wanted is the interval that is short enough.
func (s *search) wanted() float64 { return max(s.options.Interval, s.best*(1+s.options.Slower)) }

// fast reports whether an interval is as short as wanted.
func (s *search) fast(p pace) bool {
	const rounding = 1e-9
	return !p.dead && p.cycles-p.slack <= s.wanted()*(1+rounding)
}

// enough reports whether some nodes are fast enough with the depths as they are.
func (s *search) enough(nodes []int) (bool, error) {
	p, err := s.tried(nodes)
	return s.fast(p), err
}

// tried is the interval of some nodes with the depths as they are, if it is longer
// than wanted, else one that is not. The first frames show it mostly. Where FIFOs are still
// filling then, feeds show whether the nodes are fast enough.
func (s *search) tried(nodes []int) (pace, error) {
	p := cutOut(s.plan, s.depths, nodes).plan
	frames := s.options.Frames + 1
	if s.feeds() && len(nodes) < len(s.plan.Nodes) {
		frames = leastFrames
	}
	if o, err := s.simulated(p, frames, nil); err != nil || o.sure() {
		return o.pace, err
	}
	if s.feeds() && !(s.open && len(nodes) == len(s.plan.Nodes)) {
		o, err := s.fed(nodes, true)
		return o.pace, err
	}
	o, err := s.simulated(p, s.frames(), nil)
	return o.pace, err
}

// interval is the steady interval of some nodes with the depths as they are, with
// ideal ends where edges lead out.
func (s *search) interval(nodes []int) (pace, error) {
	o, err := s.simulated(cutOut(s.plan, s.depths, nodes).plan, s.frames(), nil)
	return o.pace, err
}

// peaks is how full the edges of the plan get with the depths as they are, 0 for those
// that are not between the nodes; nil if the nodes are not fast enough.
func (s *search) peaks(nodes []int) ([]int64, error) {
	o, err := s.fed(nodes, true)
	cut := cutOut(s.plan, s.depths, nodes)
	if err == nil && !o.sure() {
		o, err = s.simulated(cut.plan, s.frames(), nil)
	}
	if err != nil || !s.fast(o.pace) {
		return nil, err
	}
	list := make([]int64, len(s.plan.Edges))
	for i, n := range o.held {
		if e := cut.edges[i]; e >= 0 {
			list[e] = n
		}
	}
	return list, nil
}

// frames are those of a whole simulation.
func (s *search) frames() int64 { return s.options.Frames * s.effort }

// simulated simulates a plan until it recurs, or for so many frames, or until a verdict
// is clear; what is known of it is not found out twice.
func (s *search) simulated(p *pipeline.Plan, frames int64, v *verdict) (outcome, error) {
	key := string(clock.AppendPlan(nil, p))
	if o, known := s.memo[key]; known && (o.period || o.dead || o.clear && v != nil || o.frames >= frames) {
		return o, nil
	}
	if err := s.ctx.Err(); err != nil {
		return outcome{pace: never}, err
	}
	o, err := s.solve(p, frames, v)
	if err != nil {
		return outcome{pace: never}, err
	}
	s.memo[key] = o
	s.tell()
	return o, nil
}

func (s *search) solve(p *pipeline.Plan, frames int64, v *verdict) (outcome, error) {
	s.runs++
	o := clock.Options{Frames: frames, Done: s.ctx.Done(), Work: s.work}
	if v != nil {
		o.Until = v.clear
	}
	r, err := clock.Recur(p, o)
	var dead *clock.Deadlock
	if errors.As(err, &dead) {
		return outcome{pace: never}, nil
	}
	if err != nil {
		return outcome{}, err
	}
	if v != nil && v.cycles > 0 && r.Pace.Period == 0 {
		return outcome{pace: pace{cycles: v.cycles}, clear: true, held: r.Held}, nil
	}
	return outcome{pace: s.paceOf(r.Pace, frames), period: r.Pace.Period > 0, frames: frames, held: r.Held}, nil
}

// proof takes the interval of the whole plan, however many frames that takes. Where ends
// open at random it is that of as many frames as the one wanted was found in.
func (s *search) proof() error {
	p := s.planned()
	o, err := s.simulated(p, s.frames(), nil)
	if s.found = o.pace; err == nil && !o.period && !o.dead && clock.Repeats(p) {
		s.found, err = s.steady(p)
	}
	s.proven = err == nil && s.fast(s.found)
	return err
}

// steady is the interval of a plan for whose period more frames must be looked at.
func (s *search) steady(p *pipeline.Plan) (pace, error) {
	s.runs++
	o := sim.TimeOptions{Done: s.ctx.Done(), Work: s.work}
	r, err := clock.Solve(p, clock.Options{Frames: s.options.Frames, Done: o.Done, Work: o.Work})
	if err != nil {
		return never, err
	}
	steady, err := sim.Steady(p, r, s.options.Frames, o)
	if err != nil {
		return never, err
	}
	return s.paceOf(*steady, max(s.options.Frames, sim.LongestSteady)), nil
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
