package mapping

import (
	"slices"
	"sync"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// LayerEdges are the names of the FIFOs that a layer alone on its hardware may have:
// those of a layer with padding and requantisation, those without one or the other,
// and those by which weights come.
func LayerEdges() []string { return layerEdges() }

// layerEdges are computed once: every design of a sweep asks for them.
var layerEdges = sync.OnceValue(func() []string {
	var names []string
	for _, pad := range []int{1, 0} {
		for _, r := range []*pe.Requantize{nil, {Sum: tensor.Int32, Elem: tensor.Int8}} {
			names = edgesOf(names, smallest(pad, r, ""))
		}
	}
	for _, reuse := range []configs.Reuse{configs.PixelReuse, configs.RowReuse} {
		for _, r := range []*pe.Requantize{nil, {Sum: tensor.Int32, Elem: tensor.Int8}} {
			names = edgesOf(names, smallest(0, r, reuse))
		}
	}
	return slices.Clip(names)
})

// edgesOf adds the names of a plan's edges that are not there yet.
func edgesOf(names []string, p *pipeline.Plan) []string {
	for _, e := range p.Edges {
		if !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	return names
}

// smallest is the plan of a convolution of one multiplier, between a source and a sink;
// its weights come by a port if there is some reuse of them.
func smallest(pad int, r *pe.Requantize, reuse configs.Reuse) *pipeline.Plan {
	one := conv.Pair{H: 1, W: 1}
	l := conv.Conv2d{InChannels: 1, OutChannels: 2, Kernel: one, Stride: one, Dilation: one, Groups: 1,
		Padding: conv.Padding{Sides: conv.Sides{Top: pad, Left: pad}}}
	shape, err := l.Resolve(1, 1, 2)
	if err != nil {
		panic(err) // nothing of it comes from outside
	}
	c := Conv{Fold: sched.NewFold(shape, sched.Array{PE: 1, SIMD: 1, GroupParallel: 1}, sched.Serial), Elem: tensor.Int8, Weight: tensor.Int8,
		Sum: tensor.Int32, Requantize: r}
	if reuse != "" {
		c.Load, c.Tile = clock.Share{Name: "dram", Num: 1, Den: 1}, tileOf(reuse, c.Fold)
	}
	list := c.Blocks()
	in, _ := list[0].Streams()
	_, out := list[len(list)-1].Streams()
	p := &pipeline.Plan{}
	end := Chain(p, "", Chain(p, "", Nowhere, wiring.Source{Stream: in[0]}), list...)
	Chain(p, "", end, wiring.Sink{Stream: out[0]})
	return p
}
