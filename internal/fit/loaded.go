package fit

import (
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// busiest is how much of the port to the DRAM weights may take: the rest is for layers
// that ask at the same time.
const busiest = 0.9

// deepest is how many times as deep FIFOs are made at most, and worth the share of the
// interval that remains where that pays.
const (
	deepest = 4
	worth   = 0.98
)

// times is a plan whose FIFOs above the least depth are so many times as deep, if a FIFO
// can be.
func times(p *pipeline.Plan, factor int) *pipeline.Plan {
	q := &pipeline.Plan{Nodes: p.Nodes, Edges: slices.Clone(p.Edges)}
	for i := range q.Edges {
		if e := &q.Edges[i]; e.Depth > 2 {
			e.Depth = min(e.Depth*factor, clock.Unbounded)
		}
	}
	return q
}

// fromDRAM looks for designs in which the weights of some layers come by the DRAM, if none, or
// only slower ones, fit with all of them on the chip.
func (s *search) fromDRAM(r *Result) error {
	if d := r.Design; d != nil && (d.Interval <= s.Interval || float64(d.Cost.BRAM18) <= filled*float64(s.Limits.BRAM18)) {
		return nil // it is fast enough, or memory is not what is short
	}
	hw, err := configs.ParseHardware(s.File, s.text(nil, nil))
	if err != nil {
		return err
	}
	rate, err := hw.Bandwidth()
	if err != nil {
		return nil // the board has no DRAM of a known rate: nothing fits
	}
	with, err := s.loading(hw, rate)
	if err != nil {
		return err
	}
	defer func() { s.best = with.best }()
	if r.Design != nil {
		with.below = worth * r.Design.Interval
		d, _, err := with.fastest()
		if err == nil && d != nil && d.Interval < r.Design.Interval {
			r.Design = d
		}
		return err
	}
	if with.impossible(longest) {
		c, err := with.cheapest(with.slowest())
		r.Smallest = c.Design
		return err
	}
	if s.Interval > 0 {
		d, fits, err := with.sizedAt(s.Interval)
		if err != nil || fits && d.Interval <= s.Interval {
			r.Design = d
			return err
		}
	}
	r.Design, r.Smallest, err = with.fastest()
	return err
}

// loading is a search whose weights may come by the DRAM. What a run has proven stays the best
// so far.
func (s *search) loading(hw *configs.Hardware, rate float64) (*search, error) {
	with := *s
	with.port, with.seen, with.layers = rate, nil, nil
	if with.best.Design != nil && !with.best.Proven {
		with.best = candidate{}
	}
	for _, l := range s.layers {
		own := *l
		own.folds = slices.Clone(l.folds)
		if err := own.load(hw); err != nil {
			return nil, err
		}
		with.layers = append(with.layers, &own)
	}
	return &with, nil
}

// load adds folds whose weights come by the DRAM. What takes its turn by groups has few
// weights, and keeps them.
func (l *layer) load(hw *configs.Hardware) error {
	for _, f := range l.folds[:len(l.folds):len(l.folds)] {
		for _, reuse := range []configs.Reuse{configs.PixelReuse, configs.RowReuse, configs.FrameReuse} {
			c := l.conv
			c.Fold = f.fold(c)
			if c.Fold.GroupFolds > 1 {
				continue
			}
			c.ArrayLatency = hw.ArrayLatency(c.Fold.SumLanes())
			var err error
			if c.Load, c.Tile, err = mapping.Loads(hw, reuse, c.Fold); err != nil {
				continue // more is held than can be
			}
			cost, gaps := costOf(hw, c)
			if gaps > f.gaps {
				continue
			}
			f.Reuse, f.Cost, f.Ultra, f.Loads = reuse, cost, resources.Amount{}, c.Array().Weights().FrameBytes()
			const block = 18 << 10
			f.waits = int(l.meets * int64(c.Tile) / int64(c.Fold.Shape.OutHeight*c.Fold.Shape.OutWidth) / block)
			l.folds = append(l.folds, f)
		}
	}
	return nil
}

// portTime is how long the port takes for the weights of a frame.
func (s *search) portTime(p *pipeline.Plan) float64 {
	bytes := int64(0)
	for _, n := range p.Nodes {
		if w, ok := n.Block.(pe.Weights); ok {
			bytes += w.FrameBytes()
		}
	}
	if bytes == 0 {
		return 0
	}
	return float64(bytes) / s.port
}

// prompt is a plan whose arrays have all weights whenever they need them, so that it can be
// taken apart: how long the port takes for those of all layers is known besides. It has the
// edges of the plan but those that bring weights.
func prompt(p *pipeline.Plan) *pipeline.Plan {
	q, at := &pipeline.Plan{}, map[int]int{}
	for i, n := range p.Nodes {
		switch b := n.Block.(type) {
		case pe.Weights, linebuffer.Tile:
			continue
		case pe.Array:
			b.Load = clock.Share{}
			n.Block = b
		}
		at[i] = q.Add(n.Layer, n.Block)
	}
	for _, e := range p.Edges {
		from, kept := at[e.From.Node]
		if kept {
			e.From.Node, e.To.Node = from, at[e.To.Node]
			q.Edges = append(q.Edges, e)
		}
	}
	return q
}

// deep is a plan with the depths of another that has some of its edges.
func deep(p, depths *pipeline.Plan) *pipeline.Plan {
	q := &pipeline.Plan{Nodes: p.Nodes, Edges: slices.Clone(p.Edges)}
	for _, e := range depths.Edges {
		i := slices.IndexFunc(q.Edges, func(f pipeline.Edge) bool { return f.Name == e.Name })
		q.Edges[i].Depth = e.Depth
	}
	return q
}

// together gives a design whose layers share the port its FIFOs, and runs it: what layers
// do to each other at the port only the whole shows. FIFOs are those that keep its interval
// where weights come whenever asked for, or, as long as that pays, deeper ones, in which
// layers wait for those that come late.
func (s *search) together(d *Design, layers map[string]keys) error {
	planned := *d
	found, err := s.sized(prompt(d.Plan), sizing.Options{Interval: d.Interval})
	if err != nil {
		return err
	}
	sized := deep(planned.Plan, found.Plan)
	for deeper := 1; deeper <= deepest; deeper *= 2 {
		t := planned
		if err := s.ran(&t, layers, named(times(sized, deeper))); err != nil {
			return err
		}
		if deeper > 1 && (!s.fits(&t) || t.Interval > worth*d.Interval) {
			break
		}
		if *d = t; !s.fits(d) || d.Interval <= planned.Interval {
			break
		}
	}
	return nil
}

// ran gives a design FIFOs of such depths, and, if it fits, the interval of a run.
func (s *search) ran(d *Design, layers map[string]keys, depths map[string]int) error {
	if err := s.build(d, layers, depths); err != nil {
		return err
	}
	return s.runs(d)
}

// runs gives a design that fits the interval of a run.
func (s *search) runs(d *Design) error {
	if !s.fits(d) {
		return nil
	}
	s.tell("a run of the whole")
	const frames = 4 // a mean of frames that are not even is that of so many
	return s.pace(d, frames)
}
