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
