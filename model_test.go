package convsim_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

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
	// 61 blocks, 63 edges
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
	// Output: 12798 31 true float32 [1 10] <nil>
}

func ExampleTimeModel() {
	_, p, err := resnet()
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := convsim.TimeModel(context.Background(), p, 10)
	fmt.Println(out.Cycles, *out.SteadyInterval, out.Layer("f_f.0_f.0.2_Relu_output_0_q.QLinearConv").Interval, err)
	// Output: 99567 9641 9216 <nil>
}

func ExampleModel() {
	for _, path := range []string{"testdata/models/digits_lenet.onnx", "configs/networks/resnet8_32.yaml"} {
		m := must(convsim.ReadModel(path, nil))
		fmt.Println(m.Inputs(), m.Outputs())
	}
	// Output:
	// [{input float32 [1 1 8 8]}] [output]
	// [{input int8 [1 3 32 32]}] [fc]
}

func ExampleModel_Inputs() {
	fmt.Println(must(convsim.ReadModel("testdata/models/digits_lenet.onnx", nil)).Inputs())
	// Output: [{input float32 [1 1 8 8]}]
}

func ExampleModel_Outputs() {
	fmt.Println(must(convsim.ReadModel("testdata/models/digits_lenet.onnx", nil)).Outputs())
	// Output: [output]
}

// An input of the type and shape that a model wants.
func ExampleOperand() {
	m, p, err := resnet()
	if err != nil {
		fmt.Println(err)
		return
	}
	var in convsim.Operand = m.Inputs()[0]
	x := must(tensor.New(must(tensor.ParseDType(in.Type)), in.Shape...))
	out := must(convsim.RunModel(context.Background(), p, convsim.Tensors{in.Name: x}))
	fmt.Println(x, *out.Verified)
	// Output: float32 [1 3 32 32] true
}

// What a plan of a model is made of.
func ExampleNetworkPlan() {
	m := must(convsim.ReadModel("testdata/models/digits_lenet.onnx", nil))
	for _, pe := range []int{1, 8} {
		var p *convsim.NetworkPlan = must(convsim.MapModel(m, convsim.Hardware{Array: convsim.Array{PE: pe}}))
		fmt.Println(pe, len(p.Blocks()), must(convsim.TimeModel(context.Background(), p, 1)).Cycles)
	}
	// Output:
	// 1 23 22793
	// 8 26 2881
}

func ExampleNetworkPlan_Blocks() {
	m := must(convsim.ReadModel("testdata/models/digits_lenet.onnx", nil))
	fmt.Println(strings.Join(must(convsim.MapModel(m, convsim.Hardware{})).Blocks()[:4], "\n"))
	// Output:
	// input.source
	// input_q.QuantizeLinear.map
	// f_f.1_Relu_output_0_q.QLinearConv.pad
	// f_f.1_Relu_output_0_q.QLinearConv.window
}

func ExampleNetworkPlan_Edges() {
	m := must(convsim.ReadModel("testdata/models/digits_lenet.onnx", nil))
	edges := must(convsim.MapModel(m, convsim.Hardware{})).Edges()
	fmt.Println(edges[0], edges[len(edges)-1])
	// Output: {input.input_q.QuantizeLinear 2 32 64} {output.DequantizeLinear.output.out 2 32 10}
}

func ExampleNetworkPlan_String() {
	m := must(convsim.ReadModel("testdata/models/digits_lenet.onnx", nil))
	lines := strings.SplitAfter(must(convsim.MapModel(m, convsim.Hardware{})).String(), "\n")
	fmt.Print(lines[0], lines[3])
	// Output:
	// input.source -[2]-> input_q.QuantizeLinear.map                                                         64 beats of 32 bits
	// f_f.1_Relu_output_0_q.QLinearConv.window -[2]-> f_f.1_Relu_output_0_q.QLinearConv.array                576 beats of 8 bits
}

// The outputs, and every tensor on the way.
func ExampleNetworkOutcome() {
	m := must(convsim.ReadModel("testdata/models/digits_lenet.onnx", nil))
	out := must(convsim.RunModel(context.Background(), must(convsim.MapModel(m, convsim.Hardware{})), nil))
	fmt.Println(len(out.Outputs), len(out.Tensors), out.Cycles)
	// Output: 1 14 22793
}

func ExampleNetworkOutcome_Layer() {
	_, p, err := resnet()
	if err != nil {
		fmt.Println(err)
		return
	}
	l := must(convsim.TimeModel(context.Background(), p, 1)).Layer("output_conv_q.QLinearConv")
	fmt.Println(l.Cycles, l.MACs, l.Multipliers, l.WaitsOn)
	// Output: 124 320 40 output_conv_q.QLinearConv.window.array
}

// The layer that sets the pace.
func ExampleLayerUse() {
	_, p, err := resnet()
	if err != nil {
		fmt.Println(err)
		return
	}
	slowest := slices.MaxFunc(must(convsim.TimeModel(context.Background(), p, 4)).Layers,
		func(a, b convsim.LayerUse) int { return cmp.Compare(a.Interval, b.Interval) })
	fmt.Println(slowest.Name, slowest.Interval, slowest.Busiest)
	// Output: f_f.0_f.0.2_Relu_output_0_q.QLinearConv 9216 window
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
		{"operators without a rule", read("testdata/onnx/unsupported.onnx", nil), slices.Repeat([]string{`node "`}, 8)},
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
			if diff := gocmp.Diff(c.want, got); !ok || diff != "" {
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
		if got := out.Layer(l.Name); !gocmp.Equal(l, got) {
			t.Errorf("%s: %v", l.Name, got)
		}
	}
	if got := out.Layer("none"); !gocmp.Equal(got, convsim.LayerUse{}) {
		t.Errorf("no layer of that name: %v", got)
	}
}
