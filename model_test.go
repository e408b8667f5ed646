package convsim_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim"
	"github.com/convsim/convsim/tensor"
)

// resnet plans the network of the examples.
func resnet() (*convsim.Model, *convsim.NetworkPlan, error) {
	m, err := convsim.ReadModel("testdata/models/resnet8.onnx", nil)
	if err != nil {
		return nil, nil, err
	}
	p, err := convsim.MapModel(m, convsim.Hardware{Array: convsim.Array{PE: 8, SIMD: 8}})
	return m, p, err
}

func ExampleReadModel() {
	m, err := convsim.ReadModel("testdata/models/resnet8.onnx", map[string][]int{"input": {2, 3, 32, 32}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Inputs(), m.Outputs())
	// Output: [{input float32 [2 3 32 32]}] [output]
}

func ExampleMapModel() {
	_, p, err := resnet()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(p.Blocks()), "blocks,", len(p.Edges()), "edges")
	fmt.Println(strings.Join(p.Blocks()[:2], " "))
	// Output:
	// 62 blocks, 64 edges
	// input.source input_q.QuantizeLinear.map
}

func ExampleRunModel() {
	_, p, err := resnet()
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := convsim.RunModel(context.Background(), p, nil)
	fmt.Println(out.Cycles, out.NodesVerified, *out.Verified, out.Outputs["output"], err)
	// Output: 12806 31 true float32 [1 10] <nil>
}

func ExampleTimeModel() {
	_, p, err := resnet()
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := convsim.TimeModel(context.Background(), p, 10)
	fmt.Println(out.Cycles, *out.SteadyInterval, out.Layer("f_f.0_f.0.2_Relu_output_0_q.QLinearConv").Interval, err)
	// Output: 99575 9641 9216 <nil>
}

// TestModelsGoWrongKindly: mistakes are listed, nothing panics.
func TestModelsGoWrongKindly(t *testing.T) {
	m, p, err := resnet()
	if err != nil {
		t.Fatal(err)
	}
	flat, err := tensor.New(tensor.Float32)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	read := func(path string, shapes map[string][]int) func() error {
		return func() error { _, err := convsim.ReadModel(path, shapes); return err }
	}
	place := func(m *convsim.Model, hw convsim.Hardware) func() error {
		return func() error { _, err := convsim.MapModel(m, hw); return err }
	}
	run := func(p *convsim.NetworkPlan, x convsim.Tensors) func() error {
		return func() error { _, err := convsim.RunModel(ctx, p, x); return err }
	}
	times := func(p *convsim.NetworkPlan, frames int) func() error {
		return func() error { _, err := convsim.TimeModel(ctx, p, frames); return err }
	}
	wrong := convsim.Hardware{Array: convsim.Array{PE: -1, SIMD: -1}}
	for _, c := range []struct {
		name string
		do   func() error
		want []string // beginnings of the mistakes
	}{
		{"no such file", read("testdata/models/none.onnx", nil), []string{"model: "}},
		{"no such input", read("testdata/models/resnet8.onnx", map[string][]int{"x": {1}}), []string{`there is no input "x"`}},
		{"operators without a rule", read("testdata/onnx/unsupported.onnx", nil), slices.Repeat([]string{`node "`}, 7)},
		{"no model", place(nil, wrong), []string{"model: empty", "array.pe: ", "array.simd: "}},
		{"an empty model", place(&convsim.Model{}, convsim.Hardware{}), []string{"model: empty"}},
		{"wrong hardware", place(m, wrong), []string{"array.pe: ", "array.simd: "}},
		{"wrong names and shapes", run(p, convsim.Tensors{"x": nil, "input": flat}), []string{"input: got float32 []", "x: no such input"}},
		{"a tensor of nothing", run(p, convsim.Tensors{"input": &convsim.Tensor{}}), []string{"input: got "}},
		{"no plan", run(nil, nil), []string{"plan: empty"}},
		{"an empty plan", times(&convsim.NetworkPlan{}, 1), []string{"plan: empty"}},
		{"no frames", times(p, 0), []string{"frames: got 0"}},
		{"too many frames", times(p, math.MaxInt), []string{"frames: got 9223372036854775807; allowed: 1..1048576"}},
		{"an empty plan of a layer", func() error { _, err := convsim.Time(ctx, &convsim.Plan{}, 1); return err }, []string{"plan: empty"}},
		{"no plan of a layer", func() error { _, err := convsim.Run(ctx, nil, nil); return err }, []string{"plan: empty"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := convsim.IsInvalid(c.do())
			for i := range min(len(got), len(c.want)) {
				if strings.HasPrefix(got[i], c.want[i]) {
					got[i] = c.want[i]
				}
			}
			if diff := cmp.Diff(c.want, got); !ok || diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestLayersOfModels: what a layer took is found by its name.
func TestLayersOfModels(t *testing.T) {
	_, p, err := resnet()
	if err != nil {
		t.Fatal(err)
	}
	out, err := convsim.TimeModel(context.Background(), p, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range out.Layers {
		if got := out.Layer(l.Name); !cmp.Equal(l, got) {
			t.Errorf("%s: %v", l.Name, got)
		}
	}
	if got := out.Layer("none"); !cmp.Equal(got, convsim.LayerUse{}) {
		t.Errorf("no layer of that name: %v", got)
	}
}
