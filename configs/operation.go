package configs

import (
	"maps"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/tensor"
)

// Operation is a layer file of another operation than conv2d: a network of that one
// layer.
type Operation struct {
	*Network
	Op        string
	Input     Path // the activations, none if they are made up
	Expect    Path // the expected output
	Tolerance *Tolerance
}

// Given is what the command line says of a layer's constants.
type Given struct {
	Seed         uint64 // of those that are made up
	Weight, Bias string // files, which win over those of the layer's file
}

// operationFile is a layer file of an operation, decoded into.
type operationFile interface {
	// operation adds the layer to a network and says what else the file holds.
	operation(b *netBuilder, given Given) *Operation
}

// operationFiles make empty files by the word that op is.
var operationFiles = map[string]func() operationFile{
	"conv_transpose2d": func() operationFile { return &transposeFile{} },
	"max_pool2d":       func() operationFile { return &maxPoolFile{} },
	"avg_pool2d":       func() operationFile { return &avgPoolFile{} },
}

// operationOf is the operation of a layer file that is not conv2d, empty for any
// other text.
func operationOf(data []byte) string {
	var document yaml.Node
	if len(data) > strictyaml.MaxBytes || yaml.Unmarshal(data, &document) != nil || len(document.Content) == 0 {
		return ""
	}
	if op := child(document.Content[0], "op"); op != nil && operationFiles[op.Value] != nil {
		return op.Value
	}
	return ""
}

// LayerText is a layer file that has been read, of whatever operation.
type LayerText struct {
	path string
	data []byte
}

// ReadLayer reads the text of a layer file, or of a shipped one by its name.
func ReadLayer(path string) (LayerText, error) {
	path, err := Find("layer", path, LayerFiles)
	if err != nil {
		return LayerText{}, err
	}
	data, err := ReadFile(path)
	if err != nil {
		return LayerText{}, Unread("layer", path, err, &layerFile{})
	}
	return LayerText{path, data}, nil
}

// IsOperation reports whether the layer is one of an operation that is not conv2d.
func (t LayerText) IsOperation() bool { return operationOf(t.data) != "" }

// Layer reads the text as a convolution.
func (t LayerText) Layer() (*Layer, error) { return ParseLayer(t.path, t.data) }

// Operation reads the text as another operation.
func (t LayerText) Operation(given Given) (*Operation, error) {
	return ParseOperation(t.path, t.data, given)
}

// LoadOperation reads a layer file of an operation that is not conv2d.
func LoadOperation(path string, given Given) (*Operation, error) {
	t, err := ReadLayer(path)
	if err != nil {
		return nil, err
	}
	return t.Operation(given)
}

// IsOperation reports whether a layer file can be read and is of an operation that
// is not conv2d.
func IsOperation(path string) bool {
	t, err := ReadLayer(path)
	return err == nil && t.IsOperation()
}

// ParseOperation reads the text of a layer file of an operation that is not conv2d.
// name is used as in ParseLayer.
func ParseOperation(name string, data []byte, given Given) (*Operation, error) {
	op := operationOf(data)
	if op == "" {
		op = "conv_transpose2d" // to find the mistakes
	}
	f := operationFiles[op]()
	positions, _ := strictyaml.Decode(name, data, f)
	b := newNetBuilder(positions, name)
	b.seed = given.Seed
	var o *Operation
	if positions.Err() == nil {
		o = f.operation(b, given)
	}
	if err := positions.Err(); err != nil {
		return nil, filekind.Explain(err, name, data, filekind.Layer)
	}
	o.Network, o.Op = &Network{b.graph, b.files}, op
	for _, p := range []Path{o.Input, o.Expect} {
		if p.Resolved != "" {
			o.files = append(o.files, p.Resolved)
		}
	}
	return o, b.graph.Check()
}

// transposeFile is a transposed convolution as written.
type transposeFile struct {
	Name string `yaml:"name" minlen:"1" maxlen:"255" doc:"What reports call this layer; default: the name of the file."`
	Op   string `yaml:"op" required:"true" enum:"conv_transpose2d" doc:"The operation: PyTorch's ConvTranspose2d."`
	convTranspose2dKeys
	Input      inputFile       `yaml:"input" required:"true" doc:"Size of the input."`
	DType      dtypeFile       `yaml:"dtype" doc:"Element types."`
	ZeroPoint  zeroPointFile   `yaml:"zero_point" doc:"Values that stand for 0, subtracted before multiplying."`
	Requantize *requantizeFile `yaml:"requantize" doc:"How accumulators become outputs, by rule onnx; without it they are the output."`
	Tensors    Tensors         `yaml:"tensors" doc:".npy files, relative to this file; without them data is random. Weights are IOHW with O = out_channels/groups."`
}

func (f *transposeFile) operation(b *netBuilder, given Given) *Operation {
	// What holds between the keys of a convolution holds here.
	like := layerFile{DType: f.DType, ZeroPoint: f.ZeroPoint, Requantize: f.Requantize, Tensors: f.Tensors}
	types := like.types()
	c := checker{file: &like, layer: &Layer{Conv: conv.Conv2d{OutChannels: f.OutChannels, Bias: f.Bias}, DType: types,
		ZeroPoint: ZeroPoints{Input: f.ZeroPoint.Input, Weight: f.ZeroPoint.Weight}, Requantize: f.Requantize.plain(types.Output),
		Tensors: f.Tensors, positions: b.positions}}
	c.types()
	layer := &convTranspose2dLayer{f.convTranspose2dKeys, weighted{f.DType.Weight, f.ZeroPoint, f.requantize(types.Output),
		weightFiles{given.or(given.Weight, f.Tensors.Weight), given.or(given.Bias, f.Tensors.Bias)}}}
	b.single(f.Name, f.Op, network.Type{DType: types.Input, Shape: []int{f.Input.Batch, f.InChannels, f.Input.Height, f.Input.Width}}, layer)
	return &Operation{Input: f.Tensors.Input, Expect: f.Tensors.Expect, Tolerance: f.Tensors.Tolerance}
}

