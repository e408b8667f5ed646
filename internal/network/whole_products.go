package network

import (
	"slices"

	"github.com/convsim/convsim/internal/conv"
)

// product adds what becomes of a product of matrices, and reports whether the node is
// one. All are seen as stacks, with every axis there.
func (w *framing) product(n Node) (bool, error) {
	switch n.Op.(type) {
	case MatMul, MatMulInteger, QLinearMatMul:
		return true, w.stack(n)
	case QGemm:
		return true, w.quantisedRows(n, n.Op.(QGemm))
	}
	return false, nil
}

// stack adds a product of stacks of matrices.
func (w *framing) stack(n Node) error {
	in := typesOf(n.Inputs, w.types)
	s, err := stackOf(in[0].Shape, in[1].Shape)
	if err != nil {
		return err
	}
	rank := len(s.a) // of the whole stack
	matrices := [][]int{in[0].Shape, in[1].Shape}
	if len(in[0].Shape) == 1 {
		matrices[0] = []int{1, s.k}
	}
	if len(in[1].Shape) == 1 {
		matrices[1] = []int{s.k, 1}
	}
	inputs := slices.Clone(n.Inputs)
	for i, name := range n.Inputs {
		if !w.streams[name] {
			c, err := w.out.Constants[name].Reshape(matrices[i]...)
			if err != nil {
				return err
			}
			if len(in[i].Shape) == 1 {
				inputs[i] = w.constant(name, c)
			}
			continue
		}
		shape := matrices[i]
		for len(shape) < rank {
			shape = append([]int{1}, shape...)
		}
		inputs[i] = w.show(name, append([]int{1}, shape...))
	}
	w.reshaped(n, n.Op, inputs, append([]int{1}, append(s.a[:rank-1:rank-1], s.n)...))
	return nil
}

// reshaped adds a node that makes its output in another shape than is wanted.
func (w *framing) reshaped(n Node, op Op, inputs []string, shape []int) {
	name := n.Outputs[0]
	want := Framed(w.types[name]).Shape
	out := name
	if !slices.Equal(shape, want) {
		out = w.fresh(name)
		w.views[view(name, shape)] = out
	}
	w.out.Nodes = append(w.out.Nodes, Node{n.Name, op, inputs, []string{out}})
	if out != name {
		w.out.Nodes = append(w.out.Nodes, Node{out, Reshape{want}, []string{out}, []string{name}})
	}
}

// quantisedRows adds a product of rows and constant weights as a convolution of a row of
// pixels.
func (w *framing) quantisedRows(n Node, g QGemm) error {
	a, y := w.types[n.Inputs[0]].Shape, w.types[n.Outputs[0]].Shape
	b := w.out.Constants[n.Inputs[1]]
	if b == nil || g.TransA || len(g.Y.Scale) == 0 {
		return w.shifted(n) // which says why not
	}
	if !g.TransB {
		turned, err := turn(b, true)
		if err != nil {
			return err
		}
		b = turned
	}
	b, err := b.Reshape(y[1], a[1], 1, 1)
	if err != nil {
		return err
	}
	pixels := w.fresh(n.Inputs[0])
	w.out.Nodes = append(w.out.Nodes, Node{pixels, Transpose{[]int{0, 2, 1}}, []string{w.show(n.Inputs[0], []int{1, a[0], a[1]})}, []string{pixels}})
	inputs := slices.Clone(n.Inputs)
	inputs[0], inputs[1] = w.fresh(n.Inputs[0]), w.constant(n.Inputs[1], b)
	w.out.Nodes = append(w.out.Nodes, Node{inputs[0], Reshape{[]int{1, a[1], 1, a[0]}}, []string{pixels}, []string{inputs[0]}})
	one := conv.Pair{H: 1, W: 1}
	op := QLinearConv{Conv: Conv{Stride: one, Dilation: one, Groups: 1}, X: g.A, W: g.B, Y: g.Y, Clamp: g.Clamp, Rounding: g.Rounding}
	made, rows := w.fresh(n.Outputs[0]), w.fresh(n.Outputs[0])
	w.out.Nodes = append(w.out.Nodes, Node{n.Name, op, inputs, []string{made}},
		Node{rows, Reshape{[]int{1, y[1], y[0]}}, []string{made}, []string{rows}})
	w.reshaped(Node{Name: rows + "_rows", Outputs: n.Outputs}, Transpose{[]int{0, 2, 1}}, []string{rows}, []int{1, y[0], y[1]})
	return nil
}
