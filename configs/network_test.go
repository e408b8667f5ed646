package configs

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/tensor"
)

// modelFiles are the models of the repository that convert.
var modelFiles = []string{"models/digits_lenet.onnx", "models/resnet8.onnx", "onnx/conv_reflect.onnx", "onnx/conv_relu6_opset9.onnx",
	"onnx/digits_lenet.qdq_pow2.onnx", "onnx/digits_lenet.qop_pow2.onnx"}

func graphOf(t *testing.T, path string) *network.Graph {
	t.Helper()
	m, err := onnx.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	g, err := m.Network(nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// written writes a graph into a folder and returns the path of the file.
func writtenTo(t *testing.T, dir string, g *network.Graph) string {
	t.Helper()
	text, files, err := WriteNetwork(g, "tensors")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "tensors"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, file := range files {
		if err := tensor.WriteNPY(filepath.Join(dir, file), g.Constants[name]); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "network.yaml")
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// A graph that is written and read again is the same, its lowered form too.
func TestNetworkRoundTrip(t *testing.T) {
	for _, file := range modelFiles {
		t.Run(filepath.Base(file), func(t *testing.T) {
			g := graphOf(t, filepath.Join("../testdata", file))
			lowered, err := network.Lower(g)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range []*network.Graph{g, lowered} {
				got, err := LoadNetwork(writtenTo(t, t.TempDir(), g))
				if err != nil {
					t.Fatal(err)
				}
				sameGraph(t, g, got.Graph)
			}
		})
	}
}

func sameGraph(t *testing.T, want, got *network.Graph) {
	t.Helper()
	if diff := cmp.Diff(want.Nodes, got.Nodes); diff != "" {
		t.Errorf("nodes (-want +got)\n%s", diff)
	}
	if !reflect.DeepEqual(want.Inputs, got.Inputs) || !reflect.DeepEqual(want.Outputs, got.Outputs) {
		t.Errorf("inputs %v, outputs %v; want: %v, %v", got.Inputs, got.Outputs, want.Inputs, want.Outputs)
	}
	for name, c := range want.Constants {
		if got.Constants[name] == nil || !got.Constants[name].Equal(c) {
			t.Errorf("constant %s differs", name)
		}
	}
	if len(got.Constants) != len(want.Constants) {
		t.Errorf("%d constants; want: %d", len(got.Constants), len(want.Constants))
	}
}

const smallNetwork = `
inputs:
  - {name: x, dtype: uint8, shape: [1, 3, 8, 8]}
outputs: scores
layers:
  - name: conv1
    op: conv2d
    inputs: x
    in_channels: 3
    out_channels: 4
    kernel_size: 3
    padding: 1
    zero_point: {input: 128}
    requantize: {rule: onnx, input_scale: 0.02, weight_scale: 0.01, output_scale: 0.05, dtype: int8}
  - {name: pool, op: max_pool2d, inputs: conv1, kernel_size: 2}
  - {name: up, op: conv_transpose2d, inputs: pool, in_channels: 4, out_channels: 2, kernel_size: 3, stride: 2, padding: 1, output_padding: 1}
  - {name: wide, op: Cast, inputs: up, to: float32}
  - {name: average, op: avg_pool2d, inputs: wide, kernel_size: 4}
  - {name: both, op: concat, inputs: [average, average]}
  - {name: act, op: relu, inputs: both}
  - {name: flat, op: flatten, inputs: act}
  - {name: scores, op: linear, inputs: flat, in_features: 16, out_features: 5}
`

func TestNetworkOfTorchLayers(t *testing.T) {
	n, err := ParseNetwork("n.yaml", []byte(smallNetwork))
	if err != nil {
		t.Fatal(err)
	}
	types, err := n.Graph.Types()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"conv1": "int8 [1 4 8 8]", "pool": "int8 [1 4 4 4]", "up": "int32 [1 2 8 8]",
		"average": "float32 [1 2 2 2]", "both": "float32 [1 4 2 2]", "flat": "float32 [1 16]", "scores": "float32 [1 5]"} {
		if got := types[name].String(); got != want {
			t.Errorf("%s is %s; want: %s", name, got, want)
		}
	}
	again, err := ParseNetwork("n.yaml", []byte(smallNetwork))
	if err != nil {
		t.Fatal(err)
	}
	sameGraph(t, n.Graph, again.Graph)
}

func TestNetworkMistakes(t *testing.T) {
	for name, c := range map[string]struct{ old, fresh, want string }{
		"operator":       {"op: relu", "op: rellu", `n.yaml:20:21: layers[6].op: unknown operator, got rellu; allowed: `},
		"key":            {"kernel_size: 2}", "kernel: 2}", "unknown key"},
		"missing":        {"in_features: 16, ", "", "in_features: missing"},
		"unknown tensor": {"inputs: both", "inputs: bath", `layers[6].inputs: illegal value, got bath; allowed: a tensor made before this layer`},
		"order":          {"inputs: x\n", "inputs: pool\n", "a tensor made before this layer"},
		"twice":          {"name: pool, op", "name: conv1, op", "a name of its own"},
		"made later":     {"inputs: conv1, k", "inputs: act, k", "layers[1].inputs: illegal value, got act; allowed: a tensor made before this layer: conv1, conv1.bias, conv1.weight, x"},
		"no file":        {"padding: 1\n", "padding: 1\n    tensors: {weight: gone.npy}\n", "layers[0].tensors.weight: illegal value, got gone.npy (no such file or directory); allowed: a .npy file"},
		"output":         {"outputs: scores", "outputs: score", "outputs: illegal value, got score; allowed: a tensor of the network"},
		"channels":       {"in_channels: 3", "in_channels: 5", "layers[0].in_channels: illegal value, got 5; allowed: the channels of x, which is uint8 [1 3 8 8]"},
		"columns":        {"in_features: 16", "in_features: 15", "allowed: the columns of flat"},
		"output padding": {"output_padding: 1", "output_padding: 2", "output_padding"},
		"shifts":         {"rule: onnx, input_scale: 0.02, weight_scale: 0.01, output_scale: 0.05,", "rule: shift, shift: [3, 4, 5],", "3 shifts; allowed: 1 or 4"},
		"shape":          {"kernel_size: 4}", "kernel_size: [40, 4]}", "n.yaml:18:64: layers[4].kernel_size: illegal value, got 40; allowed: a kernel that fits the padded height of 8"},
		"generic key":    {"to: float32", "into: float32", "unknown key"},
		"generic word":   {"to: float32", "to: float31", "float31"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(smallNetwork, c.old) {
				t.Fatalf("no %q", c.old)
			}
			_, err := ParseNetwork("n.yaml", []byte(strings.Replace(smallNetwork, c.old, c.fresh, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) || name != "twice" && name != "key" && strings.Count(err.Error(), "n.yaml:") != 1 {
				t.Errorf("got %v\nwant: %q", err, c.want)
			}
		})
	}
}

// The seed of the fuzzer is a network, and one of limits without end is written as it
// is read.
func TestNetworkOfInfiniteLimits(t *testing.T) {
	n, err := LoadNetwork("testdata/network.yaml")
	if err != nil {
		t.Fatal(err)
	}
	again, err := LoadNetwork(writtenTo(t, t.TempDir(), n.Graph))
	if err != nil {
		t.Fatal(err)
	}
	sameGraph(t, n.Graph, again.Graph)
	last := again.Graph.Nodes[len(again.Graph.Nodes)-1].Op.(network.Clip)
	if !math.IsInf(*last.Lo, -1) || *last.Hi != 6.5 {
		t.Errorf("limits %v, %v", *last.Lo, *last.Hi)
	}
}

// A network file may be larger than others.
func TestLargeNetworkFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.yaml")
	text := "inputs: [{name: x, shape: [1, 2]}]\noutputs: y\nlayers:\n- {name: y, op: Identity, inputs: x}\n" + strings.Repeat("# "+strings.Repeat("x", 98)+"\n", 30000)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadNetwork(path); err != nil {
		t.Error(err)
	}
}
