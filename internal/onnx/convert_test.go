package onnx_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/onnx"
	"github.com/convsim/convsim/tensor"
)

// graphOf makes a network of a model in memory.
func graphOf(t *testing.T, p part, shapes map[string][]int) *network.Graph {
	t.Helper()
	m, err := onnx.Parse(p)
	if err != nil {
		t.Fatal(err)
	}
	g, err := m.Network(shapes)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// counting returns 0, 1, 2, ... in a shape.
func counting(t *testing.T, shape ...int) *tensor.Tensor {
	t.Helper()
	n, err := tensor.Elements(shape)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]float32, n)
	for i := range data {
		data[i] = float32(i)
	}
	x, err := tensor.From(tensor.Float32, data, shape...)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func int64s(name string, v ...int64) part {
	return initializer(name, onnx.Int64, []int64{int64(len(v))}, packed(7, v...))
}

func scalar64(name string, v int64) part { return initializer(name, onnx.Int64, nil, packed(7, v)) }

func float32s(name string, v ...float32) part {
	return initializer(name, onnx.Float, []int64{int64(len(v))}, floats32(v...))
}

// TestRules runs small graphs of x, which counts from 0, to y.
func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		opset int64
		shape []int
		graph part
		want  string // shape and elements
	}{
		"gather one":         {13, []int{2, 3}, join(scalar64("i", -1), node("Gather", "x i", "y", attrInt("axis", 1))), "[2] [2 5]"},
		"gather list":        {13, []int{5}, join(int64s("i", 1, 3), node("Gather", "x i", "y")), "[2] [1 3]"},
		"gather backwards":   {13, []int{3}, join(int64s("i", 2, 1, 0), node("Gather", "x i", "y")), "[3] [2 1 0]"},
		"broadcast of old":   {6, []int{1, 2, 2}, join(float32s("b", 10, 20), node("Add", "x b", "y", attrInt("broadcast", 1), attrInt("axis", 1))), "[1 2 2] [10 11 22 23]"},
		"broadcast at end":   {6, []int{1, 2, 2}, join(float32s("b", 10, 20), node("Add", "x b", "y", attrInt("broadcast", 1))), "[1 2 2] [10 21 12 23]"},
		"slopes of old":      {6, []int{1, 2, 2}, join(float32s("b", 1, 1), node("Neg", "x", "n"), node("PRelu", "n b", "y")), "[1 2 2] [-0 -1 -2 -3]"},
		"split in old":       {11, []int{4}, node("Split", "x", "a y", attrInts("split", 1, 3)), "[3] [1 2 3]"},
		"split in equal":     {13, []int{4}, node("Split", "x", "a y"), "[2] [2 3]"},
		"split unevenly":     {18, []int{5}, node("Split", "x", "a y", attrInt("num_outputs", 2)), "[2] [3 4]"},
		"split by input":     {13, []int{5}, join(int64s("s", 4, 1), node("Split", "x s", "a y")), "[1] [4]"},
		"slice in old":       {9, []int{5}, node("Slice", "x", "y", attrInts("starts", 1), attrInts("ends", -1)), "[3] [1 2 3]"},
		"slice":              {13, []int{5}, join(int64s("s", -1), int64s("e", -1<<63), int64s("a", 0), int64s("p", -2), node("Slice", "x s e a p", "y")), "[3] [4 2 0]"},
		"pad in old":         {9, []int{2}, node("Pad", "x", "y", attrInts("pads", 1, 1), attrString("mode", "edge")), "[4] [0 0 1 1]"},
		"pad some axes":      {18, []int{1, 2}, join(int64s("p", 0, 1), int64s("a", -1), node("Pad", "x p - a", "y")), "[1 3] [0 1 0]"},
		"pad by value":       {13, []int{2}, join(int64s("p", 1, 0), initializer("v", onnx.Float, nil, floats32(9)), node("Pad", "x p v", "y")), "[3] [9 0 1]"},
		"unsqueeze":          {13, []int{2}, join(int64s("a", -1, 0), node("Unsqueeze", "x a", "y")), "[1 2 1] [0 1]"},
		"unsqueeze in old":   {11, []int{2}, node("Unsqueeze", "x", "y", attrInts("axes", 0, 2)), "[1 2 1] [0 1]"},
		"squeeze":            {13, []int{1, 2, 1}, join(int64s("a", -1), node("Squeeze", "x a", "y")), "[1 2] [0 1]"},
		"squeeze all":        {11, []int{1, 2, 1}, node("Squeeze", "x", "y"), "[2] [0 1]"},
		"flatten":            {13, []int{2, 1, 2}, node("Flatten", "x", "y"), "[2 2] [0 1 2 3]"},
		"flatten from 0":     {13, []int{2, 2}, node("Flatten", "x", "y", attrInt("axis", 0)), "[1 4] [0 1 2 3]"},
		"reshape":            {13, []int{2, 2, 1}, join(int64s("s", 0, -1), node("Reshape", "x s", "y")), "[2 2] [0 1 2 3]"},
		"transpose":          {13, []int{2, 2}, node("Transpose", "x", "y"), "[2 2] [0 2 1 3]"},
		"mean in old":        {13, []int{1, 2, 2}, node("ReduceMean", "x", "y", attrInts("axes", 2), attrInt("keepdims", 0)), "[1 2] [0.5 2.5]"},
		"mean by input":      {18, []int{1, 2, 2}, join(int64s("a", -1), node("ReduceMean", "x a", "y")), "[1 2 1] [0.5 2.5]"},
		"mean of all":        {18, []int{2, 2}, node("ReduceMean", "x", "y", attrInt("keepdims", 0)), "[] [1.5]"},
		"mean of none":       {18, []int{2}, join(node("ReduceMean", "x", "y", attrInt("noop_with_empty_axes", 1))), "[2] [0 1]"},
		"clip in old":        {9, []int{4}, node("Clip", "x", "y", message(5, text(1, "max"), real32(2, 2), num(20, 1))), "[4] [0 1 2 2]"},
		"square":             {13, []int{3}, join(scalar64("e", 2), node("Pow", "x e", "y")), "[3] [0 1 4]"},
		"expand to itself":   {13, []int{2}, join(int64s("s", 1), node("Expand", "x s", "y")), "[2] [0 1]"},
		"softmax over rows":  {11, []int{1, 1, 2}, join(float32s("z", 0), node("Mul", "x z", "n"), node("Softmax", "n", "y")), "[1 1 2] [0.5 0.5]"},
		"shape arithmetic":   {13, []int{2, 3}, shapeArithmetic(), "[6] [0 1 2 3 4 5]"},
		"a loop of shapes":   {13, []int{3}, join(node("Shape", "x", "s"), node("Add", "s s", "d"), node("Greater", "d s", "g"), node("Where", "g s d", "w"), node("Reshape", "x w", "y")), "[3] [0 1 2]"},
		"tile of constant":   {13, []int{4}, join(float32s("c", 1, 2), int64s("r", 2), node("Tile", "c r", "t"), node("Add", "x t", "y")), "[4] [1 3 3 5]"},
		"range":              {13, []int{3}, join(scalar64("a", 4), scalar64("b", -2), scalar64("d", -2), node("Range", "a b d", "r"), node("Cast", "r", "f", attrInt("to", 1)), node("Add", "x f", "y")), "[3] [4 3 2]"},
		"resize before 11":   {10, []int{1, 1, 1, 2}, join(float32s("s", 1, 1, 1, 2), node("Resize", "x s", "y")), "[1 1 1 4] [0 0 1 1]"},
		"upsample of 7":      {7, []int{1, 1, 1, 2}, node("Upsample", "x", "y", message(5, text(1, "scales"), text(7, string(words(one, one, one, one+1<<23))), num(20, 6))), "[1 1 1 4] [0 0 1 1]"},
		"resize some axes":   {18, []int{1, 1, 1, 2}, join(int64s("s", 4), node("Resize", "x - - s", "y", attrInts("axes", 3), attrString("coordinate_transformation_mode", "asymmetric"), attrString("nearest_mode", "floor"))), "[1 1 1 4] [0 0 1 1]"},
		"one spatial axis":   {13, []int{1, 1, 3}, join(initializer("w", onnx.Float, []int64{1, 1, 2}, floats32(1, 10)), node("Conv", "x w", "y", attrInts("pads", 1, 0))), "[1 1 3] [0 10 21]"},
		"dropout":            {13, []int{2}, join(node("Dropout", "x", "d"), node("Relu", "d", "y")), "[2] [0 1]"},
		"not in order":       {13, []int{2}, join(node("Relu", "a", "y"), node("Neg", "b", "a"), node("Neg", "x", "b")), "[2] [0 1]"},
		"output of input":    {13, []int{2}, node("Identity", "x", "y"), "[2] [0 1]"},
		"output of constant": {13, []int{1}, node("Constant", "", "y", message(5, text(1, "value_ints"), packed(8, 7, 8), num(20, 7))), "[2] [7 8]"},
		"through identity":   {13, []int{1}, join(float32s("b", 5), node("Identity", "b", "c"), node("Identity", "c", "d"), node("Add", "x d", "y")), "[1] [5]"},
	} {
		t.Run(name, func(t *testing.T) {
			dims := []any{}
			for _, d := range c.shape {
				dims = append(dims, d)
			}
			g := graphOf(t, model(c.opset, c.graph, graphInput("x", dims...), graphOutput("y")), nil)
			y := execute(t, g, counting(t, c.shape...))["y"]
			var data []float64
			for i := range y.Len() {
				data = append(data, y.Float(i))
			}
			if got := fmt.Sprint(y.Shape(), data); got != c.want {
				t.Errorf("got %s; want: %s", got, c.want)
			}
		})
	}
}

