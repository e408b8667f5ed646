package convsim

import (
	"slices"

	"github.com/convsim/convsim/internal/modelfile"
	"github.com/convsim/convsim/internal/network"
)

// Model is a network of operators.
type Model struct{ graph *network.Graph }

// Operand is an input of a model.
type Operand struct {
	Name  string
	Type  string // of its elements: int8, uint8, int16, int32, float32
	Shape []int  // the first axis are the frames
}

// modelSeed makes up the constants of a layer file that has none.
const modelSeed = 1

// ReadModel reads an ONNX model, a network file, or a layer file of an operation.
// Sizes that an ONNX model leaves open, or others than its own, are given by the
// input's name. A quantised model becomes the integers that hardware computes. Its
// error is an *Invalid, which names every node that cannot be read.
func ReadModel(path string, shapes map[string][]int) (*Model, error) {
	m, err := modelfile.Load(path, modelSeed, shapes)
	if err != nil {
		return nil, invalid(err)
	}
	return &Model{m.Graph}, nil
}

// check refuses a model that ReadModel has not read.
func (m *Model) check() error {
	if m == nil || m.graph == nil {
		return &Invalid{[]string{"model: empty; allowed: one read by ReadModel"}}
	}
	return nil
}

// Inputs lists the model's inputs.
func (m *Model) Inputs() []Operand {
	if m.check() != nil {
		return nil
	}
	list := make([]Operand, len(m.graph.Inputs))
	for i, in := range m.graph.Inputs {
		list[i] = Operand{in.Name, in.Type.DType.String(), slices.Clone(in.Type.Shape)}
	}
	return list
}

// Outputs names the model's outputs.
func (m *Model) Outputs() []string {
	if m.check() != nil {
		return nil
	}
	return slices.Clone(m.graph.Outputs)
}
