package configs

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/madeup"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// torchLayer is a layer as PyTorch has it, with the keys of a layer file.
type torchLayer interface {
	// add adds its nodes; the last one makes the layer's output.
	add(b *torchBuilder)
}

// torchLayers make empty layers by the word that op is.
var torchLayers = map[string]func() torchLayer{
	"conv2d":           func() torchLayer { return &conv2dLayer{} },
	"conv_transpose2d": func() torchLayer { return &convTranspose2dLayer{} },
	"max_pool2d":       func() torchLayer { return &maxPool2dLayer{} },
	"avg_pool2d":       func() torchLayer { return &avgPool2dLayer{} },
	"linear":           func() torchLayer { return &linearLayer{} },
	"relu":             func() torchLayer { return &oneNode{op: network.Unary{Function: network.Relu}} },
	"sigmoid":          func() torchLayer { return &oneNode{op: network.Unary{Function: network.Sigmoid}} },
	"add":              func() torchLayer { return &oneNode{op: network.Combine{How: network.Add}} },
	"mul":              func() torchLayer { return &oneNode{op: network.Combine{How: network.Mul}} },
	"global_avg_pool2d": func() torchLayer {
		return &oneNode{op: network.GlobalAveragePool{}}
	},
	"concat":  func() torchLayer { return &concatLayer{} },
	"flatten": func() torchLayer { return &flattenLayer{} },
}

// torchBuilder adds the nodes of one layer.
type torchBuilder struct {
	*netBuilder
	path  string
	layer *netLayer
}

// at is the path of one of the layer's keys.
func (b *torchBuilder) at(key string) string {
	if b.path == "" {
		return key // the layer is the file
	}
	return b.path + "." + key
}

// last adds the node that makes the layer's output.
func (b *torchBuilder) last(op network.Op, inputs ...string) {
	b.node(b.path, network.Node{Name: b.layer.name, Op: op, Inputs: inputs, Outputs: b.layer.outputs})
}

// one is the layer's only input, if there is one without a mistake.
func (b *torchBuilder) one() (string, network.Type, bool) {
	if n := len(b.layer.inputs); n != 1 {
		b.positions.Add(b.path, fmt.Sprintf("%d inputs", n), "one input with this op")
	} else if t := b.types[b.layer.inputs[0]]; t.DType != 0 {
		return b.layer.inputs[0], t, true
	}
	return "", network.Type{}, false
}

// constant reads a constant of the layer, or makes it up from the layer's name where
// no file is given.
func (b *torchBuilder) constant(what string, file Path, d tensor.DType, shape ...int) string {
	name := b.layer.name + "." + what
	var t *tensor.Tensor
	if file.Resolved == "" {
		t = b.madeUp(name, d, shape)
	} else if t = b.read(b.at("tensors."+what), file); t != nil {
		t = b.fitting(b.at("tensors."+what), t, d, shape)
	}
	if t != nil && b.define(b.path, name, network.TypeOf(t)) {
		b.graph.Constants[name] = t
	}
	return name
}

// fitting is a tensor of a file as one of the type and shape wanted, nil if it is none.
func (b *torchBuilder) fitting(path string, t *tensor.Tensor, d tensor.DType, shape []int) *tensor.Tensor {
	value := t.String()
	if slices.Equal(t.Shape(), shape) {
		stored, err := t.Stored(d)
		if err == nil {
			return stored
		}
		if !errors.Is(err, tensor.ErrStored) {
			value = err.Error() // of the element that does not fit
		}
	}
	b.positions.Add(path, value, fmt.Sprintf("%s %v", d, shape))
	return nil
}