// A constant may be shown and read.
func TestConstantThatIsAnOutput(t *testing.T) {
	m := model(13, join(float32s("c", 3, 4), node("Add", "x c", "y"), node("Mul", "y c", "z")),
		graphInput("x", 2), graphOutput("z"), graphOutput("c"))
	got := execute(t, graphOf(t, m, nil), counting(t, 2))
	if c, z := got["c"], got["z"]; c.Float(1) != 4 || z.Float(0) != 9 || z.Float(1) != 20 {
		t.Errorf("got c = %v, z = %v; want: [3 4], [9 20]", c.Data, z.Data)
	}
}

const one = uint32(0x3f800000) // 1 as float32

// shapeArithmetic flattens x as exporters do: a product of sizes.
func shapeArithmetic() part {
	return join(node("Shape", "x", "s"), scalar64("i", 0), scalar64("j", 1), int64s("zero", 0),
		node("Gather", "s i", "h"), node("Gather", "s j", "w"), node("Mul", "h w", "hw"),
		node("Unsqueeze", "hw zero", "list"), node("Concat", "list", "shape", attrInt("axis", 0)),
		node("Reshape", "x shape", "y"))
}

// What only arranges shapes is gone, and so are nodes that change nothing.
func TestComputed(t *testing.T) {
	g := graphOf(t, model(13, shapeArithmetic(), graphInput("x", 2, 3), graphOutput("y")), nil)
	if len(g.Nodes) != 1 || g.Nodes[0].Op.Kind() != "Reshape" || len(g.Constants) != 0 {
		t.Errorf("nodes %+v, constants %v", g.Nodes, g.Constants)
	}
	g = graphOf(t, model(13, node("Identity", "x", "a"), node("Dropout", "a", "b"), node("Cast", "b", "c", attrInt("to", 1)),
		relu("c", "y"), node("Neg", "x", "unused"), graphInput("x", 1), graphOutput("y")), nil)
	if len(g.Nodes) != 1 || g.Nodes[0].Inputs[0] != "x" {
		t.Errorf("nodes %+v", g.Nodes)
	}
}

