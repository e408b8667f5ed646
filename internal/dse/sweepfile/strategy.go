package sweepfile

import (
	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// Strategy is a strategy as written; the zero value is the grid.
type Strategy struct{ definition.Strategy }

// DecodeNode reads the word grid, or a mapping with one strategy.
func (s *Strategy) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
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
func (s *Strategy) Allowed() string {
	return "grid, or one of {grid: {}}, {random: {points, seed}}, {latin_hypercube: {points, seed}}, {nsga2: {budget, seed, population}}"
}

// JSONSchema has both spellings.
func (s *Strategy) JSONSchema() map[string]any {
	one := strictyaml.SchemaOf(definition.Strategy{})
	one["minProperties"], one["maxProperties"] = 1, 1
	return map[string]any{"oneOf": []any{map[string]any{"const": "grid"}, one}}
}
