package blocktest

import (
	"fmt"

	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/linebuffer"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Specimen is a block, or a few in a row that only make sense together.
type Specimen []pipeline.Block

// Kind is a kind of block and the way to draw one.
type Kind struct {
	Name string
	Draw func(c Choice) Specimen
	// Unstepped says that the cycle-stepped simulator has no such block.
	Unstepped bool
	// Unbuilt says that such a block is refused as hardware.
	Unbuilt bool
}

// Kinds are all there are. Sources and sinks are around every one of them.
var Kinds = []Kind{
	{Name: "convolution", Draw: func(c Choice) Specimen { return convolution(c, drawFold(c)) }},
	{Name: "weights loaded", Draw: loading},
	{Name: "pad", Draw: pad},
	{Name: "pooling", Draw: pooling},
	{Name: "map", Draw: func(c Choice) Specimen { return Specimen{mapOf(c, drawStream(c))} }},
	{Name: "map of words", Draw: func(c Choice) Specimen { return Specimen{mapOfWords(c)} }},
	{Name: "fork", Draw: func(c Choice) Specimen {
		return Specimen{wiring.Fork{Stream: drawStream(c), Branches: between(c, 1, 4)}}
	}},
	{Name: "fork together", Draw: func(c Choice) Specimen {
		return Specimen{wiring.Fork{Stream: drawStream(c), Branches: between(c, 1, 3), Style: wiring.AllOrNothing}}
	}},
	{Name: "tap", Draw: func(c Choice) Specimen {
		return Specimen{wiring.Fork{Stream: drawStream(c), Branches: 2, Style: wiring.Tap}}
	}},
	{Name: "join", Draw: join},
	{Name: "join queued", Draw: func(c Choice) Specimen {
		j := joinOf(drawStream(c), 2, nil)
		j.Queued = true
		return Specimen{j}
	}},
	{Name: "concat", Draw: func(c Choice) Specimen { return Specimen{wiring.Concat{In: parts(c)}} }},
	{Name: "split", Draw: func(c Choice) Specimen { return Specimen{wiring.Split{Out: parts(c)}} }},
	{Name: "width", Draw: width},
	{Name: "width generic", Draw: generic},
	{Name: "adapter", Draw: adapter},
	{Name: "requantize queued", Draw: queued},
	{Name: "upsample", Draw: func(c Choice) Specimen {
		return Specimen{linebuffer.Upsample{In: drawStream(c), SY: between(c, 1, 3), SX: between(c, 1, 3)}}
	}},
	{Name: "insert", Draw: func(c Choice) Specimen {
		return Specimen{linebuffer.Insert{In: drawStream(c), SY: between(c, 1, 3), SX: between(c, 1, 3), Fill: int32(c.IntN(3))}}
	}},
	{Name: "pooling of frames", Draw: func(c Choice) Specimen {
		return Specimen{pe.ReduceFrame{In: drawStream(c), How: pe.Reduction(c.IntN(2))}}
	}},
	{Name: "batch", Draw: batch, Unstepped: true},
}

// Alone is a specimen between sources and sinks of random patterns.
func Alone(c Choice, s Specimen) *pipeline.Plan {
	p := &pipeline.Plan{}
	in, _ := s[0].Streams()
	var open []pipeline.Port
	for _, stream := range in {
		open = append(open, pipeline.Port{Node: p.Add("", wiring.Source{Stream: stream, Pattern: pattern(c)})})
	}
	for i, b := range s {
		layer := fmt.Sprint("b", i)
		if a, ok := b.(pe.Array); ok && a.Loads() {
			open = append(open, mapping.Chain(p, layer, mapping.Nowhere, mapping.Feeding(a)...))
		}
		node := p.Add(layer, b)
		for port, from := range open {
			p.Join(from, pipeline.Port{Node: node, Port: port})
		}
		_, out := b.Streams()
		open = open[:0]
		for port := range out {
			open = append(open, pipeline.Port{Node: node, Port: port})
		}
	}
	_, out := s[len(s)-1].Streams()
	for i, from := range open {
		p.Join(from, pipeline.Port{Node: p.Add("", wiring.Sink{Stream: out[i], Pattern: pattern(c)})})
	}
	wires := 0
	for i := range p.Edges {
		e := &p.Edges[i]
		e.Depth, e.Latency = depth(c), between(c, 1, 3)
		if f, ok := p.Nodes[e.From.Node].Block.(wiring.Fork); ok && f.Style == wiring.AllOrNothing && e.Depth == 0 {
			if wires++; wires > 1 { // sinks that open in cycles of their own would never agree
				to := &p.Nodes[e.To.Node]
				to.Block = wiring.Sink{Stream: e.Stream, Pattern: clock.Random{Seed: uint32(c.IntN(1 << 20))}}
			}
		}
	}
	return p
}
