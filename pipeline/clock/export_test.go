package clock

import (
	"slices"

	"github.com/convsim/convsim/pipeline"
)

// Stepper is a run that stops at the boundaries of its driving process.
type Stepper struct {
	s  *solver
	at Progress
	f  *forwarder
}

// Start makes a run of a plan.
func Start(p *pipeline.Plan, frames int64) *Stepper {
	s, err := newSolver(p, Options{Frames: frames})
	if err != nil {
		panic(err)
	}
	f := s.work.forwarder(s, false)
	s.segments.end()
	s.forward, s.segments = f, nil // which compare what is altered here with what was before
	return &Stepper{s: s, f: f}
}

// Boundaries runs on and calls visit whenever the driving process has reached a
// boundary and all else has come to rest, until visit returns false.
func (r *Stepper) Boundaries(visit func(level Level) bool) {
	r.s.wakeAll()
	for {
		at, reached := r.s.advance(-1)
		if at < 0 {
			if r.s.grant() {
				continue
			}
			return
		}
		at, reached = r.s.stand(at, reached)
		r.at = reached
		if !visit(reached.Level) {
			return
		}
		r.s.wake(at)
	}
}

// Finish simulates what is left after Boundaries was stopped.
func (r *Stepper) Finish() (*Result, error) {
	r.s.forward = nil
	r.s.settle()
	return r.s.finish()
}

// Capture takes the state at a boundary.
func (r *Stepper) Capture() *Registers { return r.f.capture(r.at.At) }

// Same reports whether both states say the same, counts included.
func (v *Registers) Same(o *Registers) bool {
	return slices.Equal(v.sections, o.sections) && slices.EqualFunc(v.values, o.values, func(a, b shown) bool { return a.standing == b.standing }) && slices.Equal(v.counters, o.counters)
}

// SkipOne skips one period if the state now is that of old, with room for it,
// and moves the boundary on.
func (r *Stepper) SkipOne(old, now *Registers) bool {
	if !inPhase(r.f.gates, now.base-old.base, false) || !r.f.same(old, now, false) || r.f.periods(old, now) < 1 {
		return false
	}
	r.f.skip(old, now, 1)
	r.at.At += now.base - old.base
	return true
}

// Base is when the boundary of a state was reached.
func (v *Registers) Base() Cycle { return v.base }

// Parts returns all processes and edges.
func (r *Stepper) Parts() []any {
	var out []any
	for _, p := range r.s.procs {
		out = append(out, p.Process)
	}
	for i := range r.s.edges {
		out = append(out, &r.s.edges[i])
	}
	return out
}

// Simulated is how many beats a run of one frame simulates; what is named by without is not
// looked at by itself.
func Simulated(p *pipeline.Plan, without string) int64 {
	s, err := newSolver(p, Options{Frames: 1})
	if err != nil {
		panic(err)
	}
	switch f := s.forward; without {
	case "rear":
		f.rear = nil
	case "ends":
		for i := range f.gates {
			f.gates[i].apart = nil
		}
	}
	s.settle()
	return s.moved()
}

// Cut reports whether segments of a plan are looked at, and not the whole within frames.
func Cut(p *pipeline.Plan) bool {
	s, err := newSolver(p, Options{Frames: 1})
	return err == nil && s.segments != nil
}

// Tests cut graphs at every FIFO that holds a pixel, so that small ones have segments.
func init() { leastBetween, leastCuts, leastShown = 1, 1, 1 }

// Wide is Solve with rings that do not grow, and how many of them would.
func Wide(p *pipeline.Plan, o Options) (*Result, int, error) {
	s, err := newSolver(p, o)
	if err != nil {
		return nil, 0, err
	}
	would := 0
	for i := range s.edges {
		e := &s.edges[i]
		if e.work != nil {
			would++
		}
		for e.work != nil && e.grows < Unlimited {
			e.grow()
		}
	}
	s.approach()
	r, err := s.finish()
	return r, would, err
}

// Rings begin so small that those of small designs grow, too.
func init() { firstRing, ringsGrow = 4, 2 }

// Lulls begin where a FIFO goes on for a few beats.
func init() { leastLook, lookShare, longLull, rearLull, frontLull = 16, 32, 1, 1<<6, 1<<8 }

// Lulled is Solve, and how many lulls there were.
func Lulled(p *pipeline.Plan, o Options) (*Result, int, error) {
	s, err := newSolver(p, o)
	if err != nil {
		return nil, 0, err
	}
	e := &easing{Easer: s.forward.lull.easer}
	s.forward.lull.easer = e
	s.approach()
	r, err := s.finish()
	return r, e.lulls, err
}

// easing counts lulls.
type easing struct {
	Easer
	lulls int
}

func (e *easing) Ease(eased bool) {
	if eased {
		e.lulls++
	}
	e.Easer.Ease(eased)
}

// UpTo runs a plan up to a cycle, whatever its end.
func UpTo(p *pipeline.Plan, o Options, horizon Cycle) *Result {
	s, err := newSolver(p, o)
	if err != nil {
		panic(err)
	}
	s.lift()
	s.setHorizon(horizon)
	s.settle()
	skipped, _ := s.forward.stop()
	s.settle()
	r := s.collect(horizon)
	r.Skipped = skipped
	return r
}
