package network

import "math"

// maxMoves is how many nodes that move elements a QuantizeLinear may pass.
const maxMoves = 64

// move puts a QuantizeLinear before MaxPool and what only moves elements: that
// changes nothing, since it is the same for all elements and never decreases. What
// it is then made of is lowered in turn.
func (l *lowering) move(n Node, q Quant, moves int) ([]Node, error) {
	work, ok := l.maker[n.Inputs[0]]
	if !ok || moves == 0 || len(work.Outputs) != 1 || l.uses[work.Outputs[0]] != 1 {
		return []Node{n}, nil
	}
	op, ok := onIntegers(work.Op, q)
	if !ok {
		return []Node{n}, nil
	}
	moved := Node{Name: work.Name, Op: op, Inputs: []string{""}, Outputs: n.Outputs}
	if integers, x, ok := l.dequantized(work.Inputs[0]); ok && x.equal(q) {
		moved.Inputs[0] = integers
		return []Node{moved}, nil
	}
	moved.Inputs[0] = l.fresh(work.Inputs[0]+"_quantized", q)
	before, err := l.node(Node{Name: n.Name, Op: n.Op, Inputs: work.Inputs, Outputs: moved.Inputs}, moves-1)
	return append(before, moved), err
}

// fresh makes a name for a new tensor.
func (l *lowering) fresh(name string, q Quant) string {
	for l.types[name].DType.Valid() || l.constants[name] != nil {
		name += "_"
	}
	l.types[name] = Type{DType: q.DType}
	return name
}

// onIntegers returns the operator that does with integers what op does with the
// floats they stand for.
func onIntegers(op Op, q Quant) (Op, bool) {
	switch op := op.(type) {
	case MaxPool, Reshape, Transpose, Slice, DepthToSpace, SpaceToDepth, Identity:
		return op, true
	case Resize:
		op.Extrapolation = float32(q.quantize(0, op.Extrapolation))
		return op, op.Mode == Nearest
	case Pad:
		if math.IsNaN(op.Value) {
			return nil, false
		}
		op.Value = float64(q.quantize(0, float32(op.Value)))
		return op, true
	}
	return nil, false
}

// equal reports whether integers stand for the same numbers, with one scale.
func (q Quant) equal(r Quant) bool {
	return q.DType == r.DType && q.single() && r.single() && q.Scale[0] == r.Scale[0] && q.Zero[0] == r.Zero[0]
}

// floats lowers what ONNX Runtime's operators define as
// Quantize(f(Dequantize(x))).
func (l *lowering) floats(n Node, q Quant) (Node, bool, error) {
	work, ok := l.maker[n.Inputs[0]]
	if !ok {
		return Node{}, false, nil
	}
	inputs, scales := make([]string, len(work.Inputs)), make([]Quant, len(work.Inputs))
	for i, name := range work.Inputs {
		if inputs[i], scales[i], ok = l.dequantized(name); !ok {
			return Node{}, false, nil
		}
	}
	var op Op
	switch f := work.Op.(type) {
	case Concat:
		op = QLinearConcat{Axis: f.Axis, X: scales, Y: q}
	case AveragePool:
		op = QLinearAveragePool{Pool: f, X: scales[0], Y: q}
	case Softmax:
		op = QLinearSoftmax{Softmax: f, X: scales[0], Y: q}
	default:
		return Node{}, false, nil
	}
	return Node{Name: l.own(work, n), Op: op, Inputs: inputs, Outputs: n.Outputs}, true, nil
}
