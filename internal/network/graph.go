package network

import (
	"fmt"

	"github.com/convsim/convsim/tensor"
)

// Type is what is known of a tensor before anything runs. The zero Type stands
// for an optional input that is left out.
type Type struct {
	DType tensor.DType
	Shape []int
}

// String says type and shape as a tensor does: "int8 [1 3 7 7]".
func (t Type) String() string { return fmt.Sprintf("%s %v", t.DType, t.Shape) }

// TypeOf returns the type of a tensor, the zero Type of nil.
func TypeOf(t *tensor.Tensor) Type {
	if t == nil {
		return Type{}
	}
	return Type{t.DType(), t.Shape()}
}

// Op is one operator with its attributes.
type Op interface {
	// Kind returns ONNX's name of the operator. Operators that are not of ONNX's
	// own domain have their domain before it: "com.microsoft.QLinearAdd".
	Kind() string
	// Infer returns the types of the outputs, or all that is wrong with the
	// inputs and attributes. An optional input left out is a zero Type; those at
	// the end may be missing.
	Infer(in []Type) ([]Type, error)
	// Reference computes the outputs from inputs whose types Infer accepts; nil
	// stands for an optional input left out. It leaves the inputs as they are.
	// An output may share its elements with an input.
	Reference(in []*tensor.Tensor) ([]*tensor.Tensor, error)
}

// Node is an operator with its place in the graph. An empty input name is an
// optional input left out, an empty output name an output nobody wants.
type Node struct {
	Name            string
	Op              Op
	Inputs, Outputs []string
}

// Input is an input of the graph.
type Input struct {
	Name string
	Type Type
}

// Graph is a network. Nodes come in an order in which every tensor is made
// before it is read. Graphs are not changed once made.
type Graph struct {
	Name      string
	Inputs    []Input
	Outputs   []string
	Nodes     []Node
	Constants map[string]*tensor.Tensor
}
