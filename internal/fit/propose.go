package fit

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sched"
)

// cheapest is a design of an interval that fits without its FIFOs: the one that is cheapest by
// the shares it takes, or else one that takes less of what that took too much of. Where none
// does, it is the one that exceeds least.
func (s *search) cheapest(interval float64) (best candidate, err error) {
	const tries = 4
	least, rest := math.Inf(1), resources.Amount{}
	for range tries {
		var got candidate
		if got, rest, err = s.propose(interval, rest); err != nil {
			return candidate{}, err
		}
		over := s.over(got.Design)
		if best.Design == nil || over < least { // where there is none of something, all exceed it without end
			best, least = got, over
		}
		if over <= 1 {
			break
		}
	}
	return best, nil
}

// choose picks a fold of every layer for an interval: the cheapest by shares, or, if those do
// not fit, what weights find that are balanced for the room there is, and then what lessens the
// worst share layer by layer, since layers that are alike change all at once by weights. That
// leaves room for FIFOs, if it can be.
func (s *search) choose(interval float64, room vector) {
	even, share, taken := s.even(), parts(room), vector{}
	for _, l := range s.layers {
		l.take(interval, func(f *Fold, ultra bool) float64 {
			if ultra { // place says which weights are there, if others need room
				return math.Inf(1)
			}
			return f.takes(false).dot(even)
		})
		taken = taken.plus(l.taken())
	}
	if taken.worst(share) <= 1 {
		return
	}
	w, impossible := s.balanced(interval, filled, room, s.room(interval, s.reserve))
	if impossible {
		return
	}
	const sweeps, steep = 10, 30
	taken = s.weighed(interval, w)
	for range sweeps {
		for _, l := range s.layers {
			worst := taken.worst(share)
			if worst <= filled {
				return
			}
			others := taken.less(l.taken())
			l.take(interval, func(f *Fold, ultra bool) float64 {
				sum := 0.0
				for k, n := range others.plus(f.takes(ultra)) {
					sum += math.Exp(steep * (n*share[k] - worst))
				}
				return sum
			})
			taken = others.plus(l.taken())
		}
	}
}

// over is the largest share that a design takes of what there is, beside what is held in reserve.
func (s *search) over(d *Design) float64 {
	taken, worst := vectorOf(d.Cost.Plus(s.reserve)), 0.0
	taken[multiplier] = float64(d.Multipliers)
	for k, there := range s.room(math.Inf(1), resources.Amount{}) {
		if taken[k] > 0 {
			worst = max(worst, taken[k]/there)
		}
	}
	return worst
}

// propose folds every layer for an interval, beside a rest that is no part of a fold, and mends
// what a simulation finds too slow, until nothing is or nothing helps. It returns the rest of
// what it found.
func (s *search) propose(interval float64, rest resources.Amount) (candidate, resources.Amount, error) {
	s.own = map[string]keys{}
	for _, l := range s.layers {
		l.lanes = 0
	}
	for range mostRounds {
		s.choose(interval, s.room(interval, s.reserve.Plus(rest)))
		layers := maps.Clone(s.own)
		for _, l := range s.layers {
			f := l.folds[l.at]
			layers[l.name] = keys{array: f.Array, style: f.Style, reuse: f.Reuse, ultra: l.ultra}
		}
		d, err := s.design(layers)
		if err != nil {
			return candidate{}, rest, err
		}
		s.tell(fmt.Sprintf("a frame every %.0f cycles: %d DSP, %d LUT, %d BRAM18", d.Interval, d.Cost.DSP, d.Cost.LUT, d.Cost.BRAM18))
		if !s.mend(d, interval) {
			return candidate{Design: d, layers: layers, waits: s.waits()}, s.rest(d, layers), nil
		}
	}
	return candidate{}, rest, fmt.Errorf("no design of %.0f cycles after %d proposals", interval, mostRounds)
}

// waits are the FIFOs that the folds chosen need beside them.
func (s *search) waits() (sum resources.Amount) {
	for _, l := range s.layers {
		sum.BRAM18 += l.folds[l.at].waits
	}
	return sum
}

// rest is what a design takes beside its folds.
func (s *search) rest(d *Design, layers map[string]keys) resources.Amount {
	rest := d.Cost
	for _, l := range s.layers {
		if f := l.folds[l.at]; layers[l.name].ultra {
			rest = rest.Less(f.Ultra)
		} else {
			rest = rest.Less(f.Cost)
		}
	}
	return rest.Most(resources.Amount{})
}

// mend notes what a simulation says of folds, and asks for wider streams where
// another stage is too slow; it reports whether the next proposal may be better.
func (s *search) mend(d *Design, interval float64) bool {
	changed := false
	for _, stage := range d.Stages {
		if stage.Interval <= interval {
			continue
		}
		for _, n := range stage.Nodes {
			name := d.Unsized.Nodes[n].Layer
			if l := s.layer(name); l != nil {
				f := &l.folds[l.at]
				changed = changed || f.Cycles < stage.Interval && f.Cycles <= interval
				f.Cycles = max(f.Cycles, stage.Interval)
				continue
			}
			if !math.IsInf(stage.Interval, 1) {
				s.seen = append(s.seen, stage.Interval)
			}
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
	name := d.Unsized.Nodes[node].Layer
	k, known := s.own[name]
	if !known {
		k = keys{array: sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, style: sched.Serial}
	}
	changed := false
	switch {
	case k.style == sched.Serial:
		k.style, changed = sched.Parallel, true
	case k.array.SIMD < mostLanes:
		k.array.SIMD, changed = 2*k.array.SIMD, true
	}
	s.own[name] = k
	l := s.layer(above(d.Unsized, node))
	if l == nil {
		return changed
	}
	widest := slices.MaxFunc(l.folds, func(a, b Fold) int { return a.lanes - b.lanes }).lanes
	if l.lanes < widest && l.lanes < mostLanes {
		l.lanes, changed = max(2, 2*l.lanes), true
	}
	return changed
}
