package mapping

import (
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// Conv is a convolution's hardware: what the hardware file and the layer say of
// its stages.
type Conv struct {
	Fold         sched.Fold
	Elem, Weight tensor.DType
	Sum          tensor.DType
	Zero         int32 // zero point of the activations
	Accumulator  conv.Accumulator
	Overlap      bool               // the next frame may enter the window while this one leaves
	BufferDepth  int64              // of a serial window in beats, 0 for the computed depth
	ArrayLatency int                // cycles
	ArrayQueue   int                // as in pe.Array
	Memory       resources.RAMStyle // as in pe.Array
	Load         clock.Share        // the port by which weights come; zero: there is a memory of all
	Tile         int                // as in pe.Array
	Packing      int                // as in pe.Array
	WeightZero   bool               // as in pe.Array
	Requantize   *pe.Requantize     // nil: sums leave as they are; its Fold and SumBits are filled in
}

// Blocks are the stages, upstream first.
func (c Conv) Blocks() []pipeline.Block {
	list := append(c.pad(nil), c.Window())
	array := c.Array()
	list = append(list, array)
	if c.Tile > 1 && c.Fold.OutFolds > 1 {
		list = append(list, linebuffer.Turn{Fold: c.Fold, Sum: c.Sum, Pixels: c.Tile})
	}
	if c.Requantize != nil {
		r := *c.Requantize
		r.Fold, r.SumBits = c.Fold, array.RegisterBits()
		list = append(list, r)
	}
	return list
}

// Plan is the stages and what brings their weights, joined by nothing: to be priced.
func (c Conv) Plan() *pipeline.Plan {
	p := &pipeline.Plan{}
	for _, b := range c.Blocks() {
		if a, ok := b.(pe.Array); ok && a.Loads() {
			for _, f := range Feeding(a) {
				p.Add("", f)
			}
		}
		p.Add("", b)
	}
	return p
}

// Array is the arrays.
func (c Conv) Array() pe.Array {
	return pe.Array{Fold: c.Fold, Elem: c.Elem, Zero: c.Zero, Weight: c.Weight, WeightZero: c.WeightZero, Sum: c.Sum,
		Accumulator: c.Accumulator, Packing: c.Packing, Latency: c.ArrayLatency, Queue: c.ArrayQueue, Memory: c.Memory, Load: c.Load, Tile: c.Tile}
}

// pad appends the padding stage, if the layer has one.
func (c Conv) pad(list []pipeline.Block) []pipeline.Block {
	s := c.Fold.Shape
	switch {
	case s.Pad == conv.Sides{}:
		return list
	case s.PaddingMode == conv.Zeros:
		return append(list, linebuffer.Pad{Fold: c.Fold, Elem: c.Elem, Zero: c.Zero})
	}
	return append(list, linebuffer.AddressedPad{Fold: c.Fold, Elem: c.Elem, Overlap: c.Overlap})
}

// Window is line buffer and window.
func (c Conv) Window() pipeline.Block {
	if c.Fold.Style == sched.Parallel {
		return linebuffer.ShiftWindow{Fold: c.Fold, Elem: c.Elem, Overlap: c.Overlap}
	}
	depth := c.BufferDepth
	if depth == 0 {
		depth = c.Fold.WindowDepth()
	}
	return linebuffer.Window{Fold: c.Fold, Elem: c.Elem, Depth: depth, Overlap: c.Overlap}
}

// Chain puts blocks of one layer behind the output from, whose Node is -1 for
// the first block of a plan, and returns the output of the last.
func Chain(p *pipeline.Plan, layer string, from pipeline.Port, blocks ...pipeline.Block) pipeline.Port {
	for _, b := range blocks {
		from = add(p, layer, from, b)
	}
	return from
}

// Nowhere is the output in front of a plan's first block.
var Nowhere = pipeline.Port{Node: -1}
