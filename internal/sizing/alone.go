package sizing

import (
	"context"
	"slices"

	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// unbounded finds the interval with FIFOs without end: that of the slowest stage
// alone, those that wires join taken as one. Where parts of the plan say nothing
// about the whole, it is that of the whole with ample FIFOs; where these filled up in
// the course of the run, not less than a port is busy for a frame.
func (s *search) unbounded() error {
	list, err := s.stages()
	s.best = max(s.best, busiestPort(s.plan))
	for _, stage := range list {
		s.best = max(s.best, stage.Interval)
	}
	return err
}

// stages are the stages of the plan.
func (s *search) stages() ([]Stage, error) {
	list := clusters(s.plan)
	if s.parts.whole {
		list = [][]int{s.all()}
	}
	deep := s.deepened()
	stages := make([]Stage, len(list))
	for i, nodes := range list {
		if cycles, ok := byBeats(s.plan.Nodes[nodes[0]].Block); ok && len(nodes) == 1 {
			stages[i] = Stage{nodes, float64(cycles)}
			continue
		}
		p, err := deep.interval(nodes)
		if err != nil {
			return nil, err
		}
		if p.dead {
			return nil, ErrNoPace
		}
		stages[i] = Stage{nodes, p.cycles}
	}
	s.runs = deep.runs
	return stages, nil
}

// busiestPort is the most cycles of a frame that a port which ends share is busy, 0 if there
// is none.
func busiestPort(p *pipeline.Plan) float64 {
	bytes, busiest := map[clock.Share]float64{}, 0.0
	for _, e := range p.Edges {
		for _, end := range []pipeline.Block{p.Nodes[e.From.Node].Block, p.Nodes[e.To.Node].Block} {
			port := clock.PortOf(end)
			if s, ok := end.(wiring.Source); !port.Given() || ok && s.Once {
				continue
			}
			bytes[port] += float64(e.Stream.Frame() * wiring.BeatBytes(e.Stream))
			busiest = max(busiest, bytes[port]*float64(port.Den)/float64(port.Num))
		}
	}
	return busiest
}

// deepened is the search with ample FIFOs; those that are not sized stay as they are.
func (s *search) deepened() search {
	deep := *s
	deep.depths = slices.Clone(s.depths)
	for i := range deep.depths {
		if s.sized(i) {
			deep.depths[i] = s.ample(i)
		}
	}
	return deep
}

// raise makes the best interval that of the whole with ample FIFOs if it is longer than those of
// stages alone, and reports whether it is: what wires join to branches that part and meet may
// be slower there.
func (s *search) raise() (bool, error) {
	deep := s.deepened()
	p, err := deep.interval(s.all())
	s.runs = deep.runs
	if err != nil || p.dead || p.cycles <= s.best {
		return false, err
	}
	s.best, s.effort = p.cycles, shortRuns
	return true, nil
}

// byBeats is the interval of a block alone that takes as long as the beats at its busiest
// port, or what it computes. Those that hold rows wait for them now and then: a run says
// how long.
func byBeats(b pipeline.Block) (cycles int64, ok bool) {
	switch b := b.(type) {
	case pe.Array:
		if b.Style == pe.FrozenLate {
			return 0, false // it may take a beat every other cycle only
		}
		cycles = b.Fold.ComputeCycles()
	case wiring.Source, wiring.Sink:
		if opensAndShuts(pipeline.Node{Block: b}) || clock.PortOf(b).Given() {
			return 0, false
		}
	case pe.Requantize, pe.Map, pe.Reduce, wiring.Fork, wiring.Join, wiring.Concat, wiring.Width, linebuffer.Pad,
		linebuffer.Tile, linebuffer.Turn:
	default:
		return 0, false
	}
	in, out := b.Streams()
	for _, s := range append(in, out...) {
		cycles = max(cycles, s.Frame())
	}
	return cycles, true
}

// Stage is what wires join, mostly one node, and its interval when nothing holds it
// up: cycles from frame to frame.
type Stage struct {
	Nodes    []int
	Interval float64
}

// Bench runs the stages of plans alone, and those of one key but once: plans of one
// network that differ in some layers have most stages in common.
type Bench struct {
	memo map[string]outcome
	work *clock.Workspace
}

// NewBench is a bench on which nothing has run yet.
func NewBench() *Bench { return &Bench{map[string]outcome{}, &clock.Workspace{}} }

// Stages are the stages of a plan. The slowest of them sets the pace of the plan with
// FIFOs without end. Where a plan cannot be taken apart, it is one stage.
func (b *Bench) Stages(ctx context.Context, p *pipeline.Plan) ([]Stage, error) {
	s, err := newSearch(ctx, p, Options{})
	if err != nil {
		return nil, err
	}
	s.memo, s.work = b.memo, b.work
	return s.stages()
}
