package onnx_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/onnx"
)

// TestSuiteTopologies compares networks of full size with lists of their layers.
func TestSuiteTopologies(t *testing.T) {
	dir := suite(t, "topologies")
	paths, err := filepath.Glob(filepath.Join(dir, "*.onnx"))
	if err != nil || len(paths) != 5 {
		t.Fatalf("%d models, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			want := layerList(t, path[:len(path)-len("onnx")]+"json")
			m, err := onnx.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			c := m.Convert(nil)
			for _, p := range c.Problems {
				t.Error(p)
			}
			var got list
			for _, s := range c.Steps {
				if s.MACs == 0 {
					continue
				}
				got.TotalMACs += s.MACs
				got.Layers = append(got.Layers, layer{s.MACs, s.Outputs[0].Shape[1]})
			}
			if got.TotalMACs != want.TotalMACs {
				t.Errorf("%d MACs; want: %d", got.TotalMACs, want.TotalMACs)
			}
			if len(got.Layers) != len(want.Layers) {
				t.Fatalf("%d layers; want: %d", len(got.Layers), len(want.Layers))
			}
			for i, l := range want.Layers {
				if got.Layers[i] != l {
					t.Errorf("layer %d: %+v; want: %+v", i, got.Layers[i], l)
				}
			}
		})
	}
}

// list is a list of layers.
type list struct {
	TotalMACs int64 `json:"total_macs"`
	Layers    []layer
}

type layer struct {
	MACs int64
	Cout int
}

func layerList(t *testing.T, path string) list {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all, out list
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	out.TotalMACs = all.TotalMACs
	for _, l := range all.Layers {
		if l.MACs > 0 {
			out.Layers = append(out.Layers, l)
		}
	}
	return out
}

// Equal weights share memory, so that a network of constants does not take more
// than its largest tensor.
func TestTopologyWeightsShareMemory(t *testing.T) {
	g := load(t, filepath.Join(suite(t, "topologies"), "resnet18_224.onnx"), nil)
	types := map[*float32]bool{}
	n := 0
	for _, c := range g.Constants {
		if data, ok := c.Data.([]float32); ok && len(data) > 0 {
			types[&data[0]] = true
			n++
		}
	}
	if n < 20 || len(types) > 3 {
		t.Errorf("%d constants in %d places", n, len(types))
	}
}
