package main

import (
	"errors"
	"fmt"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// operation is a layer that is no convolution, on its way through a run as the
// network of one layer.
type operation struct {
	*configs.Operation
	text      configs.LayerText
	given     configs.Given
	expect    *tensor.Tensor // nil for none
	unbatched bool           // its input has no axis of the batch, and its output gets none
}

// asOperation makes the layer the model that is meant.
func (f *runFlags) asOperation(text configs.LayerText) {
	p := &f.options.Paths
	f.net.operation = &operation{text: text, given: configs.Given{Seed: f.options.Seed, Weight: p.Weight, Bias: p.Bias}}
	f.net.model = f.layer
	f.options.Paths = sim.Paths{}
}

// loadOperation reads the layer's file, and its tensors; those of the command line
// win.
func (f *modelFlags) loadOperation() (*network.Graph, map[string]*tensor.Tensor, error) {
	o := f.operation
	var err error
	if o.Operation, err = o.text.Operation(o.given); err != nil {
		return nil, nil, err
	}
	f.files = append(o.Files(), o.given.Weight, o.given.Bias)
	if len(f.shapes) > 0 {
		return nil, nil, fmt.Errorf("--input-shape %s: %s says the shape of its input", f.shapes[0], f.model)
	}
	switch {
	case len(f.inputs) > 1:
		return nil, nil, fmt.Errorf("--input is given %d times; allowed for a layer: once", len(f.inputs))
	case len(f.inputs) == 1:
		o.Input = configs.Path{Written: "--input " + f.inputs[0], Resolved: f.inputs[0]}
	}
	given, err := o.tensors()
	return o.Graph, given, err
}

// tensors reads the input, if there is a file of it, and the expected output.
func (o *operation) tensors() (map[string]*tensor.Tensor, error) {
	types, err := o.Graph.Types()
	if err != nil {
		return nil, err
	}
	in := o.Graph.Inputs[0]
	given := map[string]*tensor.Tensor{}
	var inErr, expectErr error
	if o.Input.Resolved != "" {
		given[in.Name], o.unbatched, inErr = sim.ReadOperand(o.Input, in.Type)
	}
	if o.Expect.Resolved != "" {
		o.expect, _, expectErr = sim.ReadOperand(o.Expect, types[o.Graph.Outputs[0]])
	}
	return given, errors.Join(inErr, expectErr)
}

// sumUp makes the report of a network that of a layer.
func (o *operation) sumUp(n *sim.Network, out *sim.NetworkOutcome, net *sim.NetworkReport, page func() (runpage.Run, error)) (*ran, error) {
	report := n.Operation(o.Operation, out, net, o.expect)
	name := o.Graph.Outputs[0]
	if y := out.Outputs[name]; y != nil && o.unbatched && y.Shape()[0] == 1 {
		var err error
		if out.Outputs[name], err = y.Reshape(y.Shape()[1:]...); err != nil {
			return nil, err
		}
	}
	return &ran{n.Graph, out.Outputs, out.Tensors, out.Wrong, nil, report, page, report.Cycles}, nil
}
