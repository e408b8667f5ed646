package sizing

import (
	"context"
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Options say what is looked for.
type Options struct {
	Frames   int64   // in a row, of every simulation: 3 or more; 0 for 4
	Slower   float64 // by how much of the best interval the design may be slower
	Interval float64 // that is short enough, where that of the stages is shorter; 0: the best
	// Rough finds depths by a run of the whole, not by hundreds: of more bits, and without a
	// proof.
	Rough    bool
	Least    int  // entries of the smallest FIFO; 0 for 2, the least that moves a beat a cycle
	Given    bool // find the interval with the depths given, too
	Curves   bool // find out how the interval depends on every depth above the least
	Round    func(e pipeline.Edge, depth int) int
	Progress func(Progress) // called after simulations; nil: not
}

// Progress is how far a search is.
type Progress struct {
	Doing string
	Runs  int   // simulations so far
	Bits  int64 // of all FIFOs as found so far
}

// FIFO is one FIFO of a plan, before and after.
type FIFO struct {
	Edge      string  `json:"edge"`
	WidthBits int     `json:"width_bits"`
	Before    int     `json:"depth_before"`
	Depth     int     `json:"depth"`
	Curve     []Point `json:"curve,omitempty"`
}

// Point is the interval of the plan with one FIFO of some depth and the others as
// found.
type Point struct {
	Depth    int      `json:"depth"`
	Interval *float64 `json:"interval"` // cycles; nil: it deadlocks
}

// Result is what a search found.
type Result struct {
	Before    *float64 // cycles from frame to frame with the depths given, if asked for; nil: it deadlocks
	Unbounded float64  // with FIFOs without end
	Interval  *float64 // with the depths found; nil: stopped before that was known
	// Proven says that a run of the whole plan has the interval wanted. Depths that
	// are not proven are at least those given.
	Proven bool
	Rough  bool   // depths are those found, without a proof
	FIFOs  []FIFO // in the order of the plan's edges, wires left out
	Plan   *pipeline.Plan
	Runs   int // simulations
}

// ErrNoPace says that a plan does not even run with FIFOs without end.
var ErrNoPace = errors.New("the plan does not run with FIFOs of any depth")

const (
	leastDepth  = 2
	leastFrames = 3
	fewFrames   = 4

	shortRuns   = 3 // times the frames
	longerRuns  = 4
	longestRuns = 16
)

// Size finds the depths of a plan's FIFOs. When ctx ends before the search does,
// the result is the best so far, and the error that of ctx.
func Size(ctx context.Context, p *pipeline.Plan, o Options) (*Result, error) {
	s, err := newSearch(ctx, p, o)
	if err != nil {
		return nil, err
	}
	if err = s.run(); err != nil && ctx.Err() == nil {
		return nil, err
	}
	return s.result(), ctx.Err()
}

// newSearch begins a search with the options filled in.
func newSearch(ctx context.Context, p *pipeline.Plan, o Options) (*search, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &search{ctx: ctx, plan: p, options: o, work: &clock.Workspace{}, effort: shortRuns}
	if o.Frames == 0 {
		s.options.Frames = fewFrames
	}
	if o.Least == 0 {
		s.options.Least = leastDepth
	}
	s.start()
	return s, nil
}

// check refuses options that say nothing.
func (o Options) check() error {
	if o.Frames != 0 && o.Frames < leastFrames || o.Slower < 0 || o.Least < 0 || o.Least > clock.Unbounded {
		return fmt.Errorf("sizing with %d frames, %g slower and depths from %d on; allowed: %d frames or more, 0 or more, 1 to %d",
			o.Frames, o.Slower, o.Least, leastFrames, clock.Unbounded)
	}
	return nil
}

// run goes through the steps of the search; again with longer runs, if those of a
// whole plan without a period turn out to have been too short; and again for what the whole
// can do, if stages alone promised more.
func (s *search) run() error {
	for raised := false; ; s.effort *= longerRuns {
		s.start()
		for _, step := range s.steps() {
			s.doing = step.doing
			if err := step.run(); err != nil {
				return err
			}
		}
		again := !(s.proven && s.exact()) && !s.options.Rough
		if again && s.effort > longestRuns {
			if again = !raised; again {
				var err error
				if again, err = s.raise(); err != nil {
					return err
				}
			}
			raised = true
		}
		if !again {
			s.doing = "curves"
			return s.curves()
		}
		s.open = true
	}
}

// exact reports whether the interval found may be off by a small share at most: where ends
// open at random, few frames tell little of what many would take.
func (s *search) exact() bool {
	const share = 0.02
	return clock.Repeats(s.plan) || s.found.slack <= share*s.found.cycles
}

// step is one of a search.
type step struct {
	doing string
	run   func() error
}

// steps are those of the search, in order.
func (s *search) steps() []step {
	list := []step{{"as given", s.asGiven}, {"stages", s.unbounded}}
	if s.options.Rough && s.options.Interval > 0 {
		list = list[:1]
	}
	if s.options.Rough {
		return append(list, step{"whole", s.roughly}, step{"rounding", s.round})
	}
	return append(list, step{"branches", s.branches}, step{"neighbours", s.neighbours}, step{"whole", s.whole}, step{"smaller", s.smaller},
		step{"rounding", s.round}, step{"proof", s.proof})
}

// round makes FIFOs as deep as hardware builds them.
func (s *search) round() error {
	for i, e := range s.plan.Edges {
		if s.sized(i) && s.options.Round != nil {
			s.depths[i] = max(s.depths[i], s.options.Round(e, s.depths[i]))
		}
	}
	return nil
}

// result is what there is so far. Without a proof no depth is below that given:
// deeper FIFOs are never slower.
func (s *search) result() *Result {
	r := &Result{Before: s.before, Unbounded: s.best, Proven: s.proven, Rough: s.rough, Runs: s.runs}
	switch {
	case s.proven:
		cycles := s.found.cycles
		r.Interval = &cycles
	case !s.rough:
		for i, e := range s.plan.Edges {
			s.depths[i] = max(s.depths[i], e.Depth)
		}
	}
	r.Plan = s.planned()
	for i, e := range s.plan.Edges {
		if s.sized(i) {
			r.FIFOs = append(r.FIFOs, FIFO{Edge: e.Name, WidthBits: e.Stream.Bits(), Before: e.Depth, Depth: s.depths[i], Curve: s.points[i]})
		}
	}
	return r
}

// asGiven finds the interval with the depths given.
func (s *search) asGiven() error {
	if !s.options.Given {
		return nil
	}
	given := *s
	given.depths = make([]int, len(s.depths))
	for i, e := range s.plan.Edges {
		given.depths[i] = e.Depth
	}
	p, err := given.interval(s.all())
	s.runs = given.runs
	if !p.dead {
		cycles := p.cycles
		s.before = &cycles
	}
	return err
}

// Totals are what the FIFOs of a plan hold and take.
type Totals struct {
	Entries int64 `json:"entries"`
	Bits    int64 `json:"bits"`
	BRAM18  int   `json:"bram18"`
}

// TotalsOf sums up the FIFOs of a plan.
func TotalsOf(p *pipeline.Plan) Totals {
	var t Totals
	for _, e := range p.Edges {
		t.Entries += int64(e.Depth)
		t.Bits += int64(e.Depth) * int64(e.Stream.Bits())
		t.BRAM18 += resources.FIFO{Depth: e.Depth, WidthBits: e.Stream.Bits()}.Cost(resources.Device{}).BRAM18
	}
	return t
}
