package fit

import (
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/sched"
)

// cheapest is a design of an interval that fits without its FIFOs, or, where none
// does, the one that is cheapest by the shares it takes.
func (s *search) cheapest(interval float64) (d *Design, layers map[string]keys, err error) {
	for i, w := range weighings(s.Options) {
		got, keys, err := s.propose(interval, w)
		if err != nil {
			return nil, nil, err
		}
		if i == 0 || s.hasRoom(got) {
			d, layers = got, keys
		}
		if s.hasRoom(got) {
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
		s.choose(interval, w, chosen)
		for _, l := range s.layers {
			f := l.folds[chosen[l.name]]
			layers[l.name] = keys{array: f.Array, style: f.Style, reuse: f.Reuse}
		}
		d, err := s.design(layers)
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
	name := d.Plan.Nodes[node].Layer
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
