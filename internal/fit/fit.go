package fit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sched"
)

// Options say what is looked for.
type Options struct {
	Name     string           // of the hardware
	File     string           // it will be in, for messages and what is beside it
	BoardRef string           // the board as the file names it
	ClockMHz float64          //
	Limits   resources.Amount // what may be used
	Interval float64          // cycles from frame to frame that are enough; 0: as few as fit
	Progress func(doing string)
}

// Result is what was found.
type Result struct {
	Design *Design // the best that fits, nil if none does
	// Wanted is the design that is as fast as asked for, if it does not fit; nil if
	// none is so fast, or Design is.
	Wanted *Design
}

// Point is a design of a curve.
type Point struct {
	Wanted   float64 // interval asked for
	Text     []byte  // of the hardware file
	FPS      float64
	Interval float64
	Cost     resources.Amount
	Fits     bool
}

// search is a network being fitted.
type search struct {
	*Options
	ctx    context.Context
	graph  *network.Graph
	layers []*layer
	own    map[string]keys // of layers that do not multiply
	seen   []float64       // intervals of stages that do not multiply, as simulated
	best   *Design
}

// mostRounds bounds how often a proposal is mended.
const mostRounds = 200

// Find looks for hardware. When ctx ends before, the result is the best so far, and
// the error that of ctx.
func Find(ctx context.Context, g *network.Graph, o Options) (*Result, error) {
	s, err := newSearch(ctx, g, &o)
	if err != nil {
		return nil, err
	}
	r := &Result{}
	if o.Interval > 0 {
		d, err := s.sizedAt(o.Interval)
		if err == nil && d.Interval <= o.Interval && s.fits(d) {
			return &Result{Design: d}, nil
		}
		if err != nil {
			return s.stopped(r, err)
		}
		if d.Interval <= o.Interval {
			r.Wanted = d
		}
	}
	if r.Design, err = s.fastest(); err != nil {
		return s.stopped(r, err)
	}
	return r, nil
}

// stopped is what there is when a search ends early.
func (s *search) stopped(r *Result, err error) (*Result, error) {
	if s.ctx.Err() == nil || s.best == nil {
		return nil, err
	}
	r.Design = s.best
	return r, s.ctx.Err()
}

// Curve is the trade-off: the cheapest designs of ever shorter intervals, down to the
// fastest there is, before FIFOs are sized.
func Curve(ctx context.Context, g *network.Graph, o Options, points int) ([]Point, error) {
	s, err := newSearch(ctx, g, &o)
	if err != nil {
		return nil, err
	}
	var list []Point
	targets := s.targets()
	for i := range points {
		at := targets[i*(len(targets)-1)/max(1, points-1)]
		d, _, err := s.cheapest(at)
		if err != nil {
			return list, err
		}
		if n := len(list); n == 0 || !bytes.Equal(list[n-1].Text, d.Text) {
			list = append(list, Point{Wanted: at, Text: d.Text, FPS: d.FPS(), Interval: d.Interval, Cost: d.Cost, Fits: s.fits(d)})
		}
	}
	return list, nil
}

func newSearch(ctx context.Context, g *network.Graph, o *Options) (*search, error) {
	s := &search{Options: o, ctx: ctx, graph: g}
	hw, err := configs.ParseHardware(o.File, o.text(nil, nil))
	if err != nil {
		return nil, err
	}
	net, err := mapping.Ample(hw, g)
	if err != nil {
		return nil, err
	}
	if s.layers = layersOf(hw, net); len(s.layers) == 0 {
		return nil, errors.New("the network has no layer that multiplies: nothing is to be folded")
	}
	return s, nil
}

func (s *Options) tell(doing string) {
	if s.Progress != nil {
		s.Progress(doing)
	}
}

