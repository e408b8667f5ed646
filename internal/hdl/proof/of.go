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
	return Design{Name: name, Plan: n.Plan, Constants: c, Frames: frames,
		ClockMHz: n.Hardware.ClockMHz, DSP: n.Hardware.DSPKind()}, err
}