// An input that is an initialiser is a constant; other ones are inputs, in order.
func TestInputsAndOutputs(t *testing.T) {
	g := graphOf(t, model(8, float32s("w", 2), node("Mul", "a w", "p"), node("Add", "p b", "y"), graphInput("a", 1), graphInput("w", 1),
		graphInput("b", 1), graphOutput("y"), graphOutput("p"), graphOutput("b")), nil)
	var names []string
	for _, in := range g.Inputs {
		names = append(names, in.Name)
	}
	if !slices.Equal(names, []string{"a", "b"}) || !slices.Equal(g.Outputs, []string{"y", "p", "b"}) {
		t.Errorf("inputs %v, outputs %v", names, g.Outputs)
	}
}

func TestShapesGiven(t *testing.T) {
	symbolic := model(13, node("Add", "x z", "y"), graphInput("x", "N", 3, "H", "H"), graphInput("z", "N", 3, 1, 1), graphOutput("y"))
	batch := model(13, relu("x", "y"), graphInput("x", "N", 3, 5, 5), graphOutput("y"))
	vector := model(13, relu("x", "y"), graphInput("x", "N"), graphOutput("y"))
	fixed := model(13, relu("x", "y"), graphInput("x", 1, 3, 128, 128), graphOutput("y"))
	free := model(13, relu("x", "y"), message(11, text(1, "x"), message(2, message(1, num(1, 1)))), graphOutput("y"))
	for name, c := range map[string]struct {
		model  part
		shapes map[string][]int
		want   string // the types of the inputs, or what is in the error
	}{
		"missing":        {symbolic, nil, `input "x" has shape [N 3 H H]: the size of axis 2 (H), axis 3 (H) is not known; give it, as in --input-shape x=1x3x224x224`},
		"given":          {symbolic, map[string][]int{"x": {2, 3, 5, 5}}, "[{x float32 [2 3 5 5]} {z float32 [2 3 1 1]}]"},
		"unlike symbols": {symbolic, map[string][]int{"x": {2, 3, 5, 6}}, "[{x float32 [2 3 5 6]} {z float32 [2 3 1 1]}]"},
		"batch of one":   {batch, nil, "[{x float32 [1 3 5 5]}]"},
		"no batch":       {vector, nil, "the size of axis 0 (N) is not known"},
		"overridden":     {fixed, map[string][]int{"x": {1, 3, 32, 48}}, "[{x float32 [1 3 32 48]}]"},
		"wrong rank":     {fixed, map[string][]int{"x": {3, 32, 48}}, `input "x" is to have shape [3 32 48]; declared: [1 3 128 128], 4 axes`},
		"wrong name":     {fixed, map[string][]int{"image": {1}}, `there is no input "image" to give a shape; allowed: "x"`},
		"no shape":       {free, nil, `input "x" has no declared shape`},
		"a shape":        {free, map[string][]int{"x": {4}}, "[{x float32 [4]}]"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := onnx.Parse(c.model)
			if err != nil {
				t.Fatal(err)
			}
			g, err := m.Network(c.shapes)
			got := fmt.Sprint(err)
			if err == nil {
				got = fmt.Sprint(g.Inputs)
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("got: %s\nwant: %s", got, c.want)
			}
		})
	}
}
