package sim

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/golden"
	"github.com/convsim/convsim/tensor"
)

// TestFigures: every figure of the guide to convolution arithmetic is a shipped
// layer, and makes of the suites' data what PyTorch makes of it.
func TestFigures(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, zip := range []string{"conv2d_int", "conv_transpose2d"} {
		suite, err := golden.Open("../testdata/golden/" + zip + ".zip")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range suite.Cases {
			name, ok := strings.CutPrefix(c.ID, "vdumoulin_")
			if !ok || strings.HasSuffix(name, "_c2") || strings.HasSuffix(name, "_c3") {
				continue
			}
			seen[name] = true
			t.Run(name, func(t *testing.T) { figure(t, name, c) })
		}
	}
	files, err := filepath.Glob("../configs/layers/conv_arithmetic/*.yaml")
	if err != nil || len(files) != len(seen)+2 || len(seen) != 15 {
		t.Errorf("%d layers of %d figures and two of poolings, %v", len(files), len(seen), err)
	}
}

func figure(t *testing.T, name string, c golden.Case) {
	must := func(x *tensor.Tensor, err error) *tensor.Tensor {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	x, w, want := must(c.Input("x")), must(c.Input("weight")), must(c.Output("y"))
	for _, text := range caseHardware {
		hw, err := configs.ParseHardware("hw.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var got *tensor.Tensor
		if configs.IsOperation(name) {
			got = transposedFigure(t, hw, name, x, w)
		} else {
			got = plainFigure(t, hw, name, x, w)
		}
		if err := golden.Compare(c, got); err != nil {
			t.Errorf("%s: %v; want %v", hw.Name, err, want)
		}
	}
}

func plainFigure(t *testing.T, hw *configs.Hardware, name string, x, w *tensor.Tensor) *tensor.Tensor {
	layer, err := configs.LoadLayer(name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDesign(hw, layer)
	if err != nil {
		t.Fatal(err)
	}
	out, err := d.Run(context.Background(), &Data{Input: x, Weight: w}, 1, Options{})
	if err != nil || out.Failure() != nil {
		t.Fatal(err, out.Failure())
	}
	return out.Output
}

func transposedFigure(t *testing.T, hw *configs.Hardware, name string, x, w *tensor.Tensor) *tensor.Tensor {
	file := filepath.Join(t.TempDir(), "w.npy")
	if err := tensor.WriteNPY(file, w); err != nil {
		t.Fatal(err)
	}
	op, err := configs.LoadOperation(name, configs.Given{Weight: file})
	if err != nil {
		t.Fatal(err)
	}
	n, err := NewNetwork(hw, op.Graph)
	if err != nil {
		t.Fatal(err)
	}
	out, err := n.Run(context.Background(), map[string]*tensor.Tensor{"input": x}, Options{})
	if err != nil || out.Wrong != nil || out.Checked != 1 {
		t.Fatal(err, out.Wrong)
	}
	return out.Outputs["output"]
}
