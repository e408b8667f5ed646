package mapping

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/scalar"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/tensor"
)

// node adds the stages of one node.
func (n *net) node(node network.Node) {
	if len(n.errs) > 0 && !n.reads(node) {
		return // what it reads has no stage itself
	}
	n.begin(cmp.Or(node.Name, node.Outputs[0]))
	out, why := n.stages(node)
	if why != "" {
		n.errs = append(n.errs, &Unsupported{node.Name, node.Op.Kind(), why})
		return
	}
	for i, name := range node.Outputs {
		if name != "" && i < len(out) {
			n.made[name] = out[i]
		}
	}
}

// reads reports whether all tensors that a node reads come from a stage.
func (n *net) reads(node network.Node) bool {
	for _, name := range node.Inputs {
		if _, constant := n.Graph.Constants[name]; name == "" || constant {
			continue
		}
		if _, ok := n.made[name]; !ok {
			return false
		}
	}
	return true
}

// constant is an input that is one, nil otherwise.
func (n *net) constant(node network.Node, i int) *tensor.Tensor {
	if i >= len(node.Inputs) {
		return nil
	}
	return n.Graph.Constants[node.Inputs[i]]
}

// stages adds the stages of a node and returns its outputs, or why it has none.
func (n *net) stages(node network.Node) ([]feed, string) {
	one := func(f feed) ([]feed, string) { return []feed{f}, "" }
	t := n.Types[node.Outputs[0]]
	if f := function(node.Op, n.Types[node.Inputs[0]].DType); f != nil && n.constant(node, 0) == nil {
		x, _ := n.take(node.Inputs[0])
		return one(n.mapped(x, f, t))
	}
	switch op := node.Op.(type) {
	case network.Conv, network.ConvInteger, network.QLinearConv, network.Gemm, network.MatMul, network.MatMulInteger,
		network.QLinearMatMul, network.QGemm:
		return n.multiply(node)
	case network.ConvTranspose, network.QLinearConvTranspose, network.ConvTransposeInteger:
		return n.transposed(node)
	case network.MaxPool, network.AveragePool, network.GlobalAveragePool, network.GlobalMaxPool, network.QLinearAveragePool,
		network.QLinearGlobalAveragePool:
		return n.pool(node)
	case network.Combine, network.QLinearAdd, network.QLinearMul, network.Compare, network.Where:
		return n.combine(node)
	case network.QuantizeLinear, network.DequantizeLinear, network.PRelu, network.BatchNormalization:
		return n.perChannel(node)
	case network.Reshape:
		if in := n.Types[node.Inputs[0]].Shape; len(in) == 0 || len(t.Shape) == 0 || in[0] != t.Shape[0] {
			return nil, "it changes the number of frames"
		}
		x, _ := n.take(node.Inputs[0])
		return one(n.reshape(x, t))
	case network.Transpose:
		x, _ := n.take(node.Inputs[0])
		return one(n.transpose(x, op, t))
	case network.Concat:
		return n.concat(node, op.Axis, nil)
	case network.QLinearConcat:
		return n.concat(node, op.Axis, &op)
	case network.Split:
		return n.split(node, op)
	case network.Slice, network.Pad, network.DepthToSpace, network.SpaceToDepth, network.Resize, network.Tile, network.Gather:
		return n.moved(node)
	case network.DynamicQuantizeLinear:
		return n.dynamic(node)
	case network.Softmax, network.QLinearSoftmax, network.Reduce, network.ArgMax, network.LRN, network.LayerNormalization,
		network.GroupNormalization:
		if _, why := poolingOf(node.Op, n.Types[node.Inputs[0]]); why == "" { // a mean of pixels
			return n.pool(node)
		}
		return n.vector(node)
	}
	return nil, "it is not among the operators that stream"
}

// mapped puts a function of one number behind a feed.
func (n *net) mapped(f feed, g scalar.Function, t network.Type) feed {
	out, err := streamOf(t, f.axes, f.stream.Lanes)
	if err != nil {
		n.errs = append(n.errs, err)
		return f
	}
	out.Rows, out.Pixels, out.Beats = f.stream.Rows, f.stream.Pixels, f.stream.Beats
	f = n.chain(f, pe.Map{In: f.stream, Out: out, F: g})
	f.typ = t
	return f
}

// reshape sees the elements in memory as another shape.
func (n *net) reshape(f feed, t network.Type) feed {
	axes := naturalAxes(len(t.Shape))
	if !sameOrder(f.typ, f.axes, naturalAxes(len(f.typ.Shape))) && onlyOnes(f.typ.Shape, t.Shape) {
		// Axes of size 1 come or go: the order stays what it was.
		return n.reshaped(f, t, carried(f, t), gcd(f.stream.Lanes, lastAxis(t, carried(f, t))))
	}
	f = n.natural(f)
	return n.reshaped(f, t, axes, gcd(f.stream.Lanes, lastAxis(t, axes)))
}

// onlyOnes reports whether two shapes differ in axes of size 1 alone, the batch
// left out.
func onlyOnes(a, b []int) bool {
	long := func(s []int) []int {
		return slices.DeleteFunc(slices.Clone(s[1:]), func(d int) bool { return d == 1 })
	}
	return len(a) > 0 && len(b) > 0 && a[0] == b[0] && slices.Equal(long(a), long(b))
}

// carried is the order of the axes of t that the order of f is, where their shapes
// differ in axes of size 1 alone; those come first.
func carried(f feed, t network.Type) []int {
	var from, to []int // long axes, in memory
	for a := 1; a < len(f.typ.Shape); a++ {
		if f.typ.Shape[a] > 1 {
			from = append(from, a)
		}
	}
	var axes []int
	for a := 1; a < len(t.Shape); a++ {
		if t.Shape[a] > 1 {
			to = append(to, a)
		} else {
			axes = append(axes, a)
		}
	}
	for _, a := range f.axes {
		if i := slices.Index(from, a); i >= 0 {
			axes = append(axes, to[i])
		}
	}
	return axes
}

// transpose gives axes other names: the order in which they cross stays.
func (n *net) transpose(f feed, op network.Transpose, t network.Type) feed {
	if len(op.Perm) == 0 || op.Perm[0] != 0 {
		n.errs = append(n.errs, fmt.Errorf("%s: the batch axis is moved; allowed: axis 0 first", n.layer))
		return f
	}
	axes := make([]int, len(f.axes))
	for i, a := range f.axes {
		axes[i] = slices.Index(op.Perm, a)
	}
	f.typ, f.axes = t, axes
	return f
}
