package network

import "slices"

// ByFrames reports whether the first axis of all tensors are frames, and every node
// treats each of them by itself. types are those of the graph.
func (g *Graph) ByFrames(types map[string]Type) bool {
	streams := map[string]bool{}
	for _, in := range g.Inputs {
		if len(in.Type.Shape) == 0 || in.Type.Shape[0] != g.Inputs[0].Type.Shape[0] {
			return false
		}
		streams[in.Name] = true
	}
	for _, n := range g.Nodes {
		if !slices.ContainsFunc(n.Inputs, func(name string) bool { return streams[name] }) {
			continue // constants
		}
		for _, name := range n.Outputs {
			streams[name] = name != ""
		}
		if !byFrames(n, types, streams) {
			return false
		}
	}
	return true
}

// byFrames reports whether a node that reads streams treats every frame by itself.
func byFrames(n Node, types map[string]Type, streams map[string]bool) bool {
	frames := -1
	for _, name := range slices.Concat(n.Inputs, n.Outputs) {
		if !streams[name] {
			continue
		}
		shape := types[name].Shape
		if len(shape) == 0 || frames >= 0 && shape[0] != frames {
			return false
		}
		frames = shape[0]
	}
	in, rank := typesOf(n.Inputs, types), len(types[n.Outputs[0]].Shape)
	switch op := n.Op.(type) {
	case Gemm:
		return !op.TransA && streams[n.Inputs[0]] && sameForAll(n.Inputs[1:2], types, streams, 3) && sameForAll(n.Inputs[2:], types, streams, 2)
	case QGemm:
		return !op.TransA && streams[n.Inputs[0]] && sameForAll(n.Inputs[1:2], types, streams, 3) && sameForAll(n.Inputs[2:], types, streams, 2)
	case MatMul, MatMulInteger, QLinearMatMul:
		return stackByFrames(n.Inputs, types, streams, rank)
	case Combine, QLinearAdd, QLinearMul, PRelu, Compare, Where:
		return sameForAll(n.Inputs, types, streams, rank)
	case Concat:
		return modulo(op.Axis, rank) != 0 && sameForAll(n.Inputs, types, streams, rank)
	case QLinearConcat:
		return modulo(op.Axis, rank) != 0 && sameForAll(n.Inputs, types, streams, rank)
	}
	return byFramesAlone(n.Op, in[0].Shape)
}

// sameForAll reports whether all streams have as many axes as the result, and constants
// are the same for all frames.
func sameForAll(names []string, types map[string]Type, streams map[string]bool, rank int) bool {
	for _, name := range names {
		shape := types[name].Shape
		if streams[name] && len(shape) != rank || !streams[name] && len(shape) >= rank && rank > 0 && name != "" && shape[0] != 1 {
			return false
		}
	}
	return true
}

// stackByFrames reports whether matrices are multiplied frame by frame: a constant one is
// the same for all.
func stackByFrames(names []string, types map[string]Type, streams map[string]bool, rank int) bool {
	a, b := types[names[0]].Shape, types[names[1]].Shape
	switch {
	case streams[names[0]] && !streams[names[1]]:
		return len(a) == rank && (len(b) == 2 || len(b) > 2 && (len(b) < rank || b[0] == 1))
	case !streams[names[0]]:
		return len(b) == rank && rank > 2 && (len(a) == 2 || len(a) > 2 && (len(a) < rank || a[0] == 1))
	}
	return len(a) == rank && len(b) == rank && rank > 2
}

// byFramesAlone reports whether an operator of one tensor goes along its other axes
// only.
func byFramesAlone(op Op, in []int) bool {
	rank := len(in)
	switch op := op.(type) {
	case DynamicQuantizeLinear:
		return op.Framed
	case Transpose:
		return len(op.Perm) > 0 && op.Perm[0] == 0
	case Split:
		return modulo(op.Axis, rank) != 0
	case Softmax:
		return modulo(op.Axis, rank) != 0 || op.Flatten && op.Axis == rank
	case QLinearSoftmax:
		return modulo(op.Softmax.Axis, rank) != 0
	case ArgMax:
		return modulo(op.Axis, rank) != 0
	case Reduce:
		return !slices.ContainsFunc(op.Axes, func(a int) bool { return modulo(a, rank) == 0 })
	case Slice:
		at, err := op.indices(in)
		return err == nil && len(at) > 0 && slices.Equal(at[0], count(in[0], 1))
	case Tile:
		return op.Times[0] == 1
	case Gather:
		return modulo(op.Axis, rank) != 0
	case LayerNormalization:
		return modulo(op.Axis, rank) != 0
	case Pad:
		return op.Begin[0] == 0 && op.End[0] == 0
	case Resize:
		return len(op.Scales) == 0 || op.Scales[0] == 1
	case QuantizeLinear:
		return op.Y.single() || modulo(op.Axis, rank) != 0
	case DequantizeLinear:
		return op.X.single() || modulo(op.Axis, rank) != 0
	}
	return true
}

func typesOf(names []string, types map[string]Type) []Type {
	list := make([]Type, len(names))
	for i, name := range names {
		list[i] = types[name]
	}
	return list
}
