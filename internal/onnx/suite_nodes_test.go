package onnx_test

import (
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/tensor"
)

// TestSuiteNodes runs ONNX's own tests of single operators.
func TestSuiteNodes(t *testing.T) {
	dir := suite(t, "onnx_node")
	type dataSet struct{ Inputs, Outputs []tensorEntry }
	for _, c := range manifest[struct {
		ID      string
		Model   file
		Sets    []dataSet `json:"data_sets"`
		Compare comparison
	}](t, dir) {
		for _, set := range c.Sets {
			t.Run(c.ID, func(t *testing.T) {
				m, err := onnx.Read(filepath.Join(dir, c.Model.File))
				if err != nil {
					t.Fatal(err)
				}
				defer m.Close()
				in := inputsOf(t, dir, m, set.Inputs)
				g, err := withConstants(t, dir, m, set.Inputs).Network(nil)
				if err != nil {
					t.Fatal(err)
				}
				fed := map[string]*tensor.Tensor{}
				for _, i := range g.Inputs {
					fed[i.Name] = in[i.Name]
				}
				all := executeAll(t, g, fed)
				for i, want := range set.Outputs {
					expect := readProto(t, filepath.Join(dir, want.File))
					got := all[m.Graph.Outputs[i].Name]
					if network.TypeOf(got).String() != network.TypeOf(expect).String() {
						t.Fatalf("output %d is %s; want: %s", i, got, expect)
					}
					if err := distance(expect, got, c.Compare, 0); err != nil {
						t.Errorf("output %d: %v", i, err)
					}
				}
			})
		}
	}
}

func readProto(t *testing.T, path string) *tensor.Tensor {
	t.Helper()
	p, err := onnx.ReadTensor(path)
	if err != nil {
		t.Fatal(err)
	}
	x, err := p.Load()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// inputsOf reads the inputs of a model in their order, those aside that are
// initialisers.
func inputsOf(t *testing.T, dir string, m *onnx.Model, files []tensorEntry) map[string]*tensor.Tensor {
	t.Helper()
	constant := map[string]bool{}
	for _, i := range m.Graph.Initializers {
		constant[i.Name] = true
	}
	in, k := map[string]*tensor.Tensor{}, 0
	for _, v := range m.Graph.Inputs {
		if constant[v.Name] {
			continue
		}
		in[v.Name] = readProto(t, filepath.Join(dir, files[k].File))
		k++
	}
	if k != len(files) {
		t.Fatalf("%d inputs; there are %d files", k, len(files))
	}
	return in
}

// withConstants makes initialisers of all inputs but the first if the model cannot
// do without: scales, shapes and the like.
func withConstants(t *testing.T, dir string, m *onnx.Model, files []tensorEntry) *onnx.Model {
	t.Helper()
	if _, err := m.Network(nil); err == nil || len(files) != len(m.Graph.Inputs) {
		return m
	}
	for i, v := range m.Graph.Inputs[1:] {
		p, err := onnx.ReadTensor(filepath.Join(dir, files[i+1].File))
		if err != nil {
			t.Fatal(err)
		}
		p.Name = v.Name
		m.Graph.Initializers = append(m.Graph.Initializers, p)
	}
	return m
}
