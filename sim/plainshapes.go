package sim

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// asFrames is an input with the frames as its first axis, where a run of the model is one
// frame; x itself where it is not some of the input.
func (n *Network) asFrames(x *tensor.Tensor, in network.Input) *tensor.Tensor {
	if x == nil || n.Plain == nil || slices.Equal(x.Shape(), in.Type.Shape) {
		return x
	}
	one, err := tensor.Elements(in.Type.Shape)
	own := n.Plain[in.Name].Shape
	if err != nil || one == 0 || int64(x.Len())%one != 0 || len(x.Shape()) < len(own) || !slices.Equal(own[min(1, len(own)):], x.Shape()[len(x.Shape())-max(0, len(own)-1):]) {
		return x
	}
	shape := append([]int{x.Len() / int(one)}, in.Type.Shape[1:]...)
	y, err := x.Reshape(shape...)
	if err != nil {
		return x
	}
	return y
}

// shownAs is an input as a source shows it: it takes images, NCHW, whatever axes there
// are.
func (n *Network) shownAs(x *tensor.Tensor, in network.Input) (*tensor.Tensor, error) {
	axes := n.Tensors[in.Name].Axes
	last := len(axes) - 1
	if last < 0 || axes[last] == 1 {
		return x, nil
	}
	out, err := network.Transpose{Perm: append([]int{0, axes[last]}, axes[:last]...)}.Reference([]*tensor.Tensor{x})
	if err != nil {
		return nil, err
	}
	return out[0], nil
}

// showed makes sure that what left the sources is what was given, as often as there were
// frames.
func (n *Network) showed(given, tensors map[string]*tensor.Tensor) error {
	for _, in := range n.Graph.Inputs {
		x, y := given[in.Name], tensors[in.Name]
		if y == nil || x.Len() == 0 || y.Repeats(x) {
			continue // nobody reads it, there is no frame, or it is the same
		}
		for i := range y.Len() {
			if k := i % x.Len(); x.Float(k) != y.Float(i) && x.Float(k) == x.Float(k) {
				return fmt.Errorf("sim: input %q: %v left the source at %v, given was %v", in.Name, y.Float(i), y.Coordinates(i), x.Float(k))
			}
		}
	}
	return nil
}

// asModel gives tensors of a run, which is one frame, the shapes that the model has them
// in, and leaves out those that the model has not. Those of several runs keep an axis in
// front, one element a run, unless the model's own first axis is of one element.
func asModel(types map[string]network.Type, tensors map[string]*tensor.Tensor, runs int) map[string]*tensor.Tensor {
	if types == nil {
		return tensors
	}
	out := map[string]*tensor.Tensor{}
	for name, x := range tensors {
		t, ok := types[name]
		if !ok || x == nil {
			continue
		}
		if runs == 1 && !slices.Equal(x.Shape(), t.Shape) {
			if y, err := x.Reshape(t.Shape...); err == nil {
				x = y
			}
		}
		out[name] = x
	}
	return out
}
