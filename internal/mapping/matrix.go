package mapping

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// matrix reads the weights of a product of matrices as those of a 1x1 convolution: the
// rows of the stream are pixels, or its columns where the constant is the first factor.
// What is added is at input 2.
func (n *net) matrix(node network.Node, transB bool, elem tensor.DType) (product, string) {
	a, b := n.constant(node, 0), n.constant(node, 1)
	p := product{elem: elem}
	w, turned := b, !transB
	if a != nil {
		p.x, w, turned = 1, a, false
	}
	in, out := n.Types[node.Inputs[p.x]].Shape, n.Types[node.Outputs[0]].Shape
	for w != nil && len(w.Shape()) > 2 && w.Shape()[0] == 1 { // one matrix for all
		w, _ = w.Reshape(w.Shape()[1:]...)
	}
	if w == nil || len(w.Shape()) != 2 || len(in) < 2 || len(in) != len(out) || a != nil && len(in) < 3 {
		return p, "" // a product of streams
	}
	p.order = Order{naturalAxes(len(in)), naturalAxes(len(out))}
	if a != nil { // columns are pixels
		p.order = Order{lastTwo(naturalAxes(len(in))), lastTwo(naturalAxes(len(out)))}
	}
	if turned {
		t, err := network.Transpose{Perm: []int{1, 0}}.Reference([]*tensor.Tensor{w})
		if err != nil {
			return p, err.Error()
		}
		w = t[0]
	}
	k, c := w.Shape()[0], w.Shape()[1]
	p.weight, _ = w.Reshape(k, c, 1, 1)
	one := conv.Pair{H: 1, W: 1}
	p.layer = conv.Conv2d{InChannels: c, OutChannels: k, Kernel: one, Stride: one, Dilation: one, Groups: 1}
	return p, n.row(&p, node, k)
}

// lastTwo is a list with the last two entries in each other's place.
func lastTwo(list []int) []int {
	k := len(list)
	list[k-1], list[k-2] = list[k-2], list[k-1]
	return list
}

// row reads the constant row that is added to a product, if there is one.
func (n *net) row(p *product, node network.Node, columns int) string {
	if len(node.Inputs) < 3 || node.Inputs[2] == "" {
		return ""
	}
	b := n.constant(node, 2)
	if b == nil || b.Len() != columns && b.Len() != 1 {
		return fmt.Sprintf("what is added is no constant row of 1 or %d numbers", columns)
	}
	p.bias, _ = b.Reshape(b.Len())
	if b.Len() != columns {
		p.bias, _ = b.Picked([]int{columns}, func(int) int { return 0 })
	}
	p.layer.Bias = true
	return ""
}
