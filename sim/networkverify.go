package sim

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/sourcegraph/conc/pool"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// verify compares the output of every node with what its definition makes of the
// node's own inputs, as they crossed the edges: when all nodes are right, so is the
// network. Products of floats are added in the order of the arrays. Sums of big layers
// come from package second, unless the definition itself is asked for.
func (n *Network) verify(ctx context.Context, out *NetworkOutcome, o Options) (*WrongNode, int, error) {
	var mu sync.Mutex
	first, wrong, done := len(n.Graph.Nodes), (*WrongNode)(nil), 0
	g, err := n.shown(out)
	if err != nil {
		return nil, 0, err
	}
	p := pool.New().WithContext(ctx).WithMaxGoroutines(maxVerifiers).WithCancelOnError().WithFirstError()
	for i, node := range g.Nodes {
		p.Go(func(ctx context.Context) error {
			w, by, err := n.check(ctx, i, node, g.Constants, out.Tensors, out.overflows[i], o.Naive)
			if err != nil {
				return fmt.Errorf("node %q (%s): %w", node.Name, node.Op.Kind(), err)
			}
			mu.Lock()
			defer mu.Unlock()
			if done++; o.Checking != nil {
				o.Checking(done, len(g.Nodes))
			}
			if by == BySecond {
				out.Second++
			}
			if w != nil && i < first {
				first, wrong = i, w
				w.Overflow = out.overflows[i]
			}
			return nil
		})
	}
	err = p.Wait()
	return wrong, len(n.Graph.Nodes), err
}

// shown is the graph for as many frames as were shown.
func (n *Network) shown(out *NetworkOutcome) (*network.Graph, error) {
	if len(n.Graph.Inputs) == 0 {
		return n.Graph, nil
	}
	in := n.Graph.Inputs[0]
	if x := out.Tensors[in.Name]; x != nil && x.Shape()[0] != in.Type.Shape[0] {
		return n.Graph.Batched(x.Shape()[0])
	}
	return n.Graph, nil
}

// maxVerifiers bounds the nodes that are computed side by side, and with them
// the memory it takes.
const maxVerifiers = 4

// check compares one node; nil when it is right. What the second implementation does not
// confirm is held to the definition.
func (n *Network) check(ctx context.Context, i int, node network.Node, constants, tensors map[string]*tensor.Tensor, overflow *NodeOverflow, naive bool) (*WrongNode, Verifier, error) {
	in := make([]*tensor.Tensor, len(node.Inputs))
	for k, name := range node.Inputs {
		if in[k] = tensors[name]; in[k] == nil {
			in[k] = constants[name]
		}
	}
	if want, err := n.held(i, node, overflow, in); want != nil || err != nil {
		if err != nil {
			return nil, "", err
		}
		w, err := compareNode(node, want, tensors)
		return w, ByDefinition, err
	}
	if !naive {
		if right, err := n.rightBySecond(ctx, node, in, tensors); right || err != nil {
			return nil, BySecond, err
		}
		want, err := n.bySecond(ctx, i, node, in)
		if err != nil {
			return nil, "", err
		}
		if want != nil {
			if w, err := compareNode(node, want, tensors); w == nil || err != nil {
				return nil, BySecond, err
			}
		}
	}
	want, err := n.definition(i, node, in)
	if err != nil {
		return nil, "", err
	}
	w, err := compareNode(node, want, tensors)
	return w, ByDefinition, err
}

// compareNode compares the outputs of a node with what they should be.
func compareNode(node network.Node, want []*tensor.Tensor, tensors map[string]*tensor.Tensor) (*WrongNode, error) {
	for k, name := range node.Outputs {
		if name == "" {
			continue // an output nobody asks for
		}
		got := tensors[name]
		if got == nil || k >= len(want) {
			return nil, fmt.Errorf("output %q did not cross an edge", name)
		}
		if w := differs(want[k], got); w != nil {
			w.Node, w.Op, w.Tensor = node.Name, node.Op.Kind(), name
			return w, nil
		}
	}
	return nil, nil
}

// definition is what a node should make of its inputs.
func (n *Network) definition(i int, node network.Node, in []*tensor.Tensor) ([]*tensor.Tensor, error) {
	f, ok := n.floatProduct(i, node, in)
	if !ok {
		return node.Op.Reference(in)
	}
	return f.result(conv.ReferenceFloat(f.shape, f.beats, f.x, f.weight, f.bias))
}

// crossed is a matrix, or a stack of them, as the row of pixels that it crosses the
// machine as, NCHW: the last axis of the order are the channels.
func crossed[T int32 | float32](data []T, shape, order []int, s conv.Shape) []T {
	places := mapping.Places(shape, order)
	y := make([]T, 0, len(data))
	for f := range s.Batch {
		frame := data[f*len(places):][:len(places)]
		for c := range s.InChannels {
			for p := range s.InWidth {
				y = append(y, frame[places[p*s.InChannels+c]])
			}
		}
	}
	return y
}

// uncrossed puts a row of pixels where its elements lie in memory.
func uncrossed[T int32 | float32](x []T, shape, order []int, s conv.Shape) []T {
	places := mapping.Places(shape, order)
	y := make([]T, len(x))
	for i, v := range x {
		frame, rest := i/len(places), i%len(places)
		c, p := rest/s.OutWidth, rest%s.OutWidth
		y[frame*len(places)+int(places[p*s.OutChannels+c])] = v
	}
	return y
}

// spread puts the pixels of images, NCHW, where a transposed convolution wants
// them.
func spread[T int32 | float32](s mapping.Spread, x []T, batch int) []T {
	t, h, w := s.Shape, s.Height, s.Width
	y := make([]T, batch*t.InChannels*h*w)
	for plane := range batch * t.InChannels {
		for iy := range t.InHeight {
			for ix := range t.InWidth {
				oy, ox := s.Top+iy*t.Stride.H, s.Left+ix*t.Stride.W
				if oy >= 0 && oy < h && ox >= 0 && ox < w {
					y[(plane*h+oy)*w+ox] = x[(plane*t.InHeight+iy)*t.InWidth+ix]
				}
			}
		}
	}
	return y
}

// differs is the first element that is not what it should be, nil when there is
// none.
func differs(want, got *tensor.Tensor) *WrongNode {
	w := &WrongNode{Of: got.Len()}
	if want.DType() != got.DType() || !slices.Equal(want.Shape(), got.Shape()) {
		return &WrongNode{Want: want.String(), Got: got.String(), Count: got.Len(), Of: got.Len()}
	}
	if want.Equal(got) {
		return nil
	}
	for i := range got.Len() {
		if sameElement(want, got, i) {
			continue
		}
		if w.Count++; w.Count == 1 {
			w.Index, w.Want, w.Got = got.Coordinates(i), element(want, i), element(got, i)
		}
	}
	if w.Count == 0 {
		return nil
	}
	return w
}

// sameElement compares bit for bit; two NaNs are the same.
func sameElement(a, b *tensor.Tensor, i int) bool {
	if x, ok := a.Data.([]float32); ok {
		return sameFloat(x[i], b.Data.([]float32)[i])
	}
	return a.Int(i) == b.Int(i)
}
