package mapping

import (
	"slices"
	"sync"

	"github.com/convsim/convsim/conv"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
	"github.com/convsim/convsim/wiring"
)

// LayerEdges are the names of the FIFOs that a layer alone on its hardware may have:
// those of a layer with padding and requantisation, and those without one or the
// other.
func LayerEdges() []string { return layerEdges() }

// layerEdges are computed once: every design of a sweep asks for them.
var layerEdges = sync.OnceValue(func() []string {
	var names []string
	for _, pad := range []int{1, 0} {
		for _, r := range []*pe.Requantize{nil, {Sum: tensor.Int32, Elem: tensor.Int8}} {
			p := smallest(pad, r)
			for _, e := range p.Edges {
				if !slices.Contains(names, e.Name) {
					names = append(names, e.Name)
				}
			}
		}
	}
	return slices.Clip(names)
})

// smallest is the plan of a convolution of one multiplier, between a source and a sink.
func smallest(pad int, r *pe.Requantize) *pipeline.Plan {
	one := conv.Pair{H: 1, W: 1}
	l := conv.Conv2d{InChannels: 1, OutChannels: 1, Kernel: one, Stride: one, Dilation: one, Groups: 1,
		Padding: conv.Padding{Sides: conv.Sides{Top: pad, Left: pad}}}
	shape, err := l.Resolve(1, 1, 1)
	if err != nil {
		panic(err) // nothing of it comes from outside
	}
	c := Conv{Fold: sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Serial), Elem: tensor.Int8, Requantize: r}
	list := c.Blocks()
	in, _ := list[0].Streams()
	_, out := list[len(list)-1].Streams()
	p := &pipeline.Plan{}
	end := Chain(p, "", Chain(p, "", Nowhere, wiring.Source{Stream: in[0]}), list...)
	Chain(p, "", end, wiring.Sink{Stream: out[0]})
	return p
}
