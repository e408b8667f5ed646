package configs

import (
	"fmt"

	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/strictyaml"
	"gopkg.in/yaml.v3"
)

// Workload is a list of layers, each with an input of its own, such as all convolutions of a network. Names differ.
type Workload struct {
	Name   string
	Layers []*Layer
}

// workloadFile is a list of layers, or a single one.
type workloadFile struct {
	list   layerList
	single *layerFile
}

type layerList struct {
	Name   string      `yaml:"name" minlen:"1" maxlen:"255" doc:"What reports call this workload; default: the name of the file."`
	Layers []layerFile `yaml:"layers" required:"true" minlen:"1" doc:"The layers, in order."`
}

// DecodeNode reads a single layer if the mapping has keys of one, else a list.
func (w *workloadFile) DecodeNode(d *strictyaml.Decoder, n *yaml.Node, path string) {
	if n.Kind == yaml.MappingNode && (child(n, "op") != nil || child(n, "in_channels") != nil) {
		w.single = &layerFile{}
		d.Decode(n, path, w.single, "")
		return
	}
	d.Decode(n, path, &w.list, "")
}

// Allowed says what is legal.
func (w *workloadFile) Allowed() string { return "a mapping with layers, or one layer" }

// JSONSchema has both forms.
func (w *workloadFile) JSONSchema() map[string]any {
	return map[string]any{"oneOf": []any{strictyaml.SchemaOf(layerList{}), strictyaml.SchemaOf(layerFile{})}}
}

// LoadWorkload reads a workload file, or a shipped one by its name, or a layer file as a workload of one layer.
func LoadWorkload(path string) (*Workload, error) {
	path, err := Find("workload", path, WorkloadFiles, LayerFiles)
	if err != nil {
		return nil, err
	}
	data, err := ReadFile(path)
	if err != nil {
		return nil, Unread("workload", path, err, &workloadFile{})
	}
	return ParseWorkload(path, data)
}

// ParseWorkload reads the text of a workload file, or of a layer file. name is used as in ParseLayer.
func ParseWorkload(name string, data []byte) (*Workload, error) {
	var f workloadFile
	positions, _ := strictyaml.Decode(name, data, &f)
	w := f.workload(positions, baseName(name))
	if err := positions.Err(); err != nil {
		return nil, filekind.Explain(err, name, data, filekind.Workload, filekind.Layer)
	}
	return w, nil
}

// WorkloadSchema returns the JSON Schema of workload files.
func WorkloadSchema() ([]byte, error) { return strictyaml.Schema(&workloadFile{}, "convsim workload") }

func (f *workloadFile) workload(positions *strictyaml.Positions, name string) *Workload {
	if f.single != nil {
		layer := f.single.layer(positions, "", name)
		return &Workload{Name: layer.Name, Layers: []*Layer{layer}}
	}
	w := &Workload{Name: name}
	if f.list.Name != "" {
		w.Name = f.list.Name
	}
	first := map[string]int{}
	for i := range f.list.Layers {
		prefix := fmt.Sprintf("layers[%d].", i)
		layer := f.list.Layers[i].layer(positions, prefix, fmt.Sprintf("layer%d", i))
		if twin, twice := first[layer.Name]; twice {
			positions.Add(prefix+"name", layer.Name, fmt.Sprintf("a name of its own; layers[%d] has it", twin))
		}
		first[layer.Name] = i
		w.Layers = append(w.Layers, layer)
	}
	return w
}
