package proof

import (
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// Layer is a layer on a hardware, with its data.
func Layer(d *sim.Design, data *sim.Data, frames int) Design {
	return Design{Name: d.Layer.Name, Plan: d.Plan, Constants: d.Constants(data), Frames: frames,
		ClockMHz: d.Hardware.ClockMHz, DSP: d.Hardware.DSPKind()}
}

// Network is a network on a hardware, with its inputs.
func Network(name string, n *sim.Network, inputs map[string]*tensor.Tensor, frames int) (Design, error) {
	c, err := n.AllConstants(inputs, frames)
	operators := map[string]string{}
	for _, node := range n.Graph.Nodes {
		operators[node.Name] = node.Op.Kind()
	}
	return Design{Name: name, Plan: n.Plan, Constants: c, Frames: frames, Operators: operators,
		ClockMHz: n.Hardware.ClockMHz, DSP: n.Hardware.DSPKind()}, err
}
