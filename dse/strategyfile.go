package dse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/convsim/convsim/dse/search"
	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// dividend is a number, or the name of a size of the workload.
type dividend struct {
	size   string
	number int64
}

var dividends = []string{"in_channels", "out_channels", "group_in_channels", "group_out_channels", "groups"}

// DecodeNode reads either spelling.
func (v *dividend) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if !strictyaml.IsText(n) {
		d.Decode(n, path, &v.number, `min:"1" max:"1099511627776"`)
		return
	}
	if !slices.Contains(dividends, n.Value) {
		d.Fail(n, path, "not among the choices", v.Allowed())
	}
	v.size = n.Value
}

// Allowed says what is legal.
func (v *dividend) Allowed() string { return strings.Join(dividends, ", ") + ", or a whole number" }

// JSONSchema has both spellings.
func (v *dividend) JSONSchema() map[string]any {
	return map[string]any{"oneOf": []any{map[string]any{"enum": dividends}, map[string]any{"type": "integer", "minimum": 1}}}
}

// strategyFile is a strategy as written; the zero value is the grid.
type strategyFile struct{ Strategy }

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

// DecodeNode reads the word grid, or a mapping with one strategy.
func (s *strategyFile) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	switch {
	case n.Kind == yaml.ScalarNode && n.Value == "grid":
		s.Grid = &struct{}{}
	case n.Kind != yaml.MappingNode || len(n.Content) != 2:
		d.Fail(n, path, "no single strategy", s.Allowed())
	default:
		d.Decode(n, path, &s.Strategy, "")
	}
}

// Allowed says what is legal.
func (s *strategyFile) Allowed() string {
	return "grid, or one of {grid: {}}, {random: {points, seed}}, {latin_hypercube: {points, seed}}, {nsga2: {budget, seed, population}}"
}

// JSONSchema has both spellings.
func (s *strategyFile) JSONSchema() map[string]any {
	one := strictyaml.SchemaOf(Strategy{})
	one["minProperties"], one["maxProperties"] = 1, 1
	return map[string]any{"oneOf": []any{map[string]any{"const": "grid"}, one}}
}

// isGrid says whether every point is evaluated.
func (s Strategy) isGrid() bool { return s.Grid != nil || s == Strategy{} }

// learns says whether the strategy asks for points by what it was told before.
func (s Strategy) learns() bool { return s.NSGA2 != nil }

func (s Strategy) plan(objectives int) search.Plan {
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