// targets are the intervals at which a layer's fold changes, or another stage gets too
// slow, longest first.
func (s *search) targets() []float64 {
	list := slices.Clone(s.seen)
	for _, l := range s.layers {
		for _, f := range l.folds {
			list = append(list, f.Cycles)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	slices.Reverse(list)
	return list
}

// fastest is the design of the shortest interval that fits, nil if none does. Without
// their FIFOs, designs are found by bisection; what simulations say of folds gives new
// intervals to try. Then FIFOs are sized, of the fastest first.
func (s *search) fastest() (*Design, error) {
	var list []candidate
	for shortest := math.Inf(1); ; {
		c, err := s.bisect(shortest)
		if err != nil {
			return nil, err
		}
		if c.Design == nil || c.Interval >= shortest {
			break
		}
		shortest = c.Interval
		list = append(list, c)
	}
	for _, c := range slices.Backward(list) {
		if err := s.size(s.ctx, s.graph, c.Design, c.layers); err != nil {
			return nil, err
		}
		if s.best = c.Design; s.fits(c.Design) {
			return c.Design, nil
		}
	}
	return s.smaller(list)
}

// candidate is a design that fits without its FIFOs.
type candidate struct {
	*Design
	layers map[string]keys
}

// smaller goes on to longer intervals where FIFOs are what does not fit.
func (s *search) smaller(list []candidate) (*Design, error) {
	s.best = nil
	if len(list) == 0 {
		return nil, nil
	}
	for _, at := range slices.Backward(s.targets()) {
		if at <= list[0].Interval {
			continue
		}
		d, err := s.sizedAt(at)
		if err != nil || s.fits(d) {
			return d, err
		}
	}
	return nil, nil
}

// bisect finds a design that fits and whose interval is as short as can be, among
// targets shorter than the one given; none if there is none.
func (s *search) bisect(below float64) (best candidate, err error) {
	targets := slices.DeleteFunc(s.targets(), func(t float64) bool { return t >= below })
	slow, fast := -1, len(targets) // slow fits, fast does not
	for fast-slow > 1 {
		middle := slow + (fast-slow)/2
		d, layers, err := s.cheapest(targets[middle])
		if err != nil {
			return candidate{}, err
		}
		if !s.fits(d) {
			fast = middle
			continue
		}
		slow = middle
		if best.Design == nil || d.Interval < best.Interval {
			best = candidate{d, layers}
			s.best = d
		}
	}
	return best, nil
}

// sizedAt is the cheapest design of an interval, with its FIFOs sized if it would fit
// without.
func (s *search) sizedAt(interval float64) (*Design, error) {
	d, layers, err := s.cheapest(interval)
	if err != nil || !s.fits(d) {
		return d, err
	}
	return d, s.size(s.ctx, s.graph, d, layers)
}

// fits reports whether a design keeps within the limits.
func (s *search) fits(d *Design) bool { return len(Exceeded(d.Cost, s.Limits)) == 0 }

// Over is a resource of which a design takes too much.
type Over struct {
	Resource        resources.Resource
	Used, Available int
}

// Exceeded lists what is taken too much of.
func Exceeded(cost, limits resources.Amount) []Over {
	var list []Over
	for _, r := range resources.Resources() {
		if cost.Of(r) > limits.Of(r) {
			list = append(list, Over{r, cost.Of(r), limits.Of(r)})
		}
	}
	return list
}

// cheapest is a design of an interval that fits without its FIFOs, or, where none
// does, the one that is cheapest by the shares it takes.
func (s *search) cheapest(interval float64) (d *Design, layers map[string]keys, err error) {
	for i, w := range weighings(s.Limits) {
		got, keys, err := s.propose(interval, w)
		if err != nil {
			return nil, nil, err
		}
		if i == 0 || s.fits(got) {
			d, layers = got, keys
		}
		if s.fits(got) {
			break
		}
	}
	return d, layers, nil
}

// propose folds every layer for an interval, and mends what a simulation finds too
// slow, until nothing is or nothing helps.
func (s *search) propose(interval float64, w weights) (*Design, map[string]keys, error) {
	s.own = map[string]keys{}
	for _, l := range s.layers {
		l.lanes = 0
	}
	for range mostRounds {
		layers := map[string]keys{}
		chosen := map[string]int{}
		for name, k := range s.own {
			layers[name] = k
		}
		for _, l := range s.layers {
			chosen[l.name] = l.cheapest(interval, w)
			layers[l.name] = keys{l.folds[chosen[l.name]].Array, l.folds[chosen[l.name]].Style}
		}
		d, err := s.design(s.ctx, s.graph, layers)
		if err != nil {
			return nil, nil, err
		}
		s.tell(fmt.Sprintf("a frame every %.0f cycles: %d DSP, %d LUT, %d BRAM18", d.Interval, d.Cost.DSP, d.Cost.LUT, d.Cost.BRAM18))
		if !s.mend(d, interval, chosen) {
			return d, layers, nil
		}
	}
	return nil, nil, fmt.Errorf("no design of %.0f cycles after %d proposals", interval, mostRounds)
}

// mend notes what a simulation says of folds, and asks for wider streams where
// another stage is too slow; it reports whether the next proposal may be better.
func (s *search) mend(d *Design, interval float64, chosen map[string]int) bool {
	changed := false
	for _, stage := range d.Stages {
		if stage.Interval <= interval {
			continue
		}
		for _, n := range stage.Nodes {
			name := d.Plan.Nodes[n].Layer
			if l := s.layer(name); l != nil {
				f := &l.folds[chosen[name]]
				changed = changed || f.Cycles < stage.Interval && f.Cycles <= interval
				f.Cycles = max(f.Cycles, stage.Interval)
				continue
			}
			s.seen = append(s.seen, stage.Interval)
			changed = s.widen(d, n) || changed
		}
	}
	return changed
}

func (s *search) layer(name string) *layer {
	for _, l := range s.layers {
		if l.name == name {
			return l
		}
	}
	return nil
}

// widen lets a stage that does not multiply handle more a cycle: all taps at once,
// then twice the lanes of its own, and of the layer its stream comes from.
func (s *search) widen(d *Design, node int) bool {
	const mostLanes = 64
	name := d.Plan.Nodes[node].Layer
	k, known := s.own[name]
	if !known {
		k = keys{sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Serial}
	}
	changed := false
	switch {
	case k.style == sched.Serial:
		k.style, changed = sched.Parallel, true
	case k.array.SIMD < mostLanes:
		k.array.SIMD, changed = 2*k.array.SIMD, true
	}
	s.own[name] = k
	l := s.layer(above(d.Plan, node))
	if l == nil {
		return changed
	}
	widest := slices.MaxFunc(l.folds, func(a, b Fold) int { return a.lanes - b.lanes }).lanes
	if l.lanes < widest && l.lanes < mostLanes {
		l.lanes, changed = max(2, 2*l.lanes), true
	}
	return changed
}
