package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/convsim/convsim/internal/dse/pareto"
)

// individual is a point of a population with what is known of it.
type individual struct {
	index      int64
	coords     []int
	objectives []float64
	violation  float64
	rank       int     // 0 is the best front
	crowding   float64 // room around it within its front
}

// learn copies a result into the individual.
func (m *individual) learn(r Result, objectives int) {
	if !(r.Violation >= 0) {
		panic(fmt.Sprintf("search: violation %v of point %d, want 0 or more", r.Violation, r.Index))
	}
	m.violation = r.Violation
	if r.Violation > 0 && len(r.Objectives) == 0 {
		return
	}
	if len(r.Objectives) != objectives {
		panic(fmt.Sprintf("search: %d objectives of point %d, want %d", len(r.Objectives), r.Index, objectives))
	}
	for k, x := range r.Objectives {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			panic(fmt.Sprintf("search: objective %d of point %d is %v, want a finite number", k, r.Index, x))
		}
	}
	m.objectives = slices.Clone(r.Objectives)
}

// before is the constraint domination of Deb et al.: the smaller violation wins, and among equal ones
// dominance does. It decides among illegal points too: counts of broken constraints form wide plateaus, and
// the objectives lead across them. Of equal vectors only one wins: ranking all of them first would fill the
// population with copies of one trade-off.
func (m *individual) before(o *individual) bool {
	switch {
	case m.violation != o.violation:
		return m.violation < o.violation
	case len(m.objectives) == 0 || len(o.objectives) == 0:
		return len(m.objectives) > len(o.objectives)
	case slices.Equal(m.objectives, o.objectives):
		return m.lot() < o.lot()
	}
	return pareto.Dominates(m.objectives, o.objectives)
}

// lot settles what the objectives leave open. The index itself would favour the low end of the first axes.
func (m *individual) lot() uint64 { return mix(uint64(m.index)) }

// fitter is the crowded comparison: the better front first, then the emptier neighbourhood, then the lot.
func fitter(a, b individual) int {
	return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.crowding, a.crowding), cmp.Compare(a.lot(), b.lot()))
}

// survivors ranks the population and returns its n fittest members, fittest first.
func survivors(pop []individual, n int) []individual {
	for rank, front := range fronts(pop) {
		for _, i := range front {
			pop[i].rank = rank
		}
		crowd(pop, front)
	}
	slices.SortFunc(pop, fitter)
	return pop[:min(n, len(pop))]
}

// fronts is the fast non-dominated sort: positions of the members that nothing precedes, then of those preceded by the
// first front only, and so on. It compares every pair once.
func fronts(pop []individual) [][]int {
	beaten := make([]int, len(pop)) // members before this one, not yet in a front
	beats := make([][]int, len(pop))
	for i := range pop {
		for j := range i {
			switch {
			case pop[i].before(&pop[j]):
				beats[i], beaten[j] = append(beats[i], j), beaten[j]+1
			case pop[j].before(&pop[i]):
				beats[j], beaten[i] = append(beats[j], i), beaten[i]+1
			}
		}
	}
	var layers [][]int
	for layer := unbeaten(beaten); len(layer) > 0; {
		layers = append(layers, layer)
		var next []int
		for _, i := range layer {
			for _, j := range beats[i] {
				if beaten[j]--; beaten[j] == 0 {
					next = append(next, j)
				}
			}
		}
		layer = next
	}
	return layers
}

func unbeaten(beaten []int) []int {
	var first []int
	for i, n := range beaten {
		if n == 0 {
			first = append(first, i)
		}
	}
	return first
}

// crowd sets the crowding distance of the members of a front: the sum over the objectives of the gap between the two
// neighbours, relative to the extent of the front; infinite at its ends.
func crowd(pop []individual, front []int) {
	for _, i := range front {
		pop[i].crowding = 0
	}
	for k := range pop[front[0]].objectives {
		slices.SortFunc(front, func(i, j int) int {
			return cmp.Or(cmp.Compare(pop[i].objectives[k], pop[j].objectives[k]), cmp.Compare(pop[i].index, pop[j].index))
		})
		first, last := front[0], front[len(front)-1]
		extent := pop[last].objectives[k] - pop[first].objectives[k]
		if extent == 0 {
			continue
		}
		pop[first].crowding, pop[last].crowding = math.Inf(1), math.Inf(1)
		for at := 1; at < len(front)-1; at++ {
			gap := pop[front[at+1]].objectives[k] - pop[front[at-1]].objectives[k]
			pop[front[at]].crowding += gap / extent
		}
	}
}
