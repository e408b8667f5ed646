package configs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/conv"
	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/tensor"
)

// networkFile is a network as written.
type networkFile struct {
	Name    string          `yaml:"name" minlen:"1" maxlen:"255" doc:"What reports call this network; default: the name of the file."`
	Inputs  []netInput      `yaml:"inputs" required:"true" minlen:"1" doc:"The tensors that come from outside."`
	Outputs tensorNames     `yaml:"outputs" required:"true" doc:"The tensors that are the result."`
	Tensors map[string]Path `yaml:"tensors" doc:"Constants by name, as .npy files relative to this file."`
	Layers  []netLayer      `yaml:"layers" required:"true" minlen:"1" doc:"The layers, each behind those it reads."`
}

type netInput struct {
	Name  string `yaml:"name" required:"true" minlen:"1" maxlen:"4096" doc:"Name of the tensor."`
	DType string `yaml:"dtype" default:"int8" enum:"int4,uint4,int8,uint8,int16,int32,float32" doc:"Type of its elements."`
	Shape []int  `yaml:"shape" required:"true" min:"0" max:"2147483647" doc:"Its shape, the batch first: [batch, channels, height, width]."`
}

// Network is a network file: a graph, and the files it was read from.
type Network struct {
	Graph *network.Graph
	files []string
}

// Files returns the paths of the files that the network was read from.
func (n *Network) Files() []string { return n.files }

// MaxNetworkBytes is the size of the largest network file read: models are written
// as such, with a scale for every channel.
const MaxNetworkBytes = 32 << 20

// LoadNetwork reads a network file and its tensors.
func LoadNetwork(path string) (*Network, error) {
	data, err := ReadNetwork(path)
	if err != nil {
		return nil, Unread("network", path, err, &networkFile{})
	}
	return ParseNetwork(path, data)
}

// ReadNetwork reads the text of a network file, or of a shipped one by its path.
func ReadNetwork(path string) ([]byte, error) {
	if _, ok := inShipped(path); ok {
		return ReadFile(path)
	}
	return strictyaml.ReadText(path, MaxNetworkBytes)
}

// ParseNetwork reads the text of a network file. name is used as in ParseLayer.
func ParseNetwork(name string, data []byte) (*Network, error) {
	var f networkFile
	positions, _ := strictyaml.Decode(name, data, &f)
	b := newNetBuilder(positions, name)
	if f.Name != "" {
		b.graph.Name = f.Name
	}
	if positions.Err() == nil {
		b.build(&f)
	}
	if err := positions.Err(); err != nil {
		return nil, filekind.Explain(err, name, data, filekind.Network)
	}
	return &Network{b.graph, b.files}, b.graph.Check()
}

// NetworkSchema returns the JSON Schema of network files.
func NetworkSchema() ([]byte, error) { return strictyaml.Schema(&networkFile{}, "convsim network") }

// netBuilder makes a graph of a file, layer by layer.
type netBuilder struct {
	positions *strictyaml.Positions
	graph     *network.Graph
	types     map[string]network.Type // by tensor; the zero Type where a mistake hides it
	absent    map[string]bool         // tensors that a layer reads before they are made
	files     []string
	seed      uint64 // of constants that are made up
}

func newNetBuilder(positions *strictyaml.Positions, file string) *netBuilder {
	return &netBuilder{positions: positions, types: map[string]network.Type{}, absent: map[string]bool{}, files: []string{file}, seed: 1,
		graph: &network.Graph{Name: baseName(file), Constants: map[string]*tensor.Tensor{}}}
}

