package fit

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"sort"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Options say what is looked for.
type Options struct {
	Name     string           // of the hardware
	File     string           // it will be in, for messages and what is beside it
	BoardRef string           // the board as the file names it, "" for none
	ClockMHz float64          //
	Limits   resources.Amount // what may be used
	// Multipliers are how many all arrays may have together; 0: as many as fit.
	Multipliers int
	Interval    float64 // cycles from frame to frame that are enough; 0: as few as fit
	Progress    func(doing string)

	quick bool // formulas alone say how long stages take, see Quick
}

// Result is what was found.
type Result struct {
	Design *Design // the best that fits, nil if none does
	// Wanted is the design that is as fast as asked for, if it does not fit; nil if
	// none is so fast, or Design is.
	Wanted *Design
	// OnChip is the smallest design with all weights on the chip, if none of those fits:
	// then weights of Design come by the board's DRAM.
	OnChip *Design
	// Smallest is the smallest design whose weights may come by the DRAM, if none fits.
	Smallest *Design
}

// Endless is a limit that is none.
const Endless = 1 << 30

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
	best   candidate
	// reserve is what FIFOs took beside designs that fit without them.
	reserve resources.Amount
	bench   *sizing.Bench
	large   bool                      // FIFOs are not searched
	rules   map[string]*pipeline.Plan // with FIFOs by rule, by the text of a design
	port    float64                   // bytes a cycle by which weights may come; 0: they are on the chip
	below   float64                   // intervals that are looked for
	above   float64                   // a design of this interval hangs, and so may shorter ones:
	hangs   error                     // the deadlock
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
	if err = s.onChip(r); err == nil {
		err = s.fromDRAM(r)
	}
	if err == nil && r.Design == nil {
		err = s.faster(r)
	}
	if err != nil {
		return s.stopped(r, err)
	}
	return r, nil
}

// onChip looks for designs with all weights on the chip.
func (s *search) onChip(r *Result) (err error) {
	if s.impossible(longest) {
		c, err := s.cheapest(s.slowest())
		r.OnChip = c.Design
		return err
	}
	if s.Interval > 0 {
		d, fits, err := s.sizedAt(s.Interval)
		switch {
		case err != nil:
			return err
		case d.Interval > s.Interval:
		case fits:
			r.Design = d
			return nil
		default:
			r.Wanted = d
		}
	}
	r.Design, r.OnChip, err = s.fastest()
	return err
}

// stopped is what there is when a search ends early: the best design so far, with FIFOs by
// rule if they have not been sized.
func (s *search) stopped(r *Result, err error) (*Result, error) {
	if s.ctx.Err() == nil || s.best.Design == nil {
		return nil, err
	}
	r.Design = s.best.Design
	if r.Design.Proven {
		return r, s.ctx.Err()
	}
	rules := []func() error{
		func() error { return s.byRule(r.Design, s.best.layers, inFront(r.Design.Plan)) },
		func() error { return s.byRule(r.Design, s.best.layers, nil) },
	}
	if p := s.best.ruled; p != nil {
		rules = []func() error{func() error { return s.build(r.Design, s.best.layers, named(p)) }}
	}
	for _, rule := range rules {
		if err := rule(); err != nil {
			return nil, err
		}
		if s.fits(r.Design) {
			r.Design.Text = slices.Concat([]byte(unproven), r.Design.Text)
			return r, s.ctx.Err()
		}
	}
	return nil, err
}

// unproven begins the file of a design that a search left when it was stopped.
const unproven = "# The search was interrupted: FIFOs are by rule, not sized, and no run has shown how fast this is.\n"

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
		at := targets[(len(targets)-1)*(points-1-i)/max(1, points-1)]
		d, err := s.cheapest(at)
		if err != nil {
			return list, err
		}
		if n := len(list); n == 0 || !bytes.Equal(list[n-1].Text, d.Text) {
			list = append(list, Point{Wanted: at, Text: d.Text, FPS: d.FPS(), Interval: d.Interval, Cost: d.Cost, Fits: s.fits(d.Design)})
		}
	}
	return list, nil
}

