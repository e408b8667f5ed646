package mapping

import (
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/sched"
	"github.com/convsim/convsim/tensor"
)

// combine adds the stages of an operator that combines tensors element by element.
func (n *net) combine(node network.Node) ([]feed, string) {
	if _, choice := node.Op.(network.Where); choice {
		return n.chosen(node)
	}
	t := n.Types[node.Outputs[0]]
	how := combination(node.Op, t.DType)
	if how == nil {
		return nil, "no stage combines so"
	}
	f, why := n.operand(node, 0, t)
	if why != "" {
		return nil, why
	}
	constant := n.constant(node, 0)
	for i := 1; i < len(node.Inputs); i++ {
		b := n.constant(node, i)
		switch {
		case constant != nil && b != nil:
			return nil, "all inputs are constants"
		case b != nil:
			f, why = n.with(f, how, b, t, false)
		case constant != nil:
			if f, why = n.operand(node, i, t); why == "" {
				f, why = n.with(f, how, constant, t, true)
			}
			constant = nil
		default:
			var g feed
			if g, why = n.operand(node, i, t); why == "" {
				f, why = n.joined(f, g, how, t)
			}
		}
		if why != "" {
			return nil, why
		}
	}
	if c, ok := node.Op.(network.Combine); ok && c.How == network.Mean {
		f = n.mapped(f, scalar.With{Combine: scalar.Float{Name: "Div"}, Constant: []float64{float64(len(node.Inputs))}}, t)
	}
	return []feed{f}, ""
}

// operand is an input that streams, repeated to the shape of the output.
func (n *net) operand(node network.Node, i int, t network.Type) (feed, string) {
	if n.constant(node, i) != nil {
		return feed{}, ""
	}
	f, ok := n.take(node.Inputs[i])
	if !ok {
		return feed{}, "its input comes from no stage"
	}
	if slices.Equal(f.typ.Shape, t.Shape) {
		return f, ""
	}
	return n.repeatedTo(f, t)
}

// repeatedTo repeats the elements of a feed to a larger shape, by NumPy's rules.
func (n *net) repeatedTo(f feed, t network.Type) (feed, string) {
	if len(f.typ.Shape) != len(t.Shape) || f.typ.Shape[0] != t.Shape[0] {
		return f, "its inputs have other numbers of axes; allowed: the same"
	}
	axes := imageAxes(len(t.Shape))
	var all []int
	for a := range t.Shape {
		all = append(all, a)
	}
	shown := shownAt(t.Shape, f.typ.Shape, all)
	var from []int32
	for _, p := range Places(t.Shape, axes) {
		from = append(from, shown[p])
	}
	return n.rearranged(f, scalar.Gather{From: from}, network.Type{DType: f.typ.DType, Shape: t.Shape}, axes), ""
}

// combination is how an operator combines two elements, nil if no stage does.
func combination(op network.Op, elem tensor.DType) scalar.Combination {
	switch op := op.(type) {
	case network.Combine:
		name := string(op.How)
		if op.How == network.Mean {
			name = "Add"
		}
		if !slices.Contains(scalar.Operations(), name) {
			return nil
		}
		switch elem {
		case tensor.Float32:
			return scalar.Float{Name: name}
		case tensor.Int32:
			return scalar.Integer{Name: name}
		}
		if elem.IsFloat() || elem == tensor.Int64 {
			return nil
		}
		return scalar.Narrow{Name: name, Bits: elem.Bits(), Signed: signed(elem)}
	case network.Compare:
		return scalar.Truth{Name: string(op.How)}
	case network.QLinearAdd:
		return scalar.NewAddScaled(scale(op.A), scale(op.B), scale(op.C))
	case network.QLinearMul:
		return scalar.NewMulScaled(scale(op.A), scale(op.B), scale(op.C))
	}
	return nil
}

// joined combines two feeds.
func (n *net) joined(a, b feed, how scalar.Combination, t network.Type) (feed, string) {
	b = n.ordered(b, a.axes)
	lanes := min(a.stream.Lanes, b.stream.Lanes)
	if a.stream.Lanes%lanes != 0 || b.stream.Lanes%lanes != 0 {
		lanes = gcd(a.stream.Lanes, b.stream.Lanes)
	}
	a, b = n.lanes(a, lanes), n.lanes(b, lanes)
	out, err := streamOf(t, a.axes, lanes)
	if err != nil {
		return a, err.Error()
	}
	j := wiring.Join{In: []sched.Stream{alike(a.stream, out), alike(b.stream, out)}, Out: out, How: how, Queued: n.own.Join == configs.QueueJoin}
	return n.fed(j, t, a.axes, a, b), ""
}

// alike is a stream with the rows of another one, and elements of its own.
func alike(s, rows sched.Stream) sched.Stream {
	rows.Elem = s.Elem
	return rows
}

// with combines a feed with a constant of one element or one a channel.
func (n *net) with(f feed, how scalar.Combination, c *tensor.Tensor, t network.Type, first bool) (feed, string) {
	values := numbers(c)
	if len(values) > 1 {
		if !perChannel(c.Shape(), t.Shape) || len(f.axes) == 0 || f.axes[len(f.axes)-1] != channelAxis(c.Shape(), t.Shape) {
			return n.withAll(f, how, c, t, first)
		}
	}
	return n.mapped(f, scalar.With{Combine: how, Constant: values, First: first}, t), ""
}

// perChannel reports whether a constant has an element for every index of one axis.
func perChannel(c, t []int) bool {
	long := 0
	for i, d := range c {
		if d > 1 {
			long++
			if d != t[len(t)-len(c)+i] {
				return false
			}
		}
	}
	return long == 1
}

// channelAxis is the axis of t along which a constant has more than one element.
func channelAxis(c, t []int) int {
	for i, d := range c {
		if d > 1 {
			return len(t) - len(c) + i
		}
	}
	return -1
}

// withAll combines a feed with a constant that has an element for every place.
func (n *net) withAll(f feed, how scalar.Combination, c *tensor.Tensor, t network.Type, first bool) (feed, string) {
	f = n.natural(f)
	if len(c.Shape()) > len(t.Shape) || len(c.Shape()) == len(t.Shape) && c.Shape()[0] != 1 {
		return f, "a constant that differs from frame to frame"
	}
	shown := shownTo(c, t.Shape[1:])
	var values []float64
	for _, p := range Places(t.Shape, f.axes) {
		values = append(values, shown[p])
	}
	f = n.lanes(f, 1)
	out := f.stream
	s, err := streamOf(t, f.axes, 1)
	if err != nil {
		return f, err.Error()
	}
	out.Elem = s.Elem
	f = n.chain(f, wiring.Batch{In: f.stream, Out: out, Batches: 1, F: scalar.Each{Combine: how, Constant: values, First: first}})
	f.typ = t
	return f, ""
}

// number is an element of a tensor.
func number(t *tensor.Tensor, i int) float64 {
	if t.DType().IsFloat() {
		return t.Float(i)
	}
	return float64(t.Int(i))
}