func (b *netBuilder) build(f *networkFile) {
	for i, in := range f.Inputs {
		t := network.Type{DType: dtype(in.DType), Shape: in.Shape}
		if b.define(fmt.Sprintf("inputs[%d].name", i), in.Name, t) {
			b.graph.Inputs = append(b.graph.Inputs, network.Input{Name: in.Name, Type: t})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Tensors)) {
		if t := b.read("tensors."+name, f.Tensors[name]); t != nil && b.define("tensors."+name, name, network.TypeOf(t)) {
			b.graph.Constants[name] = t
		}
	}
	for i := range f.Layers {
		b.layer(fmt.Sprintf("layers[%d]", i), &f.Layers[i])
	}
	for i, name := range f.Outputs {
		if _, ok := b.types[name]; !ok {
			b.positions.Add(outputPath(i, len(f.Outputs)), name, "a tensor of the network: "+b.known())
		}
	}
	b.graph.Outputs = f.Outputs
}

func outputPath(i, n int) string {
	if n == 1 {
		return "outputs"
	}
	return fmt.Sprintf("outputs[%d]", i)
}

// known lists the tensors there are.
func (b *netBuilder) known() string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(b.types)), func(name string) bool { return b.absent[name] })
	if len(names) > 20 {
		names = append(names[:20], fmt.Sprintf("and %d more", len(names)-20))
	}
	return strings.Join(names, ", ")
}

// define adds a tensor, whose name must be new.
func (b *netBuilder) define(path, name string, t network.Type) bool {
	if _, ok := b.types[name]; ok && !b.absent[name] {
		b.positions.Add(path, name, "a name of its own: another tensor has it")
		return false
	}
	b.types[name] = t
	delete(b.absent, name)
	return true
}

// read reads a tensor, nil if there is a mistake.
func (b *netBuilder) read(path string, p Path) *tensor.Tensor {
	b.files = append(b.files, p.Resolved)
	f, err := p.Open()
	if err == nil {
		defer f.Close()
		var t *tensor.Tensor
		if t, err = tensor.DecodeNPY(f, tensor.MaxBytes); err == nil {
			return t
		}
	}
	b.positions.Add(path, fmt.Sprintf("%s (%v)", p.Written, paths.Reason(err)), "a .npy file")
	return nil
}

// layer adds the nodes of a layer. Of one that reads what a mistake hides, nothing
// more is said.
func (b *netBuilder) layer(path string, l *netLayer) {
	for _, name := range l.inputs {
		if _, ok := b.types[name]; !ok && name != "" {
			b.positions.Add(path+".inputs", name, "a tensor made before this layer: "+b.known())
			b.types[name], b.absent[name] = network.Type{}, true
		}
	}
	if l.torch != nil {
		l.torch.add(&torchBuilder{netBuilder: b, path: path, layer: l})
		for _, name := range l.outputs {
			if _, made := b.types[name]; !made {
				b.types[name] = network.Type{} // because of a mistake
			}
		}
		return
	}
	b.node(path, network.Node{Name: l.name, Op: l.op, Inputs: l.inputs, Outputs: l.outputs})
}

// wrong places the mistakes of a layer: problems at their keys, others at the layer, which they name.
func (b *netBuilder) wrong(path, layer string, err error) {
	switch err := err.(type) {
	case conv.Problems:
		for _, p := range err {
			b.positions.Add(strings.TrimPrefix(path+"."+p.Key, "."), p.Value, p.Allowed)
		}
	case interface{ Unwrap() []error }:
		for _, one := range err.Unwrap() {
			b.wrong(path, layer, one)
		}
	default:
		b.positions.AddMessage(path, layer+err.Error())
	}
}

// node adds a node and the types of its outputs.
func (b *netBuilder) node(path string, n network.Node) {
	in, blind := make([]network.Type, len(n.Inputs)), false
	for i, name := range n.Inputs {
		in[i] = b.types[name]
		blind = blind || name != "" && in[i].DType == 0
	}
	var out []network.Type
	if !blind {
		var err error
		if out, err = n.Op.Infer(in); err != nil {
			b.wrong(path, fmt.Sprintf("layer %s (%s): ", n.Name, n.Op.Kind()), err)
		}
	}
	for i, name := range n.Outputs {
		t := network.Type{}
		if i < len(out) {
			t = out[i]
		}
		if name != "" {
			b.define(path+".outputs", name, t)
		}
	}
	b.graph.Nodes = append(b.graph.Nodes, n)
}
