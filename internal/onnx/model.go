package onnx

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Model is an ONNX file.
type Model struct {
	IRVersion                     int64
	ProducerName, ProducerVersion string
	Opsets                        []Opset
	Graph                         *Graph

	file io.Closer
}

// Opset is a set of operators a model may use.
type Opset struct {
	Domain  string // empty: ONNX's own
	Version int64
}

// Graph is a graph of nodes.
type Graph struct {
	Name            string
	Nodes           []Node
	Initializers    []*Tensor
	Inputs, Outputs []ValueInfo
	Sparse          []string // names of initialisers that are sparse
}

// Node is one operator. Empty names are inputs left out and outputs not wanted.
type Node struct {
	Name, Op, Domain string
	Inputs, Outputs  []string
	Attributes       []Attribute
}

// AttributeType says which field of an Attribute counts.
type AttributeType int32

// The types of attributes with a field of their own.
const (
	AttributeFloat   AttributeType = 1
	AttributeInt     AttributeType = 2
	AttributeString  AttributeType = 3
	AttributeTensor  AttributeType = 4
	AttributeGraph   AttributeType = 5
	AttributeFloats  AttributeType = 6
	AttributeInts    AttributeType = 7
	AttributeStrings AttributeType = 8
)

// Attribute is an attribute of a node. Strings longer than a name may be are cut.
type Attribute struct {
	Name    string
	Type    AttributeType
	Float   float32
	Int     int64
	String  string
	Tensor  *Tensor
	Graph   *Graph
	Floats  []float32
	Ints    []int64
	Strings []string
}

// ValueInfo is what a model says of an input or output.
type ValueInfo struct {
	Name   string
	Type   DataType
	Dims   []Dim
	Shaped bool   // Dims are stated, be it none
	Other  string // what it is if it is no tensor: "a sequence"
}

// Dim is the size of an axis: a number, or a symbol, or neither.
type Dim struct {
	Value  int64
	Symbol string
}

// String returns the size, the symbol, or "?".
func (d Dim) String() string {
	switch {
	case d.Symbol != "":
		return visible(d.Symbol)
	case d.Value > 0:
		return fmt.Sprint(d.Value)
	}
	return "?"
}

// Read reads the description of a model. The file stays open for Tensor.Load until
// Close.
func Read(path string) (*Model, error) {
	src, f, err := open(path)
	if err != nil {
		return nil, err
	}
	m, err := decodeModel(src.whole())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	m.file = f
	return m, nil
}

// Parse reads the description of a model in memory, which may not have external data.
// The bytes have to stay as they are.
func Parse(data []byte) (*Model, error) {
	m, err := decodeModel(newSource(bytes.NewReader(data), int64(len(data)), "").whole())
	if err != nil {
		return nil, err
	}
	m.file = io.NopCloser(nil)
	return m, nil
}

// ParseTensor reads a tensor from its bytes.
func ParseTensor(data []byte) (*Tensor, error) {
	return decodeTensor(newSource(bytes.NewReader(data), int64(len(data)), "").whole())
}

// open opens a file to be decoded.
func open(path string) (*source, *os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is no regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	return newSource(f, info.Size(), filepath.Dir(path)), f, nil
}

// Close closes the file. Tensors cannot be loaded any more.
func (m *Model) Close() error { return m.file.Close() }

// ReadTensor reads a file that holds one tensor, as ONNX's own test data.
func ReadTensor(path string) (*Tensor, error) {
	src, f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := make([]byte, src.size)
	if _, err := f.ReadAt(data, 0); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	t, err := decodeTensor(newSource(bytes.NewReader(data), src.size, src.folder).whole())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}
