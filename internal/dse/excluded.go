package dse

import (
	"slices"

	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/metric"
)

// Excluded is how many points of a space break constraints on parameters alone: counted, not listed, since points that
// agree in the axes that the constraints name share their fate.
type Excluded struct {
	Constraints []string `json:"constraints"`
	Points      int64    `json:"points"`
}

// mostCounted bounds the combinations of values that are tried for constraints that go together.
const mostCounted = 1 << 22

// linked are constraints with the axes that they name; constraints that share an axis go together.
type linked struct {
	constraints []int
	axes        []int // rising
}

// excluded counts exactly. Constraints that name too many values are left out; nil if none is left.
func (s *Sweep) excluded() *Excluded {
	var counted []int
	kept := s.Axes.Size()
	for _, group := range s.linkedConstraints() {
		combinations := int64(1)
		for _, a := range group.axes {
			combinations *= min(int64(s.Axes.Axis(a).Len()), mostCounted+1)
			if combinations > mostCounted {
				break
			}
		}
		if combinations > mostCounted {
			continue
		}
		counted = append(counted, group.constraints...)
		kept = kept / combinations * s.holding(group, combinations)
	}
	if len(counted) == 0 {
		return nil
	}
	slices.Sort(counted)
	e := &Excluded{Points: s.Axes.Size() - kept}
	for _, c := range counted {
		e.Constraints = append(e.Constraints, s.Definition.Constraints[c])
	}
	return e
}

// holding counts the combinations of the axes of a group for which all its constraints hold.
func (s *Sweep) holding(group linked, combinations int64) int64 {
	n := s.Judge.Names
	env := make([]expr.Value, n.Len())
	coords := make([]int, s.Axes.Axes())
	values := s.Axes.Point(0)
	unknown := metric.Unknown()
	held := int64(0)
	for i := range combinations {
		rest := i
		for _, a := range group.axes {
			length := int64(s.Axes.Axis(a).Len())
			coords[a] = int(rest % length)
			rest /= length
		}
		s.Axes.PointInto(s.Axes.Index(coords), values)
		n.SetParameters(env, values)
		n.SetMetrics(env, &unknown)
		s.Judge.SetDerived(env)
		broken := s.Judge.Broken(env, group.constraints)
		if len(broken) == 0 {
			held++
		}
	}
	return held
}

// linkedConstraints are the constraints on parameters alone, those with axes in common together.
func (s *Sweep) linkedConstraints() []linked {
	var groups []linked
	for c, p := range s.Judge.Constraints {
		axes, alone := s.axesOf(p.Program)
		if !alone {
			continue
		}
		merged := linked{[]int{c}, axes}
		groups = slices.DeleteFunc(groups, func(g linked) bool {
			shared := slices.ContainsFunc(g.axes, func(a int) bool { return slices.Contains(merged.axes, a) })
			if shared {
				merged.constraints, merged.axes = append(merged.constraints, g.constraints...), append(merged.axes, g.axes...)
			}
			return shared
		})
		slices.Sort(merged.axes)
		merged.axes = slices.Compact(merged.axes)
		groups = append(groups, merged)
	}
	return groups
}

// axesOf are the axes that a program names, itself or by derived values; alone says that it names no metric.
func (s *Sweep) axesOf(p *expr.Program) (axes []int, alone bool) {
	n := s.Judge.Names
	for _, slot := range p.Uses() {
		if slices.Contains(n.Metrics[:], slot) {
			return nil, false
		}
		for _, d := range s.Judge.Derived {
			if d.Slot != slot {
				continue
			}
			inner, parameters := s.axesOf(d.Program)
			if !parameters {
				return nil, false
			}
			axes = append(axes, inner...)
		}
		if i := slices.Index(n.Axes, slot); i >= 0 {
			axes = append(axes, s.axisOf(i))
		}
	}
	slices.Sort(axes)
	return slices.Compact(axes), true
}

// axisOf is the axis of the parameter at a position of the names of the space.
func (s *Sweep) axisOf(parameter int) int {
	for a := range s.Axes.Axes() {
		if parameter -= len(s.Axes.Axis(a).Names()); parameter < 0 {
			return a
		}
	}
	panic("dse: no such parameter")
}
