package fit

import (
	"context"
	"math"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/sim"
)

// Quick is Find by formulas alone: of every stage the beats at its ports and what arrays
// compute. FIFOs are those that the plan has by itself. One run says how fast the design
// is, as it says of the hardware file.
func Quick(ctx context.Context, g *network.Graph, o Options) (*Result, error) {
	o.quick = true
	s, err := newSearch(ctx, g, &o)
	if err != nil {
		return nil, err
	}
	c, err := s.quickest()
	if err != nil {
		return s.stopped(&Result{}, err)
	}
	r := &Result{Design: c.Design}
	switch {
	case c.Design == nil:
		c, err = s.cheapest(s.slowest())
		r.OnChip = c.Design
		return r, err
	case o.Interval > 0 && !s.fits(c.Design):
		r.Design, r.Wanted = nil, c.Design
		return r, nil
	}
	s.best = c
	if err := s.proven(c.Design, c.layers); err != nil {
		return s.stopped(r, err)
	}
	return r, nil
}

// quickest is the design of the interval wanted, or else of the shortest that fits, nil if
// none does.
func (s *search) quickest() (candidate, error) {
	if s.Interval > 0 {
		return s.cheapest(s.Interval)
	}
	return s.bisect(math.Inf(1))
}

// byFormula are the nodes of a plan as stages, each with the beats at its busiest port
// or the cycles that its arrays compute.
func byFormula(p *pipeline.Plan) []sizing.Stage {
	list := make([]sizing.Stage, len(p.Nodes))
	for i, n := range p.Nodes {
		list[i].Nodes = []int{i}
		if a, ok := n.Block.(pe.Array); ok {
			list[i].Interval = float64(a.Fold.ComputeCycles())
		}
	}
	for _, e := range p.Edges {
		for _, i := range []int{e.From.Node, e.To.Node} {
			list[i].Interval = max(list[i].Interval, float64(e.Stream.Frame()))
		}
		if concats(p, e) && roomFor(e) > clock.Unbounded {
			list[e.To.Node].Interval = math.Inf(1) // no FIFO holds that
		}
	}
	return list
}

// byRule gives a design its FIFOs, by name: some first, then those of a run where streams meet,
// in which weights come whenever they are asked for; room for frames, if that run would be
// long. It does not heed that a search is stopped.
func (s *search) byRule(d *Design, layers map[string]keys, first map[string]int) error {
	p, err := s.roomy(layers, first)
	if err != nil {
		return err
	}
	const soon = 1 << 27 // steps of which a second or two is enough
	if steps(p) <= soon/framesHeld {
		if _, err := hold(p, framesHeld, sim.TimeOptions{Work: &clock.Workspace{}}); err != nil {
			return err
		}
	}
	return s.build(d, layers, named(p))
}

// steps is about how many a run of a frame takes.
func steps(p *pipeline.Plan) int64 {
	sum := beatsOf(p)
	for _, n := range p.Nodes {
		if a, ok := n.Block.(pe.Array); ok {
			sum += a.Fold.ComputeCycles()
		}
	}
	return sum
}

// proven gives a design its FIFOs, by name, and the interval of a run, which is that of
// FIFOs that hold frames where streams meet: depths that are never reached change nothing.
func (s *search) proven(d *Design, layers map[string]keys) error {
	s.tell("a run of three frames")
	if err := s.ctx.Err(); err != nil {
		return err
	}
	p, err := s.roomy(layers, inFront(d.Plan))
	if err != nil {
		return err
	}
	o := sim.TimeOptions{Done: s.ctx.Done(), Work: &clock.Workspace{}}
	r, err := hold(p, framesHeld, o)
	if err != nil {
		return err
	}
	if err := s.build(d, layers, named(p)); err != nil {
		return err
	}
	return s.paced(d, r, framesHeld, o)
}

// framesHeld are those of the run that says what FIFOs hold.
const framesHeld = 3

// hold has the FIFOs of a plan where streams meet be as deep as they got in a run, and returns
// that run.
func hold(p *pipeline.Plan, frames int64, o sim.TimeOptions) (*clock.Result, error) {
	q := prompt(p)
	r, err := clock.Solve(q, clock.Options{Frames: frames, Done: o.Done, Work: o.Work})
	if err != nil {
		return nil, err
	}
	for i := range q.Edges {
		q.Edges[i].Depth = min(q.Edges[i].Depth, int(r.Edges[i].MaxOccupancy)+1)
	}
	for i, e := range deep(p, q).Edges {
		if meets(p, e) {
			p.Edges[i].Depth = e.Depth
		}
	}
	return r, nil
}

