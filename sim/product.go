package sim

import (
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/tensor"
)

// product is a node that an array computes, as the convolution it does.
type product struct {
	shape  conv.Shape     // for as many frames as were shown
	order  mapping.Order  // of matrices
	spread mapping.Spread // of a transposed convolution
	kind   productKind
	out    []int // the shape of the output
}

type productKind uint8

const (
	ofImages productKind = iota
	ofMatrices
	ofSpreadImages
)

// stream is the input of a node that streams through its array.
func (n *Network) stream(node network.Node) int {
	if n.Graph.Constants[node.Inputs[0]] != nil {
		return 1
	}
	return 0
}

// product sees a node as the convolution that its array does.
func (n *Network) product(i int, node network.Node, array int, in []*tensor.Tensor) product {
	p := product{shape: n.Plan.Nodes[array].Block.(pe.Array).Fold.Shape, out: append([]int(nil), n.Types[node.Outputs[0]].Shape...)}
	p.shape.Batch = in[n.stream(node)].Shape()[0]
	p.out[0] = p.shape.Batch
	if order, ok := n.Orders[i]; ok {
		p.kind, p.order = ofMatrices, order
	} else if s, ok := n.Spreads[i]; ok {
		p.kind, p.spread = ofSpreadImages, s
	}
	return p
}

// floatProduct is a product of floats with its operands, in the order of the array.
type floatProduct struct {
	product
	beats           conv.Order
	x, weight, bias []float32
}

// floatProduct sees a node as the convolution of floats that its array does; false for others.
func (n *Network) floatProduct(i int, node network.Node, in []*tensor.Tensor) (floatProduct, bool) {
	array, ok := n.Arrays[i]
	if !ok || in[0] == nil || in[0].DType() != tensor.Float32 {
		return floatProduct{}, false
	}
	p, c, k := n.product(i, node, array, in), n.Constants[array], n.stream(node)
	f := floatProduct{product: p, beats: n.Plan.Nodes[array].Block.(pe.Array).Fold.Order(), weight: c["weight"].Data.([]float32)}
	f.x = arranged(p, in[k].Data.([]float32), in[k].Shape())
	if c["bias"] != nil {
		f.bias = c["bias"].Data.([]float32)
	}
	return f, true
}

// result are the sums as the output of the node.
func (f floatProduct) result(y []float32) ([]*tensor.Tensor, error) {
	t, err := tensor.From(tensor.Float32, restored(f.product, y), f.out...)
	return []*tensor.Tensor{t}, err
}

// arranged are the elements of a stream as the array's convolution takes them, NCHW.
func arranged[T int32 | float32](p product, x []T, shape []int) []T {
	switch p.kind {
	case ofMatrices:
		return crossed(x, shape, p.order.In, p.shape)
	case ofSpreadImages:
		return spread(p.spread, x, p.shape.Batch)
	}
	return x
}

// restored are the sums of a convolution in the order of the output's elements.
func restored[T int32 | float32](p product, y []T) []T {
	if p.kind == ofMatrices {
		return uncrossed(y, p.out, p.order.Out, p.shape)
	}
	return y
}
