package pareto

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Ties says what an archive does with points whose vectors are equal.
type Ties uint8

const (
	// AllTies keeps every point of an equal vector.
	AllTies Ties = iota
	// FirstTie keeps the point with the lowest ID and counts the others.
	FirstTie
)

// Point is one member of a front.
type Point struct {
	ID     int64     // the caller's index of the point
	Vector []float64 // objectives, minimized
	// Equal counts the inserted points with this vector, this one included. Under AllTies each of them is a member.
	Equal int64
}

// Archive is an incremental Pareto front. It is not safe for concurrent use.
type Archive struct {
	width   int
	ties    Ties
	ids     []int64
	equal   []int64   // under FirstTie: inserted points with the vector of this row
	vectors []float64 // rows of width objectives; flat, so that a scan walks memory in order
}

// New returns an empty archive for vectors of the given number of objectives, at least 1.
func New(objectives int, ties Ties) *Archive {
	if objectives < 1 {
		panic(fmt.Sprintf("pareto: %d objectives, want at least 1", objectives))
	}
	return &Archive{width: objectives, ties: ties}
}

// Len is the number of members.
func (a *Archive) Len() int { return len(a.ids) }

// Insert offers a point and reports whether it is a member now. An ID is offered once. The vector is copied.
func (a *Archive) Insert(id int64, vector []float64) bool {
	a.check(id, vector)
	for i := 0; i < len(a.ids); {
		switch compare(a.row(i), vector) {
		case better:
			a.promote(i)
			return false
		case equal:
			if a.ties == FirstTie {
				return a.join(i, id)
			}
			// Whatever an equal vector dominates is gone already, so the scan is over.
			a.add(id, vector)
			return true
		case worse:
			a.drop(i)
		case incomparable:
			i++
		}
	}
	a.add(id, vector)
	return true
}

// Dominated reports whether some member dominates the vector. Given a lower bound of a point's objectives, true means
// that the point cannot enter the front, not even as a tie.
func (a *Archive) Dominated(vector []float64) bool {
	a.checkWidth(vector)
	for i := range a.ids {
		if compare(a.row(i), vector) == better {
			return true
		}
	}
	return false
}

// Front returns a copy of the members, sorted by vector and then by ID.
func (a *Archive) Front() []Point {
	front := make([]Point, len(a.ids))
	for i, id := range a.ids {
		front[i] = Point{ID: id, Vector: slices.Clone(a.row(i)), Equal: a.equal[i]}
	}
	slices.SortFunc(front, func(p, q Point) int {
		return cmp.Or(slices.Compare(p.Vector, q.Vector), cmp.Compare(p.ID, q.ID))
	})
	if a.ties == AllTies {
		countEqual(front)
	}
	return front
}

// countEqual sets Equal of each point to the length of its run of equal vectors.
func countEqual(sorted []Point) {
	for start := 0; start < len(sorted); {
		end := start + 1
		for end < len(sorted) && slices.Equal(sorted[start].Vector, sorted[end].Vector) {
			end++
		}
		for i := start; i < end; i++ {
			sorted[i].Equal = int64(end - start)
		}
		start = end
	}
}

func (a *Archive) row(i int) []float64 { return a.vectors[i*a.width : (i+1)*a.width] }

func (a *Archive) add(id int64, vector []float64) {
	a.ids = append(a.ids, id)
	a.equal = append(a.equal, 1)
	a.vectors = append(a.vectors, vector...)
}

// join counts one more point of row i and reports whether it took the place of the member.
func (a *Archive) join(i int, id int64) bool {
	a.equal[i]++
	first := id < a.ids[i]
	if first {
		a.ids[i] = id
	}
	return first
}

// drop removes row i by moving the last row into its place.
func (a *Archive) drop(i int) {
	last := len(a.ids) - 1
	a.swap(i, last)
	a.ids, a.equal, a.vectors = a.ids[:last], a.equal[:last], a.vectors[:last*a.width]
}

// promote moves a row that has just dominated a newcomer half-way to the start. Such rows tend to dominate the next
// ones too, so most rejections end after a few comparisons.
func (a *Archive) promote(i int) { a.swap(i, i/2) }

func (a *Archive) swap(i, j int) {
	if i == j {
		return
	}
	a.ids[i], a.ids[j] = a.ids[j], a.ids[i]
	a.equal[i], a.equal[j] = a.equal[j], a.equal[i]
	p, q := a.row(i), a.row(j)
	for k := range p {
		p[k], q[k] = q[k], p[k]
	}
}

func (a *Archive) check(id int64, vector []float64) {
	a.checkWidth(vector)
	for k, x := range vector {
		if math.IsNaN(x) {
			panic(fmt.Sprintf("pareto: objective %d of point %d is NaN", k, id))
		}
	}
}

func (a *Archive) checkWidth(vector []float64) {
	if len(vector) != a.width {
		panic(fmt.Sprintf("pareto: vector of %d objectives, want %d", len(vector), a.width))
	}
}
