package onnx_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// slow are cases with more multiply-accumulates than naive operators do quickly.
const slow = 2_000_000_000

// TestSuiteReal runs public networks: every integer tensor of the int8 models.
func TestSuiteReal(t *testing.T) {
	dir := suite(t, "real_models")
	for _, c := range manifest[struct {
		ID          string
		Inputs      map[string]tensorEntry
		Shape       []int `json:"input_shape_used"`
		MACs        int64
		PackageOnly bool `json:"package_only"`
		Trained     bool
		Float       struct {
			Model   file
			Outputs map[string]tensorEntry
			Compare comparison
			Shapes  []tensorEntry
		}
		Quantised []quantised
	}](t, dir) {
		shapes := map[string][]int{}
		var x *tensor.Tensor
		for name, entry := range c.Inputs {
			shapes[name] = c.Shape
			if entry.File != "" {
				x = read(t, filepath.Join(dir, entry.File))
			}
		}
		t.Run(c.ID+"/float", func(t *testing.T) {
			if c.Float.Model.File == "" {
				t.Skip("the float model is not in the suite")
			}
			g := load(t, filepath.Join(dir, c.Float.Model.File), shapes)
			checkMACs(t, g, c.MACs)
			checkShapes(t, g, c.Float.Shapes)
			if testing.Short() || c.MACs > slow {
				t.Skip("too large for naive operators: shapes and MACs only")
			}
			checkQuantised(t, dir, quantised{Outputs: c.Float.Outputs, Compare: c.Float.Compare}, execute(t, g, x))
		})
		for _, q := range c.Quantised {
			t.Run(c.ID+"/"+q.ID, func(t *testing.T) {
				g := lowered(t, load(t, filepath.Join(dir, q.Model.File), shapes))
				checkMACs(t, g, c.MACs)
				checkQuantised(t, dir, q, execute(t, g, x))
			})
		}
	}
}

func checkMACs(t *testing.T, g *network.Graph, want int64) {
	t.Helper()
	counts, err := g.Counts()
	if err != nil {
		t.Fatal(err)
	}
	got := int64(0)
	for _, c := range counts {
		got += c.MACs
	}
	if got != want {
		t.Errorf("%d MACs; want: %d", got, want)
	}
}

func checkShapes(t *testing.T, g *network.Graph, want []tensorEntry) {
	t.Helper()
	types, err := g.Types()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range want {
		if got := types[w.Tensor].Shape; !slices.Equal(got, w.Shape) {
			t.Errorf("tensor %q has shape %v; want: %v", w.Tensor, got, w.Shape)
		}
	}
}
