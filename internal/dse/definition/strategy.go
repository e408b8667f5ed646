package definition

import (
	"fmt"

	"github.com/convsim/convsim/internal/dse/search"
)

// Strategy says which points of the space are evaluated. One field is set.
type Strategy struct {
	Grid           *struct{}  `yaml:"grid" json:"grid,omitempty" doc:"Every point."`
	Random         *Sample    `yaml:"random" json:"random,omitempty" doc:"Points drawn uniformly."`
	LatinHypercube *Sample    `yaml:"latin_hypercube" json:"latin_hypercube,omitempty" doc:"Points spread evenly along every axis."`
	NSGA2          *Evolution `yaml:"nsga2" json:"nsga2,omitempty" doc:"A genetic search for the Pareto front."`
}

// Sample is a number of random points.
type Sample struct {
	Points int64 `yaml:"points" json:"points" required:"true" min:"1" doc:"Points to evaluate."`
	Seed   int64 `yaml:"seed" json:"seed" default:"0" min:"0" doc:"Equal seeds give equal points."`
}

// Evolution is a search by NSGA-II.
type Evolution struct {
	Budget     int   `yaml:"budget" json:"budget" required:"true" min:"1" max:"100000000" doc:"Points to evaluate."`
	Seed       int64 `yaml:"seed" json:"seed" default:"0" min:"0" doc:"Equal seeds give equal points."`
	Population int   `yaml:"population" json:"population,omitempty" min:"2" max:"1000000" doc:"Points per generation; default: fit for the budget."`
}

// IsGrid says whether every point is evaluated.
func (s Strategy) IsGrid() bool { return s.Grid != nil || s == Strategy{} }

// IsLatin says whether all points are drawn together.
func (s Strategy) IsLatin() bool { return s.LatinHypercube != nil }

// Learns says whether the strategy asks for points by what it was told before.
func (s Strategy) Learns() bool { return s.NSGA2 != nil }

func (s Strategy) Plan(objectives int) search.Plan {
	switch {
	case s.Random != nil:
		return search.Random{N: s.Random.Points, Seed: uint64(s.Random.Seed)}
	case s.LatinHypercube != nil:
		return search.LatinHypercube{N: s.LatinHypercube.Points, Seed: uint64(s.LatinHypercube.Seed)}
	case s.NSGA2 != nil:
		plan := search.DefaultNSGA2(objectives, s.NSGA2.Budget, uint64(s.NSGA2.Seed))
		if s.NSGA2.Population > 0 {
			plan.Population = s.NSGA2.Population
		}
		return plan
	}
	return search.Grid{}
}

// String names the strategy with its settings.
func (s Strategy) String() string {
	switch {
	case s.Random != nil:
		return fmt.Sprintf("random, seed %d", s.Random.Seed)
	case s.LatinHypercube != nil:
		return fmt.Sprintf("Latin hypercube, seed %d", s.LatinHypercube.Seed)
	case s.NSGA2 != nil:
		return fmt.Sprintf("NSGA-II, seed %d", s.NSGA2.Seed)
	}
	return "grid"
}
