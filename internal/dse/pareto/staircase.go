package pareto

import (
	"slices"
	"sort"
)

// staircase is a front of two objectives together with the area between it and the reference corner.
type staircase struct {
	refX, refY float64
	area       float64
	steps      []corner // x ascending, y descending
}

type corner struct{ x, y float64 }

// insert adds the area that (x, y) dominates alone, and drops the corners it dominates.
func (s *staircase) insert(x, y float64) {
	from := sort.Search(len(s.steps), func(i int) bool { return s.steps[i].x >= x })
	if s.covers(from, x, y) {
		return
	}
	height := s.refY
	if from > 0 {
		height = s.steps[from-1].y
	}
	to, left := from, x
	for to < len(s.steps) && s.steps[to].y >= y {
		s.area += (s.steps[to].x - left) * (height - y)
		left, height = s.steps[to].x, s.steps[to].y
		to++
	}
	right := s.refX
	if to < len(s.steps) {
		right = s.steps[to].x
	}
	s.area += (right - left) * (height - y)
	s.steps = slices.Replace(s.steps, from, to, corner{x, y})
}

// covers reports whether the neighbours of position from already dominate or equal (x, y).
func (s *staircase) covers(from int, x, y float64) bool {
	if from > 0 && s.steps[from-1].y <= y {
		return true
	}
	return from < len(s.steps) && s.steps[from].x == x && s.steps[from].y <= y
}
