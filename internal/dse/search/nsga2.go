package search

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/internal/dse/pareto"
	"github.com/convsim/convsim/internal/dse/space"
)

// NSGA2 is the elitist multi-objective genetic algorithm of Deb et al. (2002) on the coordinates of a space, changed in
// three ways that pay on small discrete spaces: every point evaluated is new, so the budget is never spent twice on one
// design; of equal objective vectors only one ranks as non-dominated; and a share of each generation is untried
// neighbours of the front found so far.
type NSGA2 struct {
	Objectives int // length of the objective vectors
	Population int // points per generation
	Budget     int // distinct points evaluated in all
	Seed       uint64
	// Crossover is the probability that a child mixes two parents, coordinate by coordinate, instead of copying one.
	Crossover float64
	// Mutation is the expected number of coordinates of a child that move.
	Mutation float64
	// Local is the share of each generation taken from the neighbourhood of the front; 0 is plain NSGA-II.
	Local float64
}

// DefaultNSGA2 returns the plan for a budget with settings that suit hardware spaces: some thirty
// generations, a third of each from the neighbourhood of the front.
func DefaultNSGA2(objectives, budget int, seed uint64) NSGA2 {
	return NSGA2{
		Objectives: objectives, Population: min(max(budget/30, 16), 100), Budget: budget, Seed: seed,
		Crossover: 0.9, Mutation: 1, Local: 1. / 3,
	}
}

// Points implements Plan.
func (c NSGA2) Points(sp *space.Space) (int64, error) {
	return min(int64(c.Budget), sp.Size()), c.check()
}

// Start implements Plan. The strategy is an *Evolution.
func (c NSGA2) Start(sp *space.Space) (Strategy, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return newEvolution(c, sp), nil
}

func (c NSGA2) check() error {
	errs := []error{
		checkCount("nsga2 objectives", int64(c.Objectives)),
		checkCount("nsga2 budget", int64(c.Budget)),
		checkWithin("nsga2 crossover", c.Crossover, 1),
		checkWithin("nsga2 local", c.Local, 1),
	}
	if c.Population < 2 {
		errs = append(errs, fmt.Errorf("nsga2 population is %d, want at least 2", c.Population))
	}
	if !(c.Mutation > 0) {
		errs = append(errs, fmt.Errorf("nsga2 mutation is %v, want more than 0 coordinates", c.Mutation))
	}
	return errors.Join(errs...)
}

func checkWithin(name string, x, high float64) error {
	if !(x >= 0 && x <= high) {
		return fmt.Errorf("%s is %v, want 0 .. %v", name, x, high)
	}
	return nil
}

// Evolution is a run of NSGA2.
type Evolution struct {
	plan    NSGA2
	breeder *breeder
	archive *pareto.Archive
	parents []individual
	spent   int // points of earlier generations

	batch  []individual  // the present generation
	slot   map[int64]int // position in batch of a point still owed
	handed int           // points of the batch asked so far
}

func newEvolution(plan NSGA2, sp *space.Space) *Evolution {
	return &Evolution{
		plan:    plan,
		breeder: newBreeder(plan, sp),
		archive: pareto.New(plan.Objectives, pareto.AllTies),
		slot:    map[int64]int{},
	}
}

// Total implements Strategy.
func (e *Evolution) Total() int64 { return min(int64(e.plan.Budget), e.breeder.sp.Size()) }

// Front is the non-dominated set of all points told so far that meet their constraints, equal vectors included.
func (e *Evolution) Front() []pareto.Point { return e.archive.Front() }

// Ask implements Strategy. A generation is bred when every result of the one before has been told.
func (e *Evolution) Ask(n int) []int64 {
	if e.handed == len(e.batch) && len(e.slot) == 0 {
		e.nextGeneration()
	}
	points := make([]int64, min(max(n, 0), len(e.batch)-e.handed))
	for i := range points {
		at := e.handed + i
		points[i] = e.batch[at].index
		e.slot[points[i]] = at
	}
	e.handed += len(points)
	return points
}

// Tell implements Strategy.
func (e *Evolution) Tell(results []Result) {
	for _, r := range results {
		at, owed := e.slot[r.Index]
		if !owed {
			panic(fmt.Sprintf("search: result of point %d, which is not owed", r.Index))
		}
		delete(e.slot, r.Index)
		e.batch[at].learn(r, e.plan.Objectives)
		if r.Violation == 0 {
			e.archive.Insert(r.Index, r.Objectives)
		}
	}
}

// nextGeneration selects the parents among the old ones and the present batch, and breeds the next batch. The
// batch is in the order it was bred and the archive is sorted when read, so the order in which results
// arrived leaves no trace.
func (e *Evolution) nextGeneration() {
	e.spent += len(e.batch)
	e.parents = survivors(append(e.parents, e.batch...), e.plan.Population)
	size := min(e.plan.Population, e.plan.Budget-e.spent)
	e.batch, e.handed = e.breeder.breed(size, e.parents, e.archive), 0
}
