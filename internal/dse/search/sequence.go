package search

import (
	"fmt"

	"github.com/convsim/convsim/internal/dse/space"
)

// sequence is a strategy that does not learn: position i of total is the point at(i).
type sequence struct {
	next, total int64
	owed        int64
	at          func(i int64) int64
}

func (s *sequence) Ask(n int) []int64 {
	points := make([]int64, min(int64(max(n, 0)), s.total-s.next))
	for i := range points {
		points[i] = s.at(s.next + int64(i))
	}
	s.next += int64(len(points))
	s.owed += int64(len(points))
	return points
}

func (s *sequence) Tell(results []Result) {
	s.owed -= int64(len(results))
	if s.owed < 0 {
		panic(fmt.Sprintf("search: %d results more than points asked", -s.owed))
	}
}

func (s *sequence) Total() int64 { return s.total }

// Grid is every point of the space, in order.
type Grid struct{}

// Points implements Plan.
func (Grid) Points(sp *space.Space) (int64, error) { return sp.Size(), nil }

// Start implements Plan.
func (Grid) Start(sp *space.Space) (Strategy, error) {
	return &sequence{total: sp.Size(), at: func(i int64) int64 { return i }}, nil
}

// Random is N distinct points drawn uniformly, all of them if the space has no more.
type Random struct {
	N    int64
	Seed uint64
}

// Points implements Plan.
func (r Random) Points(sp *space.Space) (int64, error) {
	return min(r.N, sp.Size()), checkCount("random n", r.N)
}

// Start implements Plan.
func (r Random) Start(sp *space.Space) (Strategy, error) {
	if err := checkCount("random n", r.N); err != nil {
		return nil, err
	}
	return &sequence{total: min(r.N, sp.Size()), at: newPermutation(sp.Size(), r.Seed).at}, nil
}
