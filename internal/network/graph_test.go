package network_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/tensor"
)

// residual is x -> conv -> relu -> add to x, with a result nobody wants.
func residual() *network.Graph {
	return &network.Graph{
		Name:    "residual",
		Inputs:  []network.Input{{Name: "x", Type: network.Type{DType: tensor.Float32, Shape: []int{1, 1, 2, 2}}}},
		Outputs: []string{"y", "relu"},
		Constants: map[string]*tensor.Tensor{
			"w": f32(values{-2}, 1, 1, 1, 1),
			"b": f32(values{5}),
		},
		Nodes: []network.Node{
			{Name: "conv", Op: network.Conv{Stride: one, Dilation: one, Groups: 1}, Inputs: []string{"x", "w", "b"}, Outputs: []string{"c"}},
			{Name: "relu", Op: network.Unary{Function: network.Relu}, Inputs: []string{"c"}, Outputs: []string{"relu"}},
			{Name: "dynamic", Op: network.DynamicQuantizeLinear{}, Inputs: []string{"relu"}, Outputs: []string{"", "scale", ""}},
			{Name: "add", Op: network.Combine{How: network.Add}, Inputs: []string{"relu", "x"}, Outputs: []string{"y"}},
		},
	}
}

func TestExecute(t *testing.T) {
	g := residual()
	x := f32(values{1, 2, 3, 4}, 1, 1, 2, 2)
	var seen []string
	out, err := network.Execute(g, map[string]*tensor.Tensor{"x": x}, func(n network.Node, name string, y *tensor.Tensor) error {
		seen = append(seen, fmt.Sprint(n.Name, " ", name, " ", y.Data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"conv c [3 1 -1 -3]", "relu relu [3 1 0 0]", "dynamic scale [0.011764706]", "add y [4 3 3 4]"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("tensors (-want +got):\n%s", diff)
	}
	if len(out) != 2 || !out["y"].Equal(f32(values{4, 3, 3, 4}, 1, 1, 2, 2)) || !out["relu"].Equal(f32(values{3, 1, 0, 0}, 1, 1, 2, 2)) {
		t.Errorf("outputs %v", out)
	}
}

func TestExecuteStops(t *testing.T) {
	x := map[string]*tensor.Tensor{"x": f32(make(values, 4), 1, 1, 2, 2)}
	stop := errors.New("enough")
	_, err := network.Execute(residual(), x, func(n network.Node, _ string, _ *tensor.Tensor) error {
		if n.Name == "relu" {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || !strings.Contains(err.Error(), `node "relu" (Relu)`) {
		t.Errorf("got %v", err)
	}
}

func wantParts(t *testing.T, err error, parts []string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
}

// Every mistake is found, and none is reported that only follows from another.
func TestCheck(t *testing.T) {
	if err := residual().Check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spoil func(g *network.Graph)
		want  []string
	}{
		"names": {func(g *network.Graph) {
			g.Nodes[1].Name = "conv"
			g.Nodes[3].Name = ""
			g.Nodes[0].Outputs[0] = "x"
			g.Constants[""] = g.Constants["w"]
		}, []string{`a constant has no name`, `an output of node "conv" is named "x", as is an input`, `node "conv" (Relu): input 0, "c", is made by nothing before it`,
			`node "conv" (Relu): its name is empty or taken`, `node "" (Add): its name is empty or taken`}},
		"order": {func(g *network.Graph) { g.Nodes[0], g.Nodes[1] = g.Nodes[1], g.Nodes[0] },
			[]string{`node "relu" (Relu): input 0, "c", is made by nothing before it`}},
		"types": {func(g *network.Graph) {
			g.Constants["w"] = i8(make([]int8, 2), 1, 2, 1, 1)
			g.Nodes[3].Outputs = []string{"y", "z"}
		}, []string{`node "conv" (Conv): input 0 is float32 [1 1 2 2]; allowed: 2 channels, for weights [1 2 1 1] in 1 groups`}},
		"too many outputs": {func(g *network.Graph) { g.Nodes[3].Outputs = []string{"y", "z"} },
			[]string{`node "add" (Add): 2 outputs; allowed: 1`}},
		"outputs": {func(g *network.Graph) { g.Outputs = []string{"y", "q", "y"} },
			[]string{`output "q" of the graph is made by nothing`, `output "y" of the graph is listed twice`}},
		"no outputs": {func(g *network.Graph) { g.Outputs = nil }, []string{`the graph has no output`}},
		"no operator": {func(g *network.Graph) { g.Nodes[1].Op = nil },
			[]string{`node "relu" (nothing): no operator`}},
		"input": {func(g *network.Graph) { g.Inputs[0].Type.Shape = []int{1 << 40} },
			[]string{`input "x": an output of float32 [1099511627776]`}},
	} {
		t.Run(name, func(t *testing.T) {
			g := residual()
			c.spoil(g)
			err := g.Check()
			wantParts(t, err, c.want)
			if err != nil && strings.Count(err.Error(), "\n")+1 > len(c.want)+2 {
				t.Errorf("more than what is wrong:\n%v", err)
			}
		})
	}
}

// Of very many mistakes a hundred are told.
func TestManyMistakes(t *testing.T) {
	g := residual()
	for i := range 1000 {
		g.Outputs = append(g.Outputs, fmt.Sprint("none", i))
	}
	err := g.Check()
	wantParts(t, err, []string{`output "none99" of the graph is made by nothing`, "\nand 900 more"})
	if strings.Contains(err.Error(), "none100") {
		t.Error("more than a hundred mistakes are told")
	}
}

func TestCounts(t *testing.T) {
	g := residual()
	g.Constants["m"] = f32(make(values, 6), 2, 3)
	g.Nodes = append(g.Nodes, network.Node{Name: "matmul", Op: network.MatMul{}, Inputs: []string{"y", "m"}, Outputs: []string{"z"}},
		network.Node{Name: "again", Op: network.Conv{Stride: one, Dilation: one, Groups: 1}, Inputs: []string{"x", "w"}, Outputs: []string{"a"}})
	got, err := g.Counts()
	if err != nil {
		t.Fatal(err)
	}
	want := []network.Count{{Node: "conv", MACs: 4, Parameters: 2}, {Node: "relu"}, {Node: "dynamic"}, {Node: "add"},
		{Node: "matmul", MACs: 2 * 2 * 3, Parameters: 6}, {Node: "again", MACs: 4}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}
