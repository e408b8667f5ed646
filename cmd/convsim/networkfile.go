package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/tensor"
)

// isNetworkFile reports whether a model is a network file by its name.
func isNetworkFile(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".yaml" || ext == ".yml"
}

// loadFile makes a network of a network file, whose inputs have their shapes.
func (f *modelFlags) loadFile() (*network.Graph, map[string]*tensor.Tensor, error) {
	n, err := configs.LoadNetwork(f.model)
	if err != nil {
		return nil, nil, err
	}
	f.files = n.Files()
	if len(f.shapes) > 0 {
		err = fmt.Errorf("--input-shape %s: %s says the shapes of its inputs", f.shapes[0], f.model)
	}
	given, inputErr := readInputs(describe(n.Graph), f.inputs, f.images)
	if err := errors.Join(err, inputErr); err != nil {
		return nil, nil, err
	}
	g := n.Graph
	for _, in := range g.Inputs {
		if t := given[in.Name]; t != nil && err == nil && len(t.Shape()) == len(in.Type.Shape) && t.Shape()[0] != in.Type.Shape[0] {
			g, err = g.ForFrames(t.Shape()[0])
			break
		}
	}
	if err != nil {
		return nil, nil, err
	}
	if !f.float {
		g, err = network.Lower(g)
	}
	return g, given, err
}

// describe is what a model would say of the inputs of a network.
func describe(g *network.Graph) *onnx.Model {
	m := &onnx.Model{Graph: &onnx.Graph{Name: g.Name}}
	for _, in := range g.Inputs {
		v := onnx.ValueInfo{Name: in.Name, Type: onnx.DataTypeOf(in.Type.DType), Shaped: true}
		for _, d := range in.Type.Shape {
			v.Dims = append(v.Dims, onnx.Dim{Value: int64(d)})
		}
		m.Graph.Inputs = append(m.Graph.Inputs, v)
	}
	return m
}