// madeUp is a tensor of numbers that depend on its name alone.
func (b *torchBuilder) madeUp(name string, d tensor.DType, shape []int) *tensor.Tensor {
	t, err := tensor.New(d, shape...)
	if err != nil {
		b.positions.AddMessage(b.path, err.Error())
		return nil
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	r, most := rand.New(rand.NewPCG(h.Sum64(), b.seed)), int64(100)
	draw := func() int64 { return r.Int64N(2*most+1) - most }
	switch data := t.Data.(type) {
	case []float32:
		for i := range data {
			data[i] = float32(draw()) / 64
		}
	case []int8:
		lo, hi := d.Range()
		madeup.Integers(context.Background(), data, lo, hi, h.Sum64(), b.seed)
	case []uint8:
		lo, hi := d.Range()
		madeup.Integers(context.Background(), data, lo, hi, h.Sum64(), b.seed)
	default:
		for i := range t.Len() {
			t.SetInt(i, draw())
		}
	}
	return t
}

// problems tells what is wrong with a layer's attributes, each at its key.
func (b *torchBuilder) problems(err error) {
	var p conv.Problems
	if !errors.As(err, &p) {
		return
	}
	for _, one := range p {
		b.positions.Add(b.at(one.Key), fmt.Sprint(one.Value), one.Allowed)
	}
}

// oneNode is a layer that is an operator without attributes.
type oneNode struct{ op network.Op }

func (l *oneNode) add(b *torchBuilder) { b.last(l.op, b.layer.inputs...) }

type concatLayer struct {
	Dim int `yaml:"dim" default:"1" doc:"The axis along which tensors are joined."`
}

func (l *concatLayer) add(b *torchBuilder) { b.last(network.Concat{Axis: l.Dim}, b.layer.inputs...) }

type flattenLayer struct{}

func (l *flattenLayer) add(b *torchBuilder) {
	if x, t, ok := b.one(); ok && len(t.Shape) > 0 {
		b.last(network.Reshape{Shape: []int{t.Shape[0], -1}}, x)
	}
}

// maxPool2dLayer has the keys of PyTorch's MaxPool2d.
type maxPool2dLayer struct {
	KernelSize pair    `yaml:"kernel_size" required:"true" doc:"Size of the window, a number or [height, width]."`
	Stride     pair    `yaml:"stride" doc:"Stride; default: kernel_size."`
	Padding    padding `yaml:"padding" default:"0" doc:"Padding, which is never the largest."`
	Dilation   pair    `yaml:"dilation" default:"1" doc:"Dilation, a number or [height, width]."`
	CeilMode   bool    `yaml:"ceil_mode" doc:"Whether the size of the output is rounded up."`
}

func (l *maxPool2dLayer) add(b *torchBuilder) {
	x, _, ok := b.one()
	if p, within := b.window(l.KernelSize, l.Stride, l.Dilation, l.Padding, l.CeilMode); ok && within {
		b.last(network.MaxPool{Pool: p}, x)
	}
}

// window is that of a pooling. PyTorch refuses padding of more than half of it.
func (b *torchBuilder) window(kernel, stride, dilation pair, p padding, ceil bool) (network.Pool, bool) {
	if stride == (pair{}) {
		stride = kernel
	}
	sides := p.Sides
	half := pair{(dilation.H*(kernel.H-1) + 1) / 2, (dilation.W*(kernel.W-1) + 1) / 2}
	ok := max(sides.Top, sides.Bottom) <= half.H && max(sides.Left, sides.Right) <= half.W
	if !ok {
		b.positions.Add(b.at("padding"), fmt.Sprintf("%d above, %d below, %d left, %d right", sides.Top, sides.Bottom, sides.Left, sides.Right),
			fmt.Sprintf("at most half of the window, [%d, %d]", half.H, half.W))
	}
	return network.Pool{Kernel: conv.Pair(kernel), Stride: conv.Pair(stride), Dilation: conv.Pair(dilation), Padding: conv.Padding(p), Ceil: ceil}, ok
}

// avgPool2dLayer has the keys of PyTorch's AvgPool2d.
type avgPool2dLayer struct {
	KernelSize      pair    `yaml:"kernel_size" required:"true" doc:"Size of the window, a number or [height, width]."`
	Stride          pair    `yaml:"stride" doc:"Stride; default: kernel_size."`
	Padding         padding `yaml:"padding" default:"0" doc:"Padding by 0."`
	CeilMode        bool    `yaml:"ceil_mode" doc:"Whether the size of the output is rounded up."`
	CountIncludePad bool    `yaml:"count_include_pad" default:"true" doc:"Whether padding counts in the divisor."`
	DivisorOverride int     `yaml:"divisor_override" min:"1" max:"2147483647" doc:"The divisor; default: the number of elements."`
}

func (l *avgPool2dLayer) add(b *torchBuilder) {
	x, t, ok := b.one()
	if !ok {
		return
	}
	p, ok := b.window(l.KernelSize, l.Stride, pair{H: 1, W: 1}, l.Padding, l.CeilMode)
	if !ok {
		return
	}
	if !t.DType.IsFloat() {
		y := b.layer.name + ".float"
		b.node(b.path, network.Node{Name: y, Op: network.Cast{To: tensor.Float32}, Inputs: []string{x}, Outputs: []string{y}})
		x = y
	}
	b.last(network.AveragePool{Pool: p, CountIncludePad: l.CountIncludePad, Divisor: l.DivisorOverride}, x)
}
