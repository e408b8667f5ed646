package mapping

import (
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/tensor"
)

// standardized adds the stage of a normalisation by the mean and deviation of a run of
// elements, as they lie in memory.
func (n *net) standardized(node network.Node) ([]feed, string) {
	t := n.Types[node.Outputs[0]]
	var f scalar.Standardize
	switch op := node.Op.(type) {
	case network.LayerNormalization:
		inner := t.Shape[positive(op.Axis, len(t.Shape)):]
		if len(inner) == len(t.Shape) {
			return nil, "it goes over frames; allowed: axes other than the batch"
		}
		f = scalar.Standardize{Run: elements(inner), Epsilon: float64(op.Epsilon)}
		f.Scale, f.Bias = n.filling(node, 1, inner, 1), n.filling(node, 2, inner, 0)
	case network.GroupNormalization:
		f = scalar.Standardize{Run: elements(t.Shape[1:]) / op.Groups, Epsilon: float64(op.Epsilon)}
		channels := append([]int{t.Shape[1]}, t.Shape[2:]...)
		f.Scale, f.Bias = n.channelwise(node, 1, channels), n.channelwise(node, 2, channels)
	}
	if f.Scale == nil || f.Bias == nil {
		return nil, "its scale or bias is no constant; allowed: constants"
	}
	x, ok := n.take(node.Inputs[0])
	if !ok {
		return nil, "its input comes from no stage"
	}
	return []feed{n.batched(n.natural(x), f, t, naturalAxes(len(t.Shape)))}, ""
}

// filling is a constant input repeated to a shape, or a number where it is left out; nil if
// it is no constant.
func (n *net) filling(node network.Node, i int, shape []int, otherwise float64) []float64 {
	if i >= len(node.Inputs) || node.Inputs[i] == "" {
		return slices.Repeat([]float64{otherwise}, elements(shape))
	}
	c := n.constant(node, i)
	if c == nil {
		return nil
	}
	return shownTo(c, shape)
}

// shownTo are the elements of a constant repeated to a shape, of one frame of it.
func shownTo(c *tensor.Tensor, shape []int) []float64 {
	own := c.Shape()
	own = own[max(0, len(own)-len(shape)):]
	axes := make([]int, len(own))
	for a := range axes {
		axes[a] = len(shape) - len(own) + a + 1
	}
	list := make([]float64, elements(shape))
	for k, at := range shownAt(append([]int{1}, shape...), own, axes) {
		list[k] = number(c, int(at))
	}
	return list
}

// channelwise is a constant with an element a channel, for every element of a frame.
func (n *net) channelwise(node network.Node, i int, shape []int) []float64 {
	c := n.constant(node, i)
	if c == nil {
		return nil
	}
	plane := elements(shape[1:])
	list := make([]float64, elements(shape))
	for k := range list {
		list[k] = number(c, k/plane)
	}
	return list
}

// elements counts those of a shape.
func elements(shape []int) int {
	n, err := tensor.Elements(shape)
	if err != nil {
		panic("mapping: " + err.Error()) // of a type that was checked
	}
	return int(n)
}
