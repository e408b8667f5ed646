package convsim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/modelfile"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// NetworkPlan is a model on a hardware as one pipeline: blocks of every layer, joined
// by FIFOs.
type NetworkPlan struct{ network *sim.Network }

// MapModel plans a model on a hardware. Its error is an *Invalid, which names every
// operator that has no stage.
func MapModel(m *Model, hw Hardware) (*NetworkPlan, error) {
	h, err := hw.config()
	if err := errors.Join(m.check(), err); err != nil {
		return nil, invalid(err)
	}
	n, err := sim.NewNetwork(h, m.graph)
	if err != nil {
		return nil, invalid(err)
	}
	return &NetworkPlan{n}, nil
}

// check refuses a plan that MapModel has not made.
func (p *NetworkPlan) check() error {
	if p == nil || p.network == nil {
		return &Invalid{[]string{"plan: empty; allowed: one made by MapModel"}}
	}
	return nil
}

// Blocks names the blocks of the plan, each behind its layer.
func (p *NetworkPlan) Blocks() []string {
	if p.check() != nil {
		return nil
	}
	return blocks(p.network.Plan)
}

// Edges lists the edges of the plan, in the order in which they were planned.
func (p *NetworkPlan) Edges() []Edge {
	if p.check() != nil {
		return nil
	}
	return edges(p.network.Plan)
}

// String draws the plan, an edge a line: "a.pad -[2]-> a.window" with what crosses it in
// a frame.
func (p *NetworkPlan) String() string {
	if err := p.check(); err != nil {
		return err.Error()
	}
	return drawn(p.network.Plan)
}

// WrongNode is a node whose output is not what its definition makes of its inputs.
type WrongNode = sim.WrongNode

// LayerUse is how one layer of a network spent its cycles.
type LayerUse = sim.LayerUse

// NetworkOutcome is a finished run of a network.
type NetworkOutcome struct {
	*sim.NetworkReport
	Outputs Tensors // by the names of the model's outputs
	Tensors Tensors // all that crossed an edge, by the model's names
}

// Layer returns how a layer spent its cycles; the zero LayerUse if there is none of
// that name.
func (o *NetworkOutcome) Layer(name string) LayerUse {
	for _, l := range o.Layers {
		if l.Name == name {
			return l
		}
	}
	return LayerUse{}
}

// RunModel moves tensors, by the names of the model's inputs, through the plan and
// compares what comes out of every node with its definition. Inputs left out are
// made up from a fixed seed. A node that is not what it should be is a *WrongNode,
// beside the outcome; tensors that do not fit are an *Invalid.
func RunModel(ctx context.Context, p *NetworkPlan, t Tensors) (*NetworkOutcome, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	inputs, err := p.inputs(t)
	if err != nil {
		return nil, err
	}
	out, err := p.network.Run(ctx, inputs, sim.Options{})
	if err != nil {
		return nil, err
	}
	o := &NetworkOutcome{p.network.Report(out, sim.Options{}), out.Outputs, out.Tensors}
	if out.Wrong != nil {
		return o, out.Wrong
	}
	return o, nil
}

// TimeModel finds the cycles of a plan for a number of frames in a row, without
// values.
func TimeModel(ctx context.Context, p *NetworkPlan, frames int) (*NetworkOutcome, error) {
	if err := cmp.Or(p.check(), checkFrames(frames)); err != nil {
		return nil, err
	}
	o := sim.Options{Frames: frames, NoValues: true}
	out, err := p.network.Run(ctx, nil, o)
	if err != nil {
		return nil, err
	}
	return &NetworkOutcome{NetworkReport: p.network.Report(out, o)}, nil
}

// inputs are tensors for all inputs of the model.
func (p *NetworkPlan) inputs(given Tensors) (map[string]*tensor.Tensor, error) {
	inputs, err := modelfile.Inputs(p.network.Graph, modelSeed)
	if err != nil {
		return nil, invalid(err)
	}
	var wrong []string
	names := make([]string, 0, len(inputs))
	for _, in := range p.network.Graph.Inputs {
		names = append(names, in.Name)
		switch x := given[in.Name]; {
		case x == nil:
		case x.DType() != in.Type.DType || !slices.Equal(x.Shape(), in.Type.Shape):
			wrong = append(wrong, fmt.Sprintf("%s: got %s; allowed: %s", in.Name, x, in.Type))
		default:
			inputs[in.Name] = x
		}
	}
	for name := range given {
		if !slices.Contains(names, name) {
			wrong = append(wrong, fmt.Sprintf("%s: no such input; allowed: %q", name, names))
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return nil, &Invalid{wrong}
	}
	return inputs, nil
}
