package configs

import (
	"fmt"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// weighted is what the keys of layers with weights say. The type of the input is
// that of the tensor a layer reads.
type weighted struct {
	Weight     string          `yaml:"weight_dtype" enum:"int4,uint4,int8,uint8,int16,float32" doc:"Type of the weights; default int8, or float32 for float32 inputs."`
	ZeroPoint  zeroPointFile   `yaml:"zero_point" doc:"Values that stand for 0, subtracted before multiplying."`
	Requantize *requantizeFile `yaml:"requantize" doc:"How sums become outputs."`
	Tensors    weightFiles     `yaml:"tensors" doc:".npy files, relative to this file; without them data is made up."`
}

type weightFiles struct {
	Weight Path `yaml:"weight" doc:"The weights."`
	Bias   Path `yaml:"bias" doc:"Bias, one per output channel."`
}

// sums are the operators of one kind of layer: of floats, integers, and with results
// requantised.
type sums struct {
	float     network.Op
	integer   func(x int32, w []int32) network.Op
	quantised func(q operands, r network.Rounding) network.Op
}

// operands say what the integers of input, weights and output stand for.
type operands struct{ x, w, y network.Quant }

// add adds the product of a stream with weights of a shape and the bias.
func (w *weighted) add(b *torchBuilder, x string, t network.Type, s sums, bias bool, out int, shape ...int) {
	d, sum := tensor.Int8, tensor.Int32
	if t.DType.IsFloat() {
		d, sum = tensor.Float32, tensor.Float32
	}
	if given := dtype(w.Weight); given != 0 {
		d = given
	}
	in := []string{x, b.constant("weight", w.Tensors.Weight, d, shape...)}
	if bias {
		in = append(in, b.constant("bias", w.Tensors.Bias, sum, out))
	} else if w.Tensors.Bias.Written != "" {
		b.positions.Add(b.at("tensors.bias"), w.Tensors.Bias.Written, "no file with bias: false")
	}
	zero, weightZero := int32(w.ZeroPoint.Input), int32sOf(w.ZeroPoint.Weight)
	switch r := w.Requantize; {
	case t.DType.IsFloat():
		if r != nil {
			b.positions.Add(b.at("requantize"), "rule "+string(r.Rule), "no requantize with float32")
		}
		b.last(s.float, in...)
	case r == nil:
		w.plain(b, s.integer(zero, weightZero), in, out)
	default:
		y := dtype(r.DType)
		if y == 0 {
			y = tensor.Int8
		}
		b.last(s.quantised(r.operands(network.Quant{DType: t.DType, Zero: []int32{zero}}, network.Quant{DType: d, Zero: weightZero},
			network.Quant{DType: y, Zero: []int32{int32(r.OutputZeroPoint)}}), r.rounding()), in...)
	}
}

// operands are input, weights and output with their scales; shifts know none.
func (r *requantizeFile) operands(x, w, y network.Quant) operands {
	if x.Scale, w.Scale, y.Scale = []float32{float32(r.InputScale)}, r.WeightScale, []float32{float32(r.OutputScale)}; r.Rule == Shift {
		one := []float32{1}
		x.Scale, w.Scale, y.Scale = one, one, one
	}
	return operands{x, w, y}
}

// rounding is how sums are rounded.
func (r *requantizeFile) rounding() network.Rounding {
	switch r.Rule {
	case TFLite:
		return network.Rounding{Rule: network.TFLite}
	case Shift:
		return network.Rounding{Rule: network.Shift, Shift: r.Shift}
	}
	return network.Rounding{}
}

// plain adds sums of integers; the bias is added by itself where the operator has
// none.
func (w *weighted) plain(b *torchBuilder, op network.Op, in []string, out int) {
	if _, ok := op.(network.MatMulInteger); ok {
		b.turned(in[1])
	}
	if _, ok := op.(network.ConvTransposeInteger); ok || len(in) == 2 {
		b.last(op, in...)
		return
	}
	shape := []int{1, out}
	if _, ok := op.(network.ConvInteger); ok {
		shape = append(shape, 1, 1)
	}
	bias := b.graph.Constants[in[2]]
	if bias != nil {
		bias, _ = bias.Reshape(shape...)
		b.graph.Constants[in[2]], b.types[in[2]] = bias, network.TypeOf(bias)
	}
	sum := b.layer.name + ".sum"
	b.node(b.path, network.Node{Name: sum, Op: op, Inputs: in[:2], Outputs: []string{sum}})
	b.last(network.Combine{How: network.Add}, sum, in[2])
}

func int32sOf(v []int64) []int32 {
	var out []int32
	for _, x := range v {
		out = append(out, int32(x))
	}
	return out
}

// images is the input of a layer of images, which must have its channels and a size the
// layer can take.
func images[S any](b *torchBuilder, channels int, resolve func(n, h, w int) (S, error)) (string, network.Type, bool) {
	x, t, ok := b.one()
	if !ok {
		return x, t, false
	}
	if len(t.Shape) != 4 || t.Shape[1] != channels {
		b.positions.Add(b.at("in_channels"), fmt.Sprint(channels), fmt.Sprintf("the channels of %s, which is %s", x, t))
		return x, t, false
	}
	if _, err := resolve(t.Shape[0], t.Shape[2], t.Shape[3]); err != nil {
		b.problems(err)
		return x, t, false
	}
	return x, t, true
}

// conv2dLayer has the keys of a layer file.
type conv2dLayer struct {
	conv2dKeys
	weighted
}

func (l *conv2dLayer) add(b *torchBuilder) {
	layer := l.attributes()
	x, t, ok := images(b, l.InChannels, layer.Resolve)
	if !ok {
		return
	}
	c := network.Conv{Stride: layer.Stride, Dilation: layer.Dilation, Padding: layer.Padding, PaddingMode: layer.PaddingMode, Groups: l.Groups}
	l.weighted.add(b, x, t, sums{c,
		func(x int32, w []int32) network.Op { return network.ConvInteger{Conv: c, XZero: x, WZero: w} },
		func(q operands, r network.Rounding) network.Op {
			return network.QLinearConv{Conv: c, X: q.x, W: q.w, Y: q.y, Rounding: r}
		},
	}, l.Bias, l.OutChannels, l.OutChannels, l.InChannels/l.Groups, l.KernelSize.H, l.KernelSize.W)
}

// convTranspose2dKeys are the keys of PyTorch's ConvTranspose2d, wherever a file has
// one.
type convTranspose2dKeys struct {
	InChannels    int     `yaml:"in_channels" required:"true" min:"1" max:"2147483647" doc:"Channels of the input."`
	OutChannels   int     `yaml:"out_channels" required:"true" min:"1" max:"2147483647" doc:"Channels of the output."`
	KernelSize    pair    `yaml:"kernel_size" required:"true" doc:"Kernel size, a number or [height, width]."`
	Stride        pair    `yaml:"stride" default:"1" doc:"Stride, a number or [height, width]."`
	Padding       padding `yaml:"padding" default:"0" doc:"How much of the output is cropped."`
	OutputPadding counts  `yaml:"output_padding" default:"0" doc:"Rows and columns more, at the bottom and right."`
	Dilation      pair    `yaml:"dilation" default:"1" doc:"Dilation, a number or [height, width]."`
	Groups        int     `yaml:"groups" default:"1" min:"1" max:"2147483647" doc:"Groups; a divisor of in_channels and out_channels."`
	Bias          bool    `yaml:"bias" default:"true" doc:"Whether a bias is added."`
	PaddingMode   string  `yaml:"padding_mode" default:"zeros" enum:"zeros" doc:"What padding is made of; PyTorch has zeros only."`
}

func (l *convTranspose2dKeys) attributes() conv.ConvTranspose2d {
	return conv.ConvTranspose2d{InChannels: l.InChannels, OutChannels: l.OutChannels, Kernel: conv.Pair(l.KernelSize),
		Stride: conv.Pair(l.Stride), Padding: conv.Padding(l.Padding), OutputPadding: conv.Pair(l.OutputPadding),
		Dilation: conv.Pair(l.Dilation), Groups: l.Groups, Bias: l.Bias}
}

// convTranspose2dLayer has the keys of a layer file.
type convTranspose2dLayer struct {
	convTranspose2dKeys
	weighted
}

func (l *convTranspose2dLayer) add(b *torchBuilder) {
	layer := l.attributes()
	x, t, ok := images(b, l.InChannels, layer.Resolve)
	if !ok {
		return
	}
	c := network.ConvTranspose{Stride: layer.Stride, Dilation: layer.Dilation, Padding: layer.Padding, OutputPadding: layer.OutputPadding, Groups: l.Groups}
	l.weighted.add(b, x, t, sums{c,
		func(x int32, w []int32) network.Op { return network.ConvTransposeInteger{Conv: c, XZero: x, WZero: w} },
		func(q operands, r network.Rounding) network.Op {
			return network.QLinearConvTranspose{Conv: c, X: q.x, W: q.w, Y: q.y, Rounding: r}
		},
	}, l.Bias, l.OutChannels, l.InChannels, l.OutChannels/l.Groups, l.KernelSize.H, l.KernelSize.W)
}

// linearLayer has the keys of PyTorch's Linear; weights are [out, in].
type linearLayer struct {
	InFeatures  int  `yaml:"in_features" required:"true" min:"1" max:"2147483647" doc:"Columns of the input."`
	OutFeatures int  `yaml:"out_features" required:"true" min:"1" max:"2147483647" doc:"Columns of the output."`
	Bias        bool `yaml:"bias" default:"true" doc:"Whether a bias is added."`

	Weight     string          `yaml:"weight_dtype" enum:"int8,uint8,float32" doc:"Type of the weights; default int8, or float32 for float32 inputs."`
	ZeroPoint  zeroPointFile   `yaml:"zero_point" doc:"Values that stand for 0, subtracted before multiplying."`
	Requantize *requantizeFile `yaml:"requantize" doc:"How sums become outputs."`
	Tensors    weightFiles     `yaml:"tensors" doc:".npy files, relative to this file; without them data is made up."`
}

func (l *linearLayer) add(b *torchBuilder) {
	x, t, ok := b.one()
	if !ok {
		return
	}
	if len(t.Shape) != 2 || t.Shape[1] != l.InFeatures {
		b.positions.Add(b.at("in_features"), fmt.Sprint(l.InFeatures), fmt.Sprintf("the columns of %s, which is %s", x, t))
		return
	}
	w := weighted{l.Weight, l.ZeroPoint, l.Requantize, l.Tensors}
	s := sums{network.Gemm{Alpha: 1, Beta: 1, TransB: true},
		func(x int32, w []int32) network.Op { return network.MatMulInteger{AZero: []int32{x}, BZero: w} },
		func(q operands, r network.Rounding) network.Op {
			return network.QGemm{Alpha: 1, TransB: true, A: q.x, B: q.w, Y: q.y, Rounding: r}
		}}
	w.add(b, x, t, s, l.Bias, l.OutFeatures, l.OutFeatures, l.InFeatures)
}

// turned makes the weights of a product of matrices, [out, in], what stands behind
// the stream: [in, out].
func (b *torchBuilder) turned(name string) {
	w := b.graph.Constants[name]
	if w == nil {
		return // a mistake that has been told
	}
	t, err := network.Transpose{Perm: []int{1, 0}}.Reference([]*tensor.Tensor{w})
	if err != nil {
		b.positions.AddMessage(b.path, err.Error())
		return
	}
	b.graph.Constants[name], b.types[name] = t[0], network.TypeOf(t[0])
}
