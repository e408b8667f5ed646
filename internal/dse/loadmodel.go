package dse

import (
	"fmt"
	"maps"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/dse/definition"
	"github.com/convsim/convsim/internal/modelfile"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/sim"
)

// model reads the network of a sweep over one, which the base has to have stages for.
func (l *loader) model() error {
	if l.file.Model == (configs.Path{}) {
		return nil
	}
	m, err := modelfile.Load(l.file.Model.Resolved, 1, nil)
	if err != nil {
		return err
	}
	s := l.sweep
	s.graph = m.Graph
	s.files = append(s.files, m.Files...)
	n, err := sim.NewNetwork(l.base, m.Graph)
	if err != nil {
		return fmt.Errorf("%s: %w", l.file.Model.Written, err)
	}
	seen, float := map[string]bool{}, false
	for _, node := range n.Plan.Nodes {
		if a, ok := node.Block.(pe.Array); ok {
			s.arrays = append(s.arrays, a.Fold.Shape)
			float = float || a.Sum.IsFloat()
		}
		if !seen[node.Layer] {
			seen[node.Layer] = true
			s.names = append(s.names, node.Layer)
		}
	}
	id, err := identifyNetwork(m.Graph)
	id.Float = float
	s.Definition.Layers = append(s.Definition.Layers, id)
	return err
}

// identifyNetwork hashes what a network says, but for the elements of its constants:
// they decide no metric.
func identifyNetwork(g *network.Graph) (definition.LayerID, error) {
	nameless := *g
	nameless.Name = ""
	text, _, err := configs.WriteNetwork(&nameless, "")
	if err != nil {
		return definition.LayerID{}, err
	}
	types := []string{}
	for _, name := range slices.Sorted(maps.Keys(g.Constants)) {
		types = append(types, fmt.Sprint(name, network.TypeOf(g.Constants[name])))
	}
	return definition.LayerID{Name: g.Name, Hash: definition.Hash([]any{string(text), types})}, nil
}