func newSearch(ctx context.Context, g *network.Graph, o *Options) (*search, error) {
	s := &search{Options: o, ctx: ctx, graph: g, below: math.Inf(1), bench: sizing.NewBench(), rules: map[string]*pipeline.Plan{}}
	hw, err := configs.ParseHardware(o.File, o.text(nil, nil))
	if err != nil {
		return nil, err
	}
	net, err := mapping.Ample(hw, g)
	if err != nil {
		return nil, err
	}
	s.large = beatsOf(net.Plan) > large
	if s.layers = layersOf(hw, net, s.ultra()); len(s.layers) == 0 {
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
// slow, shortest first.
func (s *search) targets() []float64 {
	list := slices.Clone(s.seen)
	for _, l := range s.layers {
		for _, f := range l.folds {
			list = append(list, f.Cycles)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// longest is an interval that every fold keeps, slowest the longest there is.
const longest = 1 << 60

func (s *search) slowest() float64 { return slices.Max(s.targets()) }

// shortest calls try with targets down to the shortest for which it reports that a design
// fits, by bisection. Those that cannot be are left out.
func (s *search) shortest(targets []float64, try func(interval float64) (fits bool, err error)) error {
	var err error
	sort.Search(len(targets), func(i int) (fits bool) {
		if err == nil && !s.impossible(targets[i]) {
			fits, err = try(targets[i])
		}
		return fits || err != nil
	})
	return err
}

// fastest is the design of the shortest interval that fits. Where FIFOs are what does not
// fit, the next design leaves room for as much. If that leaves none, smallest is the one that
// takes least, with its FIFOs if it fits without; those may take less than others did.
func (s *search) fastest() (found, smallest *Design, err error) {
	s.reserve = resources.Amount{}
	for {
		c, err := s.unsized()
		if err != nil {
			return nil, nil, err
		}
		if c.Design == nil && !math.IsInf(s.below, 1) {
			return nil, nil, nil
		}
		if c.Design == nil && s.hangs != nil {
			return nil, nil, s.hangs
		}
		if c.Design == nil {
			s.reserve = resources.Amount{}
			smallest, _, err = s.sizedAt(s.slowest())
			return nil, smallest, err
		}
		before := c.Cost
		if fits, err := s.try(c); err != nil || fits {
			return c.Design, nil, err
		}
		s.reserve = s.reserve.Most(c.Cost.Less(before))
	}
}

// faster takes the smallest design with all weights on the chip if that fits and none is
// faster whose weights come by the DRAM; if there is none of those, designs are tried between
// that and the fastest, each with its own FIFOs.
func (s *search) faster(r *Result) error {
	small, loaded := r.OnChip, r.Design
	if small == nil || !s.fits(small) {
		return nil
	}
	if r.OnChip, r.Smallest = nil, nil; loaded == nil || small.Interval < loaded.Interval {
		r.Design = small
	}
	if loaded != nil {
		return nil
	}
	targets := s.targets()
	return s.shortest(targets[:len(targets)-1], func(interval float64) (bool, error) {
		d, fits, err := s.sizedAt(interval)
		if err == nil && fits && d.Interval < r.Design.Interval {
			r.Design = d
		}
		return fits, err
	})
}

// unsized is the design of the shortest interval that fits without its FIFOs, beside what
// is held in reserve for them, found by bisection; what simulations say of folds gives new
// intervals to try.
func (s *search) unsized() (best candidate, err error) {
	for shortest := s.below; ; shortest = best.Interval {
		c, err := s.bisect(shortest)
		if err != nil || c.Design == nil || c.Interval >= shortest {
			return best, err
		}
		best = c
	}
}

// candidate is a design that fits without its FIFOs.
type candidate struct {
	*Design
	layers map[string]keys
	waits  resources.Amount // of FIFOs that are known to be needed
	ruled  *pipeline.Plan   // with FIFOs by rule, if it is large
}

// bisect finds a design that fits and whose interval is as short as can be, shorter than the
// one given; none if there is none.
func (s *search) bisect(below float64) (best candidate, err error) {
	targets := s.targets()
	tooLong, _ := slices.BinarySearch(targets, below)
	targets = targets[:tooLong]
	if s.large {
		targets = apart(targets)
	}
	err = s.shortest(targets, func(interval float64) (bool, error) {
		c, fits, err := s.withRoom(interval)
		if err != nil || !fits || c.Interval <= s.above {
			return false, err
		}
		if best.Design == nil || c.Interval < best.Interval {
			best = c
			s.soFar(best)
		}
		return true, nil
	})
	return best, err
}

// sizedAt is the cheapest design of an interval, with its FIFOs sized if it would fit
// without, and whether it fits.
func (s *search) sizedAt(interval float64) (*Design, bool, error) {
	c, fits, err := s.withRoom(interval)
	if err == nil && fits {
		fits, err = s.try(c)
	}
	return c.Design, fits, err
}

// try gives a design its FIFOs, and says whether it fits with them. One that hangs in the last
// run, of which FIFOs by rule have seen two frames only, does not: a slower one is next.
func (s *search) try(c candidate) (fits bool, err error) {
	before, interval := s.best, c.Interval
	s.soFar(c)
	var dead *clock.Deadlock
	switch err = s.finish(c); {
	case errors.As(err, &dead):
		s.above, s.hangs = max(s.above, interval), err
	case err != nil:
		return false, err
	default:
		fits = s.fits(c.Design)
	}
	switch proven := before.Design != nil && before.Proven; {
	case fits && (!proven || c.Interval < before.Interval):
		s.best = c
	case before.Design == c.Design:
		s.best = candidate{}
	default:
		s.best = before
	}
	return fits, nil
}

// soFar has a design be the best so far, unless a run has proven another.
func (s *search) soFar(c candidate) {
	if s.best.Design == nil || !s.best.Proven {
		s.best = c
	}
}

// finish gives a design its FIFOs, and the interval that a run of the whole has.
func (s *search) finish(c candidate) error {
	for _, name := range slices.Sorted(maps.Keys(c.layers)) {
		if c.layers[name].reuse != "" {
			c.Loaded = append(c.Loaded, name)
		}
	}
	switch {
	case c.ruled != nil:
		return s.coarsely(c)
	case s.port > 0:
		return s.together(c.Design, c.layers)
	}
	return s.size(c.Design, c.layers)
}
