package configs

import (
	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/tensor"
)

// conv2dKeys are the keys of PyTorch's Conv2d, wherever a file has one.
type conv2dKeys struct {
	InChannels  int     `yaml:"in_channels" required:"true" min:"1" max:"2147483647" doc:"Channels of the input."`
	OutChannels int     `yaml:"out_channels" required:"true" min:"1" max:"2147483647" doc:"Channels of the output."`
	KernelSize  pair    `yaml:"kernel_size" required:"true" doc:"Kernel size, a number or [height, width]."`
	Stride      pair    `yaml:"stride" default:"1" doc:"Stride, a number or [height, width]."`
	Padding     padding `yaml:"padding" default:"0" doc:"Padding: a number, [height, width], four sides, or a word."`
	Dilation    pair    `yaml:"dilation" default:"1" doc:"Dilation, a number or [height, width]."`
	Groups      int     `yaml:"groups" default:"1" min:"1" max:"2147483647" doc:"Groups; a divisor of in_channels and out_channels."`
	Bias        bool    `yaml:"bias" default:"true" doc:"Whether a bias is added."`
	PaddingMode string  `yaml:"padding_mode" default:"zeros" enum:"zeros,reflect,replicate,circular" doc:"What padding is made of."`
}

// layerFile is a layer as written. Words of closed sets are checked by their enum tags.
type layerFile struct {
	Name string `yaml:"name" minlen:"1" maxlen:"255" doc:"What reports call this layer; default: the name of the file."`
	Op   convOp `yaml:"op" required:"true" doc:"The operation."`
	conv2dKeys
	Input      inputFile       `yaml:"input" required:"true" doc:"Size of the input."`
	DType      dtypeFile       `yaml:"dtype" doc:"Element types."`
	ZeroPoint  zeroPointFile   `yaml:"zero_point" doc:"Values that stand for 0, subtracted before multiplying."`
	Requantize *requantizeFile `yaml:"requantize" doc:"How accumulators become outputs; without it they are the output."`
	Tensors    Tensors         `yaml:"tensors" doc:".npy files, relative to this file; without them data is random."`
}

// convOp is the operation of a layer where only a convolution will do.
type convOp string

// DecodeNode refuses other operations, those with a file of their own by name.
func (op *convOp) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if strictyaml.IsText(n) && operationFiles[n.Value] != nil {
		d.Fail(n, path, "no convolution", op.Allowed()+"; `convsim run --layer` and network files take "+n.Value)
		return
	}
	d.Decode(n, path, (*string)(op), `enum:"conv2d"`)
}

// Allowed says what is legal.
func (op *convOp) Allowed() string { return "conv2d" }

// JSONSchema is that of the one word.
func (op *convOp) JSONSchema() map[string]any {
	return map[string]any{"type": "string", "enum": []string{"conv2d"}}
}

type inputFile struct {
	Batch  int `yaml:"batch" default:"1" min:"0" max:"2147483647" doc:"Images."`
	Height int `yaml:"height" required:"true" min:"1" max:"2147483647" doc:"Rows of an image."`
	Width  int `yaml:"width" required:"true" min:"1" max:"2147483647" doc:"Columns of an image."`
}

type dtypeFile struct {
	Input       string `yaml:"input" default:"int8" enum:"int4,uint4,int8,uint8,int16,float32" doc:"Type of the activations."`
	Weight      string `yaml:"weight" default:"int8" enum:"int4,uint4,int8,uint8,int16,float32" doc:"Type of the weights; float32 goes with float32 only."`
	Accumulator string `yaml:"accumulator" enum:"int32,float32" doc:"Type of the sums; default int32, or float32 for float32 inputs."`
	Output      string `yaml:"output" enum:"int4,uint4,int8,uint8,int16,int32,float32" doc:"Type of the output; default that of requantize, else of the accumulator."`
}

type zeroPointFile struct {
	Input  int64    `yaml:"input" default:"0" min:"-32768" max:"32767" doc:"Zero point of the activations."`
	Weight integers `yaml:"weight" default:"0" doc:"Zero point of the weights, one or one per output channel."`
}

// Tensors names the files a layer's data comes from. Empty paths mean none.
type Tensors struct {
	Input     Path       `yaml:"input" doc:"Activations, NCHW."`
	Weight    Path       `yaml:"weight" doc:"Weights, OIHW with I = in_channels/groups."`
	Bias      Path       `yaml:"bias" doc:"Bias, one per output channel."`
	Expect    Path       `yaml:"expect" doc:"The expected output, NCHW."`
	Tolerance *Tolerance `yaml:"tolerance" doc:"How far a float32 output may be from the expected one; without it, by the rounding errors of two sums."`
}

// Tolerance is how far a float may be from the expected one: Absolute plus
// Relative times the expected one's magnitude.
type Tolerance struct {
	Absolute float64 `yaml:"atol" default:"0" min:"0" doc:"Absolute part."`
	Relative float64 `yaml:"rtol" default:"0" min:"0" doc:"Part of the expected value's magnitude."`
}

func (f *conv2dKeys) attributes() conv.Conv2d {
	return conv.Conv2d{
		InChannels:  f.InChannels,
		OutChannels: f.OutChannels,
		Kernel:      conv.Pair(f.KernelSize),
		Stride:      conv.Pair(f.Stride),
		Dilation:    conv.Pair(f.Dilation),
		Padding:     conv.Padding(f.Padding),
		PaddingMode: paddingMode(f.PaddingMode),
		Groups:      f.Groups,
		Bias:        f.Bias,
	}
}

// types returns the element types with those left out filled in.
func (f *layerFile) types() DTypes {
	t := DTypes{Input: dtype(f.DType.Input), Weight: dtype(f.DType.Weight), Accumulator: tensor.Int32}
	if t.Input == tensor.Float32 {
		t.Accumulator = tensor.Float32
	}
	t.Output = t.Accumulator
	if f.Requantize != nil {
		t.Output = f.requantizedType()
	}
	return t
}

// requantizedType is int8 unless the file says otherwise, in requantize or in dtype.
func (f *layerFile) requantizedType() tensor.DType {
	for _, name := range []string{f.Requantize.DType, f.DType.Output} {
		if d := dtype(name); d != 0 {
			return d
		}
	}
	return tensor.Int8
}

// dtype returns the invalid type for a name that the decoder has refused or not found.
func dtype(name string) tensor.DType {
	d, _ := tensor.ParseDType(name)
	return d
}

// paddingMode returns Zeros for a name that the decoder has refused.
func paddingMode(name string) conv.PaddingMode {
	m, _ := conv.ParsePaddingMode(name)
	return m
}
