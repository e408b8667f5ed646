package regress

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// nodeCase is a model of one operator with data sets, as ONNX's own tests have them.
type nodeCase struct {
	Model golden.File
	Sets  []struct{ Inputs, Outputs []golden.File } `json:"data_sets"`

	c golden.Case
}

// nodeModel streams a model of one operator through the pipeline, where the operator
// has a stage, and compares its outputs. Where it has none, the case is skipped with
// the reason.
func nodeModel(ctx context.Context, c golden.Case, hw *configs.Hardware, o Options) error {
	n := nodeCase{c: c}
	if err := c.Decode(&n); err != nil {
		return err
	}
	if n.Model.Name == "" || len(n.Sets) == 0 {
		return skipped("no model with data sets")
	}
	for i := range n.Sets {
		if err := n.set(ctx, i, hw, o); err != nil {
			return err
		}
	}
	return nil
}

func (n *nodeCase) set(ctx context.Context, set int, hw *configs.Hardware, o Options) error {
	planned, inputs, outputs, err := n.plan(set, false, hw)
	var without skipped
	if errors.As(err, &without) && len(n.Sets[set].Inputs) > 1 {
		if planned, inputs, outputs, err = n.plan(set, true, hw); errors.As(err, new(skipped)) {
			err = without
		}
	}
	if err != nil {
		return err
	}
	out, err := planned.Run(ctx, inputs, sim.Options{EveryBeat: o.EveryBeat})
	if err != nil {
		return err
	}
	if out.Wrong != nil {
		return out.Wrong
	}
	var notes []string
	for i, f := range n.Sets[set].Outputs {
		want, err := n.tensor(f)
		if err != nil {
			return err
		}
		if err := n.c.Suite().CompareTensors(want, n.c.Compare, 0, out.Outputs[outputs[i]]); err != nil {
			notes = append(notes, fmt.Sprintf("output %d: %v", i, err))
		}
	}
	if len(notes) > 0 {
		return &mismatch{note: strings.Join(notes, "; ")}
	}
	return nil
}

// plan plans the model for a data set. With fixed, all inputs but the first are
// constants, which operators want of scales, shapes and the like. An operator without a
// stage is skipped.
func (n *nodeCase) plan(set int, fixed bool, hw *configs.Hardware) (*sim.Network, map[string]*tensor.Tensor, []string, error) {
	data, err := n.c.Suite().ReadFile(n.Model)
	if err != nil {
		return nil, nil, nil, err
	}
	m, err := onnx.Parse(data)
	if err != nil {
		return nil, nil, nil, err
	}
	defer m.Close()
	inputs, err := n.inputs(m, set, fixed)
	if err != nil {
		return nil, nil, nil, err
	}
	g, err := m.Network(nil)
	if err != nil {
		return nil, nil, nil, skipped("refused: " + err.Error())
	}
	planned, err := sim.NewNetwork(hw, g)
	if err != nil {
		return nil, nil, nil, skipped("no stage: " + err.Error())
	}
	return planned, inputs, g.Outputs, nil
}

// inputs reads those of a data set.
func (n *nodeCase) inputs(m *onnx.Model, set int, fixed bool) (map[string]*tensor.Tensor, error) {
	files, free := n.Sets[set].Inputs, m.FreeInputs()
	if len(files) != len(free) {
		return nil, fmt.Errorf("%d files of inputs; the model has %d", len(files), len(free))
	}
	inputs := map[string]*tensor.Tensor{}
	for i, name := range free {
		p, err := n.proto(files[i])
		if err != nil {
			return nil, err
		}
		if fixed && i > 0 {
			p.Name = name
			m.Graph.Initializers = append(m.Graph.Initializers, p)
			continue
		}
		if inputs[name], err = p.Load(); err != nil {
			return nil, err
		}
	}
	return inputs, nil
}

func (n *nodeCase) proto(f golden.File) (*onnx.Tensor, error) {
	data, err := n.c.Suite().ReadFile(f)
	if err != nil {
		return nil, err
	}
	return onnx.ParseTensor(data)
}

func (n *nodeCase) tensor(f golden.File) (*tensor.Tensor, error) {
	p, err := n.proto(f)
	if err != nil {
		return nil, err
	}
	return p.Load()
}
