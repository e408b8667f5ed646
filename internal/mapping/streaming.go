package mapping

import (
	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sched"
)

// Draft is a plan on its way through the passes.
type Draft struct {
	Hardware *configs.Hardware
	Layer    *configs.Layer
	Fold     sched.Fold
	Plan     *pipeline.Plan
}

// Pass is one step from a layer and a hardware to a plan.
type Pass struct {
	Name string
	Run  func(*Draft) error
}

// Streaming are the passes that make a pipeline of a layer: every stage is
// hardware of its own.
var Streaming = []Pass{
	{"fold", fold},     // the layer onto the arrays
	{"sizes", sizes},   // what is too large to simulate
	{"blocks", blocks}, // a block per stage, and the ends
	{"depths", depths}, // the FIFOs between them
}

// Map runs passes over a layer and a hardware.
func Map(hw *configs.Hardware, layer *configs.Layer, passes []Pass) (*Draft, error) {
	if err := hw.CheckEdges(LayerEdges(), nil); err != nil {
		return nil, err
	}
	d := &Draft{Hardware: hw.Of(layer.Name), Layer: layer}
	for _, p := range passes {
		if err := p.Run(d); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// fold folds the layer onto the arrays.
func fold(d *Draft) error {
	if err := streaming(d.Hardware); err != nil {
		return err
	}
	shape, err := d.Layer.Shape()
	if err != nil {
		return err
	}
	a := d.Hardware.Array
	d.Fold = sched.NewFold(shape, sched.Array{PE: a.PE, SIMD: a.SIMD, GroupParallel: a.GroupParallel}, styleOf(d.Hardware))
	return nil
}

// styleOf is that of the window.
func styleOf(hw *configs.Hardware) sched.Style {
	if hw.Window.Style == configs.Parallel {
		return sched.Parallel
	}
	return sched.Serial
}

// depths gives every edge the FIFO the hardware says.
func depths(d *Draft) error {
	for i := range d.Plan.Edges {
		e := &d.Plan.Edges[i]
		e.Depth, e.Latency = d.Hardware.FIFO.DepthOf(e.Name), d.Hardware.FIFO.Latency
	}
	return nil
}
