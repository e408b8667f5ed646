package network

import "slices"

// shifted is an operator on tensors with an axis in front of their own. in and out are
// the types without it.
func shifted(op Op, in []Type, out Type) Op {
	rank := len(in[0].Shape)
	axis := func(a int) int { return modulo(a, max(1, rank)) + 1 }
	switch op := op.(type) {
	case Reshape:
		return Reshape{inFront(out).Shape}
	case Transpose:
		return Transpose{shiftedPerm(op.Perm, rank)}
	case Concat:
		return Concat{axis(op.Axis)}
	case QLinearConcat:
		op.Axis = axis(op.Axis)
		return op
	case Split:
		op.Axis = axis(op.Axis)
		return op
	case Softmax:
		return shiftedSoftmax(op, rank)
	case QLinearSoftmax:
		op.Softmax = shiftedSoftmax(op.Softmax, rank)
		return op
	case ArgMax:
		op.Axis = axis(op.Axis)
		return op
	case Reduce:
		op.Axes = slices.Clone(op.Axes)
		for i, a := range op.Axes {
			op.Axes[i] = axis(a)
		}
		return op
	case DynamicQuantizeLinear:
		return DynamicQuantizeLinear{Framed: true}
	case QuantizeLinear:
		op.Axis = axis(op.Axis)
		return op
	case DequantizeLinear:
		op.Axis = axis(op.Axis)
		return op
	case LayerNormalization:
		op.Axis = axis(op.Axis)
		return op
	}
	return shiftedMoves(op, rank, axis)
}

// shiftedMoves is shifted of what moves elements.
func shiftedMoves(op Op, rank int, axis func(int) int) Op {
	switch op := op.(type) {
	case Tile:
		return Tile{append([]int{1}, op.Times...)}
	case Gather:
		op.Axis = axis(op.Axis)
		return op
	case Slice:
		return shiftedSlice(op, rank)
	case Pad:
		op.Begin, op.End = append([]int{0}, op.Begin...), append([]int{0}, op.End...)
		return op
	case Resize:
		return shiftedResize(op, rank)
	}
	return op
}

// shiftedPerm is an order of axes behind a new one, which stays in front. None is the
// order turned round.
func shiftedPerm(perm []int, rank int) []int {
	out := []int{0}
	for i := range rank {
		a := rank - 1 - i
		if len(perm) > 0 {
			a = perm[i]
		}
		out = append(out, a+1)
	}
	return out
}

func shiftedSoftmax(s Softmax, rank int) Softmax {
	if s.Flatten && s.Axis == rank {
		s.Axis++
	} else {
		s.Axis = modulo(s.Axis, rank) + 1
	}
	return s
}

func shiftedSlice(s Slice, rank int) Slice {
	axes := make([]int, len(s.Starts))
	for i := range axes {
		axes[i] = i + 1
		if len(s.Axes) > 0 {
			axes[i] = modulo(s.Axes[i], rank) + 1
		}
	}
	s.Axes = axes
	return s
}

func shiftedResize(r Resize, rank int) Resize {
	if len(r.Scales) > 0 {
		r.Scales = append([]float32{1}, r.Scales...)
	}
	if len(r.Sizes) > 0 {
		r.Sizes = append([]int{1}, r.Sizes...)
	}
	if len(r.ROI) == 2*rank {
		r.ROI = slices.Concat([]float32{0}, r.ROI[:rank], []float32{1}, r.ROI[rank:])
	}
	return r
}

// broadcasts reports whether an operator repeats shorter tensors by NumPy's rules.
func broadcasts(op Op) bool {
	switch op.(type) {
	case Combine, QLinearAdd, QLinearMul, PRelu, Compare, Where:
		return true
	}
	return false
}

// joins reports whether an operator wants all tensors with as many axes.
func joins(op Op) bool {
	switch op.(type) {
	case Concat, QLinearConcat:
		return true
	}
	return false
}
