package network

import (
	"fmt"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// images adds what becomes of an operator on several images of one frame, and reports
// whether the node is one: they lie side by side as groups of channels, each with its
// own weights, which are alike.
func (w *framing) images(n Node) (bool, error) {
	in := w.types[n.Inputs[0]].Shape
	if !w.streams[n.Inputs[0]] || len(in) < 2 {
		return false, nil
	}
	op, bySide, err := sideBySide(n.Op, in[0])
	if err != nil || !bySide {
		return false, err
	}
	inputs := slices.Clone(n.Inputs)
	inputs[0] = w.show(n.Inputs[0], groupedShape(in))
	for i := 1; i < len(inputs); i++ {
		c := w.out.Constants[n.Inputs[i]]
		if n.Inputs[i] == "" {
			continue
		}
		if c == nil {
			return false, fmt.Errorf("weights or bias that are no constants; allowed: constants")
		}
		if c, err = tiled(c, in[0]); err != nil {
			return false, err
		}
		inputs[i] = w.constant(n.Inputs[i], c)
	}
	w.reshaped(n, op, inputs, groupedShape(w.types[n.Outputs[0]].Shape))
	return true, nil
}

// groupedShape is the shape of images whose channels lie side by side.
func groupedShape(s []int) []int {
	return append([]int{1, s[0] * s[1]}, s[2:]...)
}

// sideBySide is an operator on images whose channels lie side by side, if there is one.
func sideBySide(op Op, images int) (Op, bool, error) {
	switch op := op.(type) {
	case Conv:
		op.Groups *= images
		return op, true, nil
	case ConvInteger:
		op.Conv.Groups *= images
		op.WZero = tiledList(op.WZero, images)
		return op, true, nil
	case QLinearConv:
		op.Conv.Groups *= images
		op.W = tiledQuant(op.W, images)
		op.Rounding.Shift = tiledList(op.Rounding.Shift, images)
		return op, true, nil
	case ConvTranspose:
		op.Groups *= images
		return op, true, nil
	case ConvTransposeInteger:
		op.Conv.Groups *= images
		op.WZero = tiledList(op.WZero, images)
		return op, true, nil
	case QLinearConvTranspose:
		op.Conv.Groups *= images
		op.W = tiledQuant(op.W, images)
		op.Rounding.Shift = tiledList(op.Rounding.Shift, images)
		return op, true, nil
	case GroupNormalization:
		op.Groups *= images
		return op, true, nil
	case BatchNormalization, MaxPool, AveragePool, GlobalAveragePool, GlobalMaxPool:
		return op, true, nil
	case QLinearAveragePool:
		return op, !op.ChannelsLast, nil
	case QLinearGlobalAveragePool:
		return op, !op.ChannelsLast, nil
	case DepthToSpace, SpaceToDepth, LRN:
		return nil, false, fmt.Errorf("%d images of a run that mixes its frames; allowed: one", images)
	}
	return nil, false, nil
}

// tiledList is a list for every image where it has an entry for every channel.
func tiledList[T any](list []T, images int) []T {
	if len(list) < 2 {
		return list
	}
	return slices.Repeat(list, images)
}

func tiledQuant(q Quant, images int) Quant {
	q.Scale, q.Zero = tiledList(q.Scale, images), tiledList(q.Zero, images)
	return q
}

// tiled is a constant with its first axis repeated.
func tiled(c *tensor.Tensor, images int) (*tensor.Tensor, error) {
	if images == 0 {
		return tensor.New(c.DType(), append([]int{0}, c.Shape()[1:]...)...)
	}
	parts := make([]*tensor.Tensor, images)
	for i := range parts {
		parts[i] = c
	}
	out, err := Concat{}.Reference(parts)
	if err != nil {
		return nil, err
	}
	return out[0], nil
}
