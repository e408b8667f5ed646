package network

import (
	"math"
	"slices"

	"github.com/convsim/convsim/tensor"
)

// accumulator lowers sums of products, and the Relu and Clip behind them.
func (l *lowering) accumulator(n Node, q Quant) (Node, bool, error) {
	name, clamp := l.activation(n.Inputs[0], q)
	work, ok := l.maker[name]
	if !ok || l.uses[name] != 1 {
		return Node{}, false, nil
	}
	integers, x, ok := l.dequantized(work.Inputs[0])
	if !ok {
		return Node{}, false, nil
	}
	lowered := Node{Name: work.Name, Inputs: []string{integers}, Outputs: n.Outputs}
	if _, ok := work.Op.(GlobalAveragePool); ok {
		lowered.Op = QLinearGlobalAveragePool{X: x, Y: q, Clamp: clamp}
		return lowered, true, nil
	}
	o, ok := l.operands(work, x)
	if !ok {
		return Node{}, false, nil
	}
	switch op := work.Op.(type) {
	case Conv:
		lowered.Op = QLinearConv{Conv: op, X: x, W: o.w, Y: q, Clamp: clamp}
	case ConvTranspose:
		lowered.Op = QLinearConvTranspose{Conv: op, X: x, W: o.w, Y: q, Clamp: clamp}
	case Gemm:
		lowered.Op = QGemm{Alpha: 1, TransA: op.TransA, TransB: op.TransB, A: x, B: o.w, Y: q, Clamp: clamp}
	case MatMul:
		lowered.Op = QLinearMatMul{A: x, B: o.w, Y: q}
		ok = clamp == nil
	}
	lowered.Inputs = append(lowered.Inputs, o.weights)
	if o.bias != "" {
		lowered.Inputs = append(lowered.Inputs, o.bias)
	}
	return lowered, ok, nil
}

// activation goes back over Relu and Clip from a tensor that is quantised, and
// returns what they are applied to and the range they leave.
func (l *lowering) activation(name string, q Quant) (string, *Clamp) {
	lo, hi := q.DType.Range()
	c := Clamp{int32(lo), int32(hi)}
	for l.uses[name] == 1 {
		var from, to float64
		switch op := l.maker[name].Op.(type) {
		case Unary:
			if op.Function != Relu {
				return name, c.unless(lo, hi)
			}
			to = math.Inf(1)
		case Clip:
			from, to = op.apply(math.Inf(-1)), op.apply(math.Inf(1))
		default:
			return name, c.unless(lo, hi)
		}
		c = Clamp{int32(c.limit(q.quantize(0, float32(from)))), int32(c.limit(q.quantize(0, float32(to))))}
		name = l.maker[name].Inputs[0]
	}
	return name, c.unless(lo, hi)
}

// unless returns nil if the range limits nothing.
func (c Clamp) unless(lo, hi int64) *Clamp {
	if int64(c.Lo) == lo && int64(c.Hi) == hi {
		return nil
	}
	return &c
}

// operands are the weights and the bias of an operator.
type operands struct {
	w             Quant // one scale, or one an output channel
	weights, bias string
}

// operands finds the integers that weights and bias are made of.
func (l *lowering) operands(work Node, x Quant) (o operands, ok bool) {
	channelAxis, groups := 0, 1
	switch op := work.Op.(type) {
	case Conv:
	case ConvTranspose:
		channelAxis, groups = 1, op.Groups
	case Gemm:
		if op.Alpha != 1 || op.Beta != 1 {
			return o, false
		}
		if !op.TransB {
			channelAxis = 1
		}
	case MatMul:
		channelAxis = len(l.types[work.Inputs[1]].Shape) - 1
	default:
		return o, false
	}
	maker := l.maker[work.Inputs[1]]
	d, ok := maker.Op.(DequantizeLinear)
	rank := len(l.types[work.Inputs[1]].Shape)
	if !ok || !slices.Contains(narrow, d.X.DType) || !d.X.single() && modulo(d.Axis, rank) != channelAxis {
		return o, false
	}
	o.w, o.weights = d.X, maker.Inputs[0]
	if groups > 1 && !d.X.single() {
		o.w.Scale, o.w.Zero = repeat(d.X.Scale, groups), repeat(d.X.Zero, groups)
	}
	if len(work.Inputs) > 2 && work.Inputs[2] != "" {
		o.bias, ok = l.bias(work.Inputs[2], x, o.w)
	}
	return o, ok
}

// repeat returns a list of more than one entry that many times.
func repeat[T any](list []T, times int) (out []T) {
	if len(list) == 1 {
		return list
	}
	for range times {
		out = append(out, list...)
	}
	return out
}

// bias returns the constant that a bias is in units of the accumulator.
func (l *lowering) bias(name string, x, w Quant) (string, bool) {
	b := l.constants[name]
	if b == nil {
		maker := l.maker[name]
		d, ok := maker.Op.(DequantizeLinear)
		integers := ""
		if ok {
			integers = maker.Inputs[0]
		}
		if b = l.constants[integers]; b == nil {
			return "", false
		}
		if d.inUnitsOf(x, w) && b.DType() == tensor.Int32 {
			return integers, true
		}
		floats, err := d.Reference([]*tensor.Tensor{b})
		if err != nil {
			return "", false
		}
		b = floats[0]
	}
	return l.wholeBias(name, b, x, w)
}

// inUnitsOf reports whether integers are in units of products of x and w, whose
// scale somebody may have rounded in another way.
func (d DequantizeLinear) inUnitsOf(x, w Quant) bool {
	for i := range max(len(w.Scale), len(d.X.Scale), len(d.X.Zero)) {
		unit := float64(x.scale(0)) * float64(w.scale(i))
		const ulps = 2.0 / (1 << 23)
		if math.Abs(float64(d.X.scale(i))-unit) > ulps*unit || d.X.zero(i) != 0 {
			return false
		}
	}
	return true
}

// wholeBias makes a constant of a bias of floats, if all of it is whole. The last
// axis is that of the channels.
func (l *lowering) wholeBias(name string, b *tensor.Tensor, x, w Quant) (string, bool) {
	units := make([]float64, b.Len())
	for i := range units {
		units[i] = b.Float(i) / float64(float32(x.scale(0)*w.scale(i)))
		if units[i] != math.Trunc(units[i]) || math.Abs(units[i]) > math.MaxInt32 {
			return "", false
		}
	}
	if len(w.Scale) > 1 && len(units) != len(w.Scale) {
		return "", false
	}
	whole, err := ints(tensor.Int32, b.Shape(), func(i int) int64 { return int64(units[i]) })
	if err != nil {
		return "", false
	}
	name = l.fresh(name+"_quantized", Quant{DType: tensor.Int32})
	l.constants[name] = whole
	return name, true
}
