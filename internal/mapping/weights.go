package mapping

import (
	"fmt"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
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

// loads is the port by which the weights of a layer come, and how many output pixels
// use them before they come again; no port where there is a memory of all.
func loads(hw *configs.Hardware, layer string, f sched.Fold) (port clock.Share, tile int, err error) {
	own := hw.Of(layer).Weights
	if own.From != configs.FromDRAM {
		return clock.Share{}, 0, nil
	}
	if hw.Mode == configs.Layerwise {
		return port, 0, hw.WrongOf(layer, "weights.from", string(own.From), "chip in mode layerwise: the weights of a layer are loaded before it, or beside the one before")
	}
	if tile = tileOf(own.Reuse, f); heldBy(tile, f) > maxHeld {
		return port, 0, hw.WrongOf(layer, "weights.reuse", string(own.Reuse),
			fmt.Sprintf("for layer %s fewer pixels, so that at most %d beats are held (%.3g now)", layer, maxHeld, heldBy(tile, f)))
	}
	port, err = dram(hw)
	return port, tile, err
}

// Loads is the port and the pixels of a layer of such a fold, if its weights came by the
// DRAM.
func Loads(hw *configs.Hardware, reuse configs.Reuse, f sched.Fold) (port clock.Share, tile int, err error) {
	if tile = tileOf(reuse, f); heldBy(tile, f) > maxHeld {
		return port, 0, fmt.Errorf("%.3g beats are held; allowed: at most %d", heldBy(tile, f), maxHeld)
	}
	port, err = dram(hw)
	return port, tile, err
}

// heldBy is how many beats are held for a tile of pixels at most.
func heldBy(tile int, f sched.Fold) float64 {
	return float64(tile) * 2 * float64(max(f.OutFolds, f.VectorBeats()))
}

// tileOf is how many output pixels use what is loaded: one where groups take turns.
func tileOf(r configs.Reuse, f sched.Fold) int {
	switch {
	case f.GroupFolds > 1:
	case r == configs.RowReuse:
		return f.Shape.OutWidth
	case r == configs.FrameReuse:
		return f.Shape.OutHeight * f.Shape.OutWidth
	}
	return 1
}
