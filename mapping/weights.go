package mapping

import (
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
)

// Feeding are the blocks that bring the weights of arrays that have no memory of all:
// what reads them, and, where several pixels use them, a memory of a pass.
func Feeding(a pe.Array) []pipeline.Block {
	list := []pipeline.Block{a.Weights()}
	if a.Tile > 1 {
		list = append(list, linebuffer.Tile{Fold: a.Fold, Weight: a.Weight, Pixels: a.Tile})
	}
	return list
}

// add puts a block of a layer behind the output from, whose Node is -1 for the first
// block of a plan, and what brings its weights beside it. It returns its output.
func add(p *pipeline.Plan, layer string, from pipeline.Port, b pipeline.Block) pipeline.Port {
	weights := Nowhere
	if a, ok := b.(pe.Array); ok && a.Loads() {
		weights = Chain(p, layer, Nowhere, Feeding(a)...)
	}
	at := pipeline.Port{Node: p.Add(layer, b)}
	if from.Node >= 0 {
		p.Join(from, at)
	}
	if weights.Node >= 0 {
		p.Join(weights, pipeline.Port{Node: at.Node, Port: 1})
	}
	return at
}