// requantize is the file's, with the type of the output filled in.
func (f *transposeFile) requantize(d tensor.DType) *requantizeFile {
	if f.Requantize == nil {
		return nil
	}
	r := *f.Requantize
	r.DType = d.String()
	return &r
}

// or is the file that the command line names, else the one of the layer's file.
func (Given) or(flag string, inFile Path) Path {
	if flag != "" {
		return Path{Written: flag, Resolved: flag}
	}
	return inFile
}

// pooledFile are the keys of a pooling's file beside those of the pooling.
type pooledFile struct {
	Name  string          `yaml:"name" minlen:"1" maxlen:"255" doc:"What reports call this layer; default: the name of the file."`
	Op    string          `yaml:"op" required:"true" enum:"max_pool2d,avg_pool2d" doc:"The operation: PyTorch's MaxPool2d or AvgPool2d."`
	Input pooledInputFile `yaml:"input" required:"true" doc:"Size of the input."`
	DType pooledDType     `yaml:"dtype" doc:"Element types."`

	Tensors pooledTensors `yaml:"tensors" doc:".npy files, relative to this file; without them data is random."`
}

type pooledInputFile struct {
	Batch    int `yaml:"batch" default:"1" min:"0" max:"2147483647" doc:"Images."`
	Channels int `yaml:"channels" required:"true" min:"1" max:"2147483647" doc:"Channels of an image."`
	Height   int `yaml:"height" required:"true" min:"1" max:"2147483647" doc:"Rows of an image."`
	Width    int `yaml:"width" required:"true" min:"1" max:"2147483647" doc:"Columns of an image."`
}

type pooledDType struct {
	Input  string `yaml:"input" default:"int8" enum:"int4,uint4,int8,uint8,int16,int32,float32" doc:"Type of the activations."`
	Output string `yaml:"output" enum:"int4,uint4,int8,uint8,int16,int32,float32" doc:"Type of the output: float32 of avg_pool2d, else that of the input."`
}

type pooledTensors struct {
	Input     Path       `yaml:"input" doc:"Activations, NCHW."`
	Expect    Path       `yaml:"expect" doc:"The expected output, NCHW."`
	Tolerance *Tolerance `yaml:"tolerance" doc:"How far a float32 output may be from the expected one; without it, not at all."`
}

// pooling adds a pooling whose outputs are of the given type.
func (f *pooledFile) pooling(b *netBuilder, given Given, layer torchLayer, out tensor.DType) *Operation {
	for _, flag := range []struct{ name, value string }{{"weight", given.Weight}, {"bias", given.Bias}} {
		if flag.value != "" {
			b.positions.Add("op", f.Op, "an op with weights, where --"+flag.name+" names some")
		}
	}
	if f.DType.Output != "" && f.DType.Output != out.String() {
		b.positions.Add("dtype.output", f.DType.Output, out.String()+" with "+f.Op+" of "+f.DType.Input)
	}
	if t := f.Tensors; t.Tolerance != nil && (t.Expect == (Path{}) || !out.IsFloat()) {
		b.positions.Add("tensors.tolerance", "a tolerance", "with tensors.expect of float32 only: integers are compared exactly")
	}
	in := network.Type{DType: dtype(f.DType.Input), Shape: []int{f.Input.Batch, f.Input.Channels, f.Input.Height, f.Input.Width}}
	b.single(f.Name, f.Op, in, layer)
	return &Operation{Input: f.Tensors.Input, Expect: f.Tensors.Expect, Tolerance: f.Tensors.Tolerance}
}

type maxPoolFile struct {
	pooledFile
	maxPool2dLayer
}

func (f *maxPoolFile) operation(b *netBuilder, given Given) *Operation {
	return f.pooling(b, given, &f.maxPool2dLayer, dtype(f.DType.Input))
}

type avgPoolFile struct {
	pooledFile
	avgPool2dLayer
}

func (f *avgPoolFile) operation(b *netBuilder, given Given) *Operation {
	return f.pooling(b, given, &f.avgPool2dLayer, tensor.Float32)
}

// The tensors of a network of one layer.
const (
	singleInput  = "input"
	singleOutput = "output"
)

// single makes the network of one layer.
func (b *netBuilder) single(name, op string, in network.Type, layer torchLayer) {
	if name != "" {
		b.graph.Name = name
	}
	b.define("input", singleInput, in)
	b.graph.Inputs = []network.Input{{Name: singleInput, Type: in}}
	b.graph.Outputs = []string{singleOutput}
	layer.add(&torchBuilder{netBuilder: b, layer: &netLayer{name: op, inputs: tensorNames{singleInput}, outputs: tensorNames{singleOutput}}})
}

// layerFiles are all forms of a layer file, for its schema.
type layerFiles struct{}

// DecodeNode is never asked: op decides which form is read.
func (layerFiles) DecodeNode(*strictyaml.Decoder, *yaml.Node, string) {}

// Allowed says what is legal.
func (layerFiles) Allowed() string { return "a layer" }

// JSONSchema lists the forms.
func (layerFiles) JSONSchema() map[string]any {
	forms := []any{strictyaml.SchemaOf(layerFile{})}
	for _, op := range slices.Sorted(maps.Keys(operationFiles)) {
		form := strictyaml.SchemaOf(operationFiles[op]())
		form["properties"].(map[string]any)["op"] = map[string]any{"const": op, "description": "The operation."}
		forms = append(forms, form)
	}
	return map[string]any{"oneOf": forms}
}
