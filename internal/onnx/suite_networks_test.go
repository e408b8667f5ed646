package onnx_test

import (
	"path/filepath"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

func TestSuiteExport(t *testing.T) {
	dir := suite(t, "onnx_export")
	for _, c := range manifest[struct {
		ID              string
		Model           file
		Inputs, Outputs map[string]tensorEntry
		Compare         comparison
	}](t, dir) {
		t.Run(c.ID, func(t *testing.T) {
			shapes := map[string][]int{}
			in := map[string]*tensor.Tensor{}
			for name, entry := range c.Inputs {
				shapes[name] = entry.Shape
				in[name] = read(t, filepath.Join(dir, entry.File))
			}
			g := load(t, filepath.Join(dir, c.Model.File), shapes)
			check(t, dir, c.Outputs["output"], c.Compare, executeAll(t, g, in)["output"])
		})
	}
}

// quantised is an int8 model of a case.
type quantised struct {
	ID      string
	Style   string
	Model   file
	Layers  []tensorEntry
	Outputs map[string]tensorEntry
	Compare comparison `json:"compare_output"`

	FirstImage []tensorEntry `json:"layers_first_image"`
	Accuracy   float64
}

func TestSuiteNetworks(t *testing.T) {
	dir := suite(t, "networks")
	for _, c := range manifest[struct {
		ID     string
		Inputs map[string]tensorEntry
		Float  struct {
			Model   file
			Outputs map[string]tensorEntry
			Layers  []tensorEntry
			Compare comparison
		}
		Quantised []quantised
	}](t, dir) {
		x := read(t, filepath.Join(dir, c.Inputs["input"].File))
		shapes := map[string][]int{"input": x.Shape()}
		t.Run(c.ID+"/float", func(t *testing.T) {
			all := execute(t, load(t, filepath.Join(dir, c.Float.Model.File), shapes), x)
			check(t, dir, c.Float.Outputs["output"], c.Float.Compare, all["output"])
			for _, l := range c.Float.Layers {
				check(t, dir, l, c.Float.Compare, all[l.Tensor])
			}
		})
		for _, q := range c.Quantised {
			t.Run(c.ID+"/"+q.ID, func(t *testing.T) {
				g := load(t, filepath.Join(dir, q.Model.File), shapes)
				for _, g := range []*network.Graph{g, lowered(t, g)} {
					all := execute(t, g, x)
					for _, name := range []string{"output_q", "output_conv_q"} { // logits_q, as the manifest calls it
						if all[name] != nil {
							all["logits_q"] = all[name]
						}
					}
					checkQuantised(t, dir, q, all)
					for _, l := range q.FirstImage {
						check(t, dir, l, comparison{}, firstImage(t, all[l.Tensor]))
					}
					if q.Accuracy > 0 {
						checkAccuracy(t, q.Accuracy, read(t, filepath.Join(dir, c.Inputs["labels"].File)), all["output"])
					}
				}
			})
		}
	}
}

// checkQuantised compares every integer tensor, and the outputs.
func checkQuantised(t *testing.T, dir string, q quantised, all map[string]*tensor.Tensor) {
	t.Helper()
	for _, l := range q.Layers {
		check(t, dir, l, comparison{}, all[l.Tensor])
	}
	for name, want := range q.Outputs {
		want.Tensor = name
		check(t, dir, want, q.Compare, all[name])
	}
}

// checkAccuracy compares the share of rows whose largest element is at the label.
func checkAccuracy(t *testing.T, want float64, labels, y *tensor.Tensor) {
	t.Helper()
	out, err := network.ArgMax{Axis: 1}.Reference([]*tensor.Tensor{y})
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for i := range labels.Len() {
		if out[0].Int(i) == labels.Int(i) {
			right++
		}
	}
	if got := float64(right) / float64(labels.Len()); got != want {
		t.Errorf("accuracy %v; want: %v", got, want)
	}
}

// firstImage returns the first of a batch of integers.
func firstImage(t *testing.T, x *tensor.Tensor) *tensor.Tensor {
	t.Helper()
	shape := x.Shape()
	out, err := network.Split{Sizes: []int{1, shape[0] - 1}}.Reference([]*tensor.Tensor{x})
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

func TestSuiteTiny(t *testing.T) {
	dir := suite(t, "mlperf_tiny")
	for _, c := range manifest[struct {
		ID     string
		Model  file
		Inputs map[string]tensorEntry
		Layers []tensorEntry `json:"layers_first_input"`
		quantised
	}](t, dir) {
		t.Run(c.ID, func(t *testing.T) {
			x := read(t, filepath.Join(dir, c.Inputs["input"].File))
			c.quantised.Layers = nil
			c.quantised.Outputs = c.Outputs
			g := load(t, filepath.Join(dir, c.Model.File), map[string][]int{"input": x.Shape()})
			checkQuantised(t, dir, c.quantised, execute(t, g, x))
			first := firstImage(t, x)
			g = load(t, filepath.Join(dir, c.Model.File), map[string][]int{"input": first.Shape()})
			all := execute(t, g, first)
			for _, l := range c.Layers {
				check(t, dir, l, comparison{}, all[l.Tensor])
			}
		})
	}
}
