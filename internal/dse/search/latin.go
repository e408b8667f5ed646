package search

import (
	"fmt"
	"math/rand/v2"

	"github.com/convsim/convsim/internal/dse/space"
)

// maxLatin bounds the sample, which is held in memory.
const maxLatin = 1 << 24

// LatinHypercube is N distinct points spread evenly along every axis: an axis with at most N values has each
// of them floor(N/length) or ceil(N/length) times, a longer one has no value twice. Where an even spread
// without duplicates is not found, the last duplicates are replaced by uniform draws. All points if the space
// has no more than N.
type LatinHypercube struct {
	N    int64
	Seed uint64
}

// Points implements Plan.
func (l LatinHypercube) Points(sp *space.Space) (int64, error) {
	if err := checkCount("latin hypercube n", l.N); err != nil {
		return 0, err
	}
	n := min(l.N, sp.Size())
	if n > maxLatin {
		return 0, fmt.Errorf("latin hypercube n is %d, want at most %d", l.N, maxLatin)
	}
	return n, nil
}

// Start implements Plan.
func (l LatinHypercube) Start(sp *space.Space) (Strategy, error) {
	n, err := l.Points(sp)
	if err != nil {
		return nil, err
	}
	points := latinHypercube(sp, int(n), l.Seed)
	return &sequence{total: n, at: func(i int64) int64 { return points[i] }}, nil
}

func latinHypercube(sp *space.Space, n int, seed uint64) []int64 {
	rng := newRand(seed, streamLatin)
	columns := make([][]int, sp.Axes())
	for axis := range columns {
		columns[axis] = stratified(rng, sp.Axis(axis).Len(), n)
	}
	sample := &latinSample{sp: sp, columns: columns, points: make([]int64, n), uses: make(map[int64]int, n)}
	for i := range sample.points {
		sample.points[i] = sample.index(i)
		sample.uses[sample.points[i]]++
	}
	for i := range sample.points {
		sample.separate(i, rng)
	}
	sample.replaceDuplicates(newPermutation(sp.Size(), seed))
	return sample.points
}

// stratified returns n coordinates of an axis in random order, spread as LatinHypercube promises.
func stratified(rng *rand.Rand, length, n int) []int {
	coords := rng.Perm(n)
	// Where strata are uneven, the turn varies which values are used once more or share a longer stratum.
	turn := rng.IntN(n)
	border := func(stratum int) int { return int((int64(stratum)*int64(length) + int64(turn)) / int64(n)) }
	for i, stratum := range coords {
		low, high := border(stratum), border(stratum+1)
		if length <= n {
			coords[i] = low % length
		} else {
			coords[i] = low + rng.IntN(high-low)
		}
	}
	return coords
}

type latinSample struct {
	sp      *space.Space
	columns [][]int // per axis, the coordinate of each sample
	points  []int64
	uses    map[int64]int // samples at a point
}

func (s *latinSample) index(i int) int64 {
	coords := make([]int, len(s.columns))
	for axis, column := range s.columns {
		coords[axis] = column[i]
	}
	return s.sp.Index(coords)
}

// separate gives a duplicated sample a point of its own by trading one coordinate with another sample, which leaves the
// spread along every axis as it is.
func (s *latinSample) separate(i int, rng *rand.Rand) {
	const attempts = 64
	for range attempts {
		if s.uses[s.points[i]] < 2 || len(s.columns) < 2 {
			return
		}
		axis, other := rng.IntN(len(s.columns)), rng.IntN(len(s.points))
		s.trade(axis, i, other)
	}
}

// trade swaps a coordinate of two samples unless one of them would land on a point in use.
func (s *latinSample) trade(axis, i, j int) {
	column := s.columns[axis]
	if column[i] == column[j] {
		return
	}
	column[i], column[j] = column[j], column[i]
	p, q := s.index(i), s.index(j)
	if p == q || s.uses[p] > 0 || s.uses[q] > 0 {
		column[i], column[j] = column[j], column[i]
		return
	}
	s.move(i, p)
	s.move(j, q)
}

func (s *latinSample) move(i int, to int64) {
	s.uses[s.points[i]]--
	s.points[i] = to
	s.uses[to]++
}

func (s *latinSample) replaceDuplicates(fresh *permutation) {
	cursor := int64(0)
	for i, p := range s.points {
		if s.uses[p] < 2 {
			continue
		}
		to := fresh.at(cursor)
		for s.uses[to] > 0 {
			cursor++
			to = fresh.at(cursor)
		}
		s.move(i, to)
	}
}
