package regress

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// model streams one model of a case through the pipeline, which holds every node
// to its definition, and compares outputs and intermediate tensors with the case's.
func model(m golden.Network) check {
	return func(ctx context.Context, c golden.Case, hw *configs.Hardware, o Options) error {
		if m.Model.Name == "" {
			return skipped("the model is not in the suite: it is in a package only")
		}
		r := modelRun{Network: m, c: c}
		g, inputs, err := r.load()
		if err != nil {
			return err
		}
		n, out, err := streamed(ctx, hw, g, inputs, sim.Options{EveryBeat: o.EveryBeat})
		if err != nil {
			return err
		}
		errs := []error{r.outputs(out), r.layers(out), r.accuracy(out)}
		if r.Images != nil {
			errs = append(errs, r.images(ctx, n, o))
		}
		if err := errors.Join(errs...); err != nil {
			return &mismatch{note: err.Error()}
		}
		return nil
	}
}

// streamed plans a network and runs it.
func streamed(ctx context.Context, hw *configs.Hardware, g *network.Graph, inputs map[string]*tensor.Tensor,
	o sim.Options) (*sim.Network, *sim.NetworkOutcome, error) {
	n, err := sim.NewNetwork(hw, g)
	if err != nil {
		return nil, nil, err
	}
	out, err := n.Run(ctx, inputs, o)
	if err != nil {
		return nil, nil, err
	}
	if out.Wrong != nil {
		return nil, nil, out.Wrong
	}
	return n, out, nil
}

// modelRun is a model of a case being held to it.
type modelRun struct {
	golden.Network
	c     golden.Case
	types map[string]network.Type
	order []string // tensors as nodes make them
}

// load reads the model and its inputs.
func (r *modelRun) load() (*network.Graph, map[string]*tensor.Tensor, error) {
	data, err := r.c.Suite().ReadFile(r.Model)
	if err != nil {
		return nil, nil, err
	}
	m, err := onnx.Parse(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", r.Model.Name, err)
	}
	defer m.Close()
	shapes, inputs := map[string][]int{}, map[string]*tensor.Tensor{}
	for _, in := range m.Graph.Inputs {
		if !r.c.HasInput(in.Name) {
			continue // an initialiser that is listed as an input, or a mistake that the network tells
		}
		if inputs[in.Name], err = r.c.Input(in.Name); err != nil {
			return nil, nil, err
		}
		if shapes[in.Name] = r.Shape; r.Shape == nil {
			shapes[in.Name] = inputs[in.Name].Shape()
		}
	}
	g, err := m.Network(shapes)
	if err == nil {
		err = r.shapes(g)
	}
	if err == nil && r.Integers {
		g, err = network.Lower(g)
	}
	if err != nil {
		return nil, nil, err
	}
	for _, n := range g.Nodes {
		r.order = append(r.order, n.Outputs...)
	}
	r.types, err = g.Types()
	return g, inputs, err
}

// shapes compares the shapes of tensors of which no more is known.
func (r *modelRun) shapes(g *network.Graph) error {
	types, err := g.Types()
	for _, s := range r.Shapes {
		if got := types[s.Tensor].Shape; !slices.Equal(got, s.Shape) {
			err = errors.Join(err, fmt.Errorf("tensor %q has shape %v; want: %v", s.Tensor, got, s.Shape))
		}
	}
	return err
}

// notModels are outputs of a case that its model does not make.
var notModels = []string{"output_float64", "torch_output"}

// outputs compares the outputs. One that goes by another name in the model is its
// last tensor of that type and shape.
func (r *modelRun) outputs(out *sim.NetworkOutcome) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(r.Outputs)) {
		if slices.Contains(notModels, name) {
			continue
		}
		want := r.Outputs[name]
		got := out.Tensors[name]
		for i := len(r.order) - 1; got == nil && i >= 0; i-- {
			if t := r.types[r.order[i]]; t.DType.String() == want.DType && slices.Equal(t.Shape, want.Shape) {
				got = out.Tensors[r.order[i]]
			}
		}
		errs = append(errs, r.tensor(name, want, 0, got))
	}
	return errors.Join(errs...)
}

// layers compares intermediate tensors: of all images, or of the first one.
func (r *modelRun) layers(out *sim.NetworkOutcome) error {
	var errs []error
	for _, l := range r.Layers {
		errs = append(errs, r.tensor(l.Tensor, l.File, l.MaxLSB, out.Tensors[l.Tensor]))
	}
	for _, l := range r.First {
		got := out.Tensors[l.Tensor]
		if got != nil {
			var err error
			if got, err = frames(got, 0, 1); err != nil {
				return err
			}
		}
		errs = append(errs, r.tensor(l.Tensor, l.File, l.MaxLSB, got))
	}
	return errors.Join(errs...)
}

func (r *modelRun) tensor(name string, want golden.File, steps int, got *tensor.Tensor) error {
	if got == nil {
		return fmt.Errorf("tensor %q: there is none in the model", name)
	}
	how := r.Compare
	if !got.DType().IsFloat() {
		how.Mode = "exact"
	}
	if err := r.c.Suite().CompareTensor(want, how, steps, got); err != nil {
		return fmt.Errorf("tensor %q: %w", name, err)
	}
	return nil
}

// frames are some of the images of a tensor.
func frames(t *tensor.Tensor, first, n int) (*tensor.Tensor, error) {
	out, err := network.Slice{Starts: []int{first}, Ends: []int{first + n}, Axes: []int{0}, Steps: []int{1}}.Reference([]*tensor.Tensor{t})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}