// roomy is a plan in which FIFOs hold a frame where streams meet, and two in front of a
// concat: what waits for all of a frame, as the mean of an image does, takes the next one
// while the one before leaves.
func (s *search) roomy(layers map[string]keys, depths map[string]int) (*pipeline.Plan, error) {
	hw, err := configs.ParseHardware(s.File, s.text(layers, depths))
	if err != nil {
		return nil, err
	}
	net, err := mapping.Ample(hw, s.graph)
	if err != nil {
		return nil, err
	}
	for i, e := range net.Plan.Edges {
		switch {
		case concats(net.Plan, e):
			net.Plan.Edges[i].Depth = int(min(roomFor(e), clock.Unbounded))
		case multiplies(net.Plan.Nodes[e.To.Node]): // what meets there are weights
			net.Plan.Edges[i].Depth = max(2, depths[e.Name])
		}
	}
	return net.Plan, nil
}

// roomFor are the beats of the frames that wait in front of a concat.
func roomFor(e pipeline.Edge) int64 { return 2 * e.Stream.Frame() }

func concats(p *pipeline.Plan, e pipeline.Edge) bool {
	_, ok := p.Nodes[e.To.Node].Block.(wiring.Concat)
	return ok
}

func meets(p *pipeline.Plan, e pipeline.Edge) bool {
	in, _ := p.Nodes[e.To.Node].Block.Streams()
	return len(in) > 1
}

// inFront are the depths of FIFOs in front of layers that multiply, and of their arrays.
func inFront(p *pipeline.Plan) map[string]int {
	folds := map[string]sched.Fold{}
	for _, n := range p.Nodes {
		if a, ok := n.Block.(pe.Array); ok {
			folds[n.Layer] = a.Fold
		}
	}
	depths := map[string]int{}
	for _, e := range p.Edges {
		from, to := p.Nodes[e.From.Node], p.Nodes[e.To.Node]
		f, folded := folds[to.Layer]
		_, shifts := from.Block.(linebuffer.ShiftWindow)
		switch {
		case folded && from.Layer != to.Layer:
			depths[e.Name] = int(min(max(2, ahead(f)), clock.Unbounded))
		case folded && shifts:
			depths[e.Name] = int(min(2+betweenRows(f)*f.Vectors()/f.ComputeCycles(), clock.Unbounded))
		}
	}
	return depths
}

// ahead are the beats that a layer takes at once as soon as there is room again: a pixel,
// or, with strides, the rows between. The last windows of an image need nothing new where
// they lie on padding; so many rows of the next image come meanwhile.
func ahead(f sched.Fold) int64 {
	rows := min(f.Shape.Stride.H-1+f.Shape.Pad.Bottom, f.Shape.InHeight)
	return f.PixelBeats() * max(1, int64(rows)*int64(f.Shape.InWidth))
}

// betweenRows are the beats that a parallel window shifts from the last of a row to the
// first of the next, while arrays have only what waits in front of them. The first of a row
// may come before the last one has shifted a whole stride.
func betweenRows(f sched.Fold) int64 {
	s := f.Shape
	return f.PixelBeats() * int64(max(0, s.Stride.H*s.PaddedWidth()-s.OutWidth*s.Stride.W))
}

// pace gives a design the interval that a run of so many frames has.
func (s *search) pace(d *Design, frames int64) error {
	o := sim.TimeOptions{Done: s.ctx.Done(), Work: &clock.Workspace{}}
	r, err := clock.Solve(d.Plan, clock.Options{Frames: frames, Done: o.Done, Work: o.Work})
	if err != nil {
		return err
	}
	return s.paced(d, r, frames, o)
}

// paced gives a design the interval of a run.
func (s *search) paced(d *Design, r *clock.Result, frames int64, o sim.TimeOptions) error {
	pace, err := sim.Steady(d.Plan, r, frames, o)
	if err != nil {
		return err
	}
	d.Interval, d.Proven = pace.Mean, true
	return nil
}
