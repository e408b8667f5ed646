package onnx_test

import (
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/onnx"
)

// A node with an input of a type that is not supported adds no mistake of its own.
func TestUnsupportedInput(t *testing.T) {
	value := func(name string, dtype onnx.DataType) onnx.ValueInfo {
		return onnx.ValueInfo{Name: name, Type: dtype, Shaped: true}
	}
	m := onnx.Model{Opsets: []onnx.Opset{{Version: 21}}, Graph: &onnx.Graph{
		Inputs:  []onnx.ValueInfo{value("x", onnx.Uint8), value("scale", onnx.Float), value("zero", onnx.Uint16)},
		Outputs: []onnx.ValueInfo{value("y", onnx.Float)},
		Nodes:   []onnx.Node{{Name: "d", Op: "DequantizeLinear", Inputs: []string{"x", "scale", "zero"}, Outputs: []string{"y"}}},
	}}
	_, err := m.Network(nil)
	if err == nil || !strings.Contains(err.Error(), `input "zero": elements of uint16`) || strings.Contains(err.Error(), "input 2") {
		t.Errorf("got %v", err)
	}
}
