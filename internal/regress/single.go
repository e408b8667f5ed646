package regress

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// single streams one operation through the pipeline, as a network of its own, and
// compares the result with the case's.
func single(ctx context.Context, c golden.Case, hw *configs.Hardware, o Options) error {
	make, ok := networks[c.Op]
	if !ok {
		return skipped(fmt.Sprintf("op %s is not supported yet", c.Op))
	}
	b := &builder{inputs: inputs{c: c}, tensors: map[string]*tensor.Tensor{},
		graph: &network.Graph{Name: c.ID, Constants: map[string]*tensor.Tensor{}}}
	y := make(b)
	if b.err != nil {
		return b.err
	}
	got, err := b.run(ctx, y, hw, o)
	if err != nil {
		return err
	}
	return compared(c, got, "")
}

// builder makes a network of a case. It keeps the first error.
type builder struct {
	inputs
	graph     *network.Graph
	tensors   map[string]*tensor.Tensor
	unbatched bool
	nodes     int
}

// stream adds an input of the network.
func (b *builder) stream(name string) string {
	x := b.tensor(name, slices.Concat(activations, []tensor.DType{tensor.Int32})...)
	if x == nil {
		return name
	}
	if s := x.Shape(); len(s) == 3 {
		b.unbatched = true
		x, b.err = x.Reshape(append([]int{1}, s...)...)
	}
	b.tensors[name] = x
	b.graph.Inputs = append(b.graph.Inputs, network.Input{Name: name, Type: network.TypeOf(x)})
	return name
}

// constant adds a constant, nothing if the case has none of that name.
func (b *builder) constant(name string) string {
	if !b.c.HasInput(name) {
		return ""
	}
	b.graph.Constants[name] = b.tensor(name, slices.Concat(activations, []tensor.DType{tensor.Int32})...)
	return name
}

// then adds a node and returns its output.
func (b *builder) then(op network.Op, in ...string) string {
	y := fmt.Sprintf("%s.%d", op.Kind(), b.nodes)
	b.nodes++
	for len(in) > 0 && in[len(in)-1] == "" {
		in = in[:len(in)-1]
	}
	b.graph.Nodes = append(b.graph.Nodes, network.Node{Name: y, Op: op, Inputs: in, Outputs: []string{y}})
	return y
}

// attributes reads those of the case.
func attributes[T any](b *builder) (attrs T) {
	if err := b.c.DecodeAttrs(&attrs); err != nil && b.err == nil {
		b.err = err
	}
	return attrs
}

// run streams the network and returns its output.
func (b *builder) run(ctx context.Context, y string, hw *configs.Hardware, o Options) (*tensor.Tensor, error) {
	b.graph.Outputs = []string{y}
	if err := b.graph.Check(); err != nil {
		return nil, err
	}
	_, out, err := streamed(ctx, hw, b.graph, b.tensors, sim.Options{EveryBeat: o.EveryBeat})
	if err != nil {
		return nil, err
	}
	got := out.Outputs[y]
	if b.unbatched {
		return got.Reshape(got.Shape()[1:]...)
	}
	return got, nil
}

// transposedAcceptance holds a transposed convolution that is to be refused, or
// accepted with an output of a certain shape.
func transposedAcceptance(ctx context.Context, c golden.Case, hw *configs.Hardware, o Options) error {
	shape, err := transposedShape(ctx, c, hw, o)
	return accepted(c, shape, err)
}

func transposedShape(ctx context.Context, c golden.Case, hw *configs.Hardware, o Options) ([]int, error) {
	l, err := c.TransposeLayer()
	if err != nil {
		return nil, err
	}
	if len(c.XShape) != 4 {
		return nil, fmt.Errorf("x_shape %v; allowed: four axes", c.XShape)
	}
	if c.XShape[1] != l.InChannels {
		return nil, conv.Problems{{Key: "input.channels", Value: fmt.Sprint(c.XShape[1]), Allowed: fmt.Sprint(l.InChannels)}}
	}
	if _, err := l.Resolve(c.XShape[0], c.XShape[2], c.XShape[3]); err != nil {
		return nil, err
	}
	b := &builder{graph: &network.Graph{Name: c.ID, Constants: map[string]*tensor.Tensor{}}, tensors: map[string]*tensor.Tensor{}}
	zeros := func(d tensor.DType, shape ...int) *tensor.Tensor {
		t, err := tensor.New(d, shape...)
		b.err = errors.Join(b.err, err)
		return t
	}
	x := zeros(tensor.Int8, c.XShape...)
	b.tensors["x"] = x
	b.graph.Constants["weight"] = zeros(tensor.Int8, l.InChannels, l.OutChannels/l.Groups, l.Kernel.H, l.Kernel.W)
	if b.err != nil {
		return nil, b.err
	}
	b.graph.Inputs = []network.Input{{Name: "x", Type: network.TypeOf(x)}}
	y, err := b.run(ctx, b.then(network.ConvTransposeInteger{Conv: transposedOp(l), WZero: []int32{0}}, "x", "weight"), hw, o)
	if err != nil {
		return nil, err
	}
	return y.Shape(), nil
}

func transposedOp(l conv.ConvTranspose2d) network.ConvTranspose {
	return network.ConvTranspose{Stride: l.Stride, Dilation: l.Dilation, Padding: l.Padding, OutputPadding: l.OutputPadding, Groups: l.Groups}
}
