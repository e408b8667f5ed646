package search

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/convsim/convsim/internal/dse/pareto"
	"github.com/convsim/convsim/internal/dse/space"
)

// breeder makes points that were never asked before.
type breeder struct {
	plan    NSGA2
	sp      *space.Space
	lengths []int
	ordered []bool
	rng     *rand.Rand
	seen    map[int64]bool
	fresh   *permutation // draws when nothing new is found near what is known
	cursor  int64
}

func newBreeder(plan NSGA2, sp *space.Space) *breeder {
	b := &breeder{
		plan: plan, sp: sp, rng: newRand(plan.Seed, streamEvolution), seen: map[int64]bool{},
		fresh: newPermutation(sp.Size(), plan.Seed),
	}
	for i := range sp.Axes() {
		b.lengths = append(b.lengths, sp.Axis(i).Len())
		b.ordered = append(b.ordered, sp.Axis(i).Ordered())
	}
	return b
}

// breed returns up to size new points; fewer only if the space has no more.
func (b *breeder) breed(size int, parents []individual, front *pareto.Archive) []individual {
	var batch []individual
	add := func(index int64) {
		b.seen[index] = true
		batch = append(batch, individual{index: index, coords: b.sp.Coords(index)})
	}
	if len(parents) == 0 {
		for _, index := range latinHypercube(b.sp, int(min(int64(size), b.sp.Size())), b.plan.Seed) {
			add(index)
		}
		return batch
	}
	local := int(math.Round(b.plan.Local * float64(size)))
	b.neighbours(local, front, add)
	// Nothing legal to start from, or all of it explored: look elsewhere.
	for len(batch) < local && b.addNew(b.draw, add) {
	}
	for len(batch) < size && b.addNew(func() (int64, bool) { return b.child(parents) }, add) {
	}
	return batch
}

// addNew adds a point from the source, else a uniform draw; it reports whether there was one.
func (b *breeder) addNew(source func() (int64, bool), add func(int64)) bool {
	index, found := source()
	if !found {
		index, found = b.draw()
	}
	if found {
		add(index)
	}
	return found
}

// child mates two parents and moves the result until it is new, a limited number of times.
func (b *breeder) child(parents []individual) (index int64, found bool) {
	const attempts = 16
	coords := b.mate(b.tournament(parents).coords, b.tournament(parents).coords)
	for range attempts {
		b.mutate(coords)
		if index := b.sp.Index(coords); !b.seen[index] {
			return index, true
		}
	}
	return 0, false
}

// tournament returns the fitter of two random parents.
func (b *breeder) tournament(parents []individual) individual {
	p, q := parents[b.rng.IntN(len(parents))], parents[b.rng.IntN(len(parents))]
	if fitter(p, q) <= 0 {
		return p
	}
	return q
}

// mate is the uniform crossover: each coordinate from either parent.
func (b *breeder) mate(p, q []int) []int {
	child := slices.Clone(p)
	if b.rng.Float64() >= b.plan.Crossover {
		return child
	}
	for axis := range child {
		if b.rng.IntN(2) == 1 {
			child[axis] = q[axis]
		}
	}
	return child
}

// mutate moves each coordinate with the probability that moves as many as the plan says, on average.
func (b *breeder) mutate(coords []int) {
	rate := b.plan.Mutation / float64(len(coords))
	for axis := range coords {
		if b.rng.Float64() < rate {
			coords[axis] = b.move(axis, coords[axis])
		}
	}
}

// move returns another coordinate of the axis: a step away on an ordered axis, any other on the rest.
func (b *breeder) move(axis, coord int) int {
	length := b.lengths[axis]
	if length == 1 {
		return coord
	}
	if !b.ordered[axis] {
		other := b.rng.IntN(length - 1)
		if other >= coord {
			other++
		}
		return other
	}
	step := b.step(length)
	if b.rng.IntN(2) == 0 {
		step = -step
	}
	if to := coord + step; to >= 0 && to < length {
		return to
	}
	// Turned round at the end of the axis; a step is at most half an axis, so this stays inside.
	return coord - step
}

// step draws 1 half of the time, 2 a quarter of the time, then 4, ..., up to half of the axis: mostly neighbours, yet a
// long axis is crossed in a few moves.
func (b *breeder) step(length int) int {
	step := 1
	for 2*step <= length/2 && b.rng.IntN(2) == 0 {
		step *= 2
	}
	return step
}

// neighbours adds up to n new points that differ from a member of the front by one step along one axis.
func (b *breeder) neighbours(n int, front *pareto.Archive, add func(int64)) {
	members := front.Front()
	b.rng.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	for len(members) > 0 && n > 0 {
		rest := members[:0]
		for _, m := range members {
			around := b.around(m.ID)
			if len(around) == 0 || n == 0 {
				continue
			}
			add(around[b.rng.IntN(len(around))])
			n--
			rest = append(rest, m)
		}
		members = rest
	}
}

// around returns the points never asked that are one step from the given one: the next coordinate up and down on an
// ordered axis, every other coordinate on the rest.
func (b *breeder) around(index int64) []int64 {
	var found []int64
	coords := b.sp.Coords(index)
	for axis, here := range coords {
		low, high := 0, b.lengths[axis]-1
		if b.ordered[axis] {
			low, high = max(here-1, low), min(here+1, high)
		}
		for coords[axis] = low; coords[axis] <= high; coords[axis]++ {
			if at := b.sp.Index(coords); !b.seen[at] {
				found = append(found, at)
			}
		}
		coords[axis] = here
	}
	return found
}

// draw returns a uniform point never asked, if there is one.
func (b *breeder) draw() (index int64, found bool) {
	for ; b.cursor < b.sp.Size(); b.cursor++ {
		if index := b.fresh.at(b.cursor); !b.seen[index] {
			return index, true
		}
	}
	return 0, false
}
