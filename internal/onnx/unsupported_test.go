package onnx_test

import (
	"bytes"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/onnx"
)

var update = flag.Bool("update", false, "write the models in testdata anew")

// unsupported is a model with one of everything that is refused.
func unsupported() part {
	weights := initializer("w", onnx.Float, []int64{1, 1, 3, 3}, raw(36))
	return model(13, weights,
		initializer("h", onnx.Float, []int64{1, 4, 4}, raw(64)), initializer("scales", onnx.Float, []int64{4}, raw(16)),
		node("Conv", "x w", "a", nodeName("conv"), attrString("auto_pad", "SAME"), attrInts("wings", 1)),
		node("LSTM", "a h h", "b", nodeName("memory"), attrInt("hidden_size", 4)),
		node("MagicPool", "b", "c", nodeName("magic"), domain("acme.ai")),
		node("Resize", "c - scales", "d", nodeName("grow"), attrString("mode", "cubic")),
		node("If", "d", "e", nodeName("choice")),
		node("Frobnicate", "e", "e2", nodeName("frob")),
		node("Frobnicate", "e2", "f", nodeName("frob again")),
		node("MaxPool", "x", "m places", nodeName("pool"), attrInts("kernel_shape", 2, 2)),
		node("Concat", "f m places", "y", nodeName("all"), attrInt("axis", 1)),
		graphInput("x", 1, 1, 8, 8), graphOutput("y"))
}

// Everything unsupported is told at once, with node, operator, attribute and what
// is supported.
func TestUnsupported(t *testing.T) {
	const path = "../../testdata/onnx/unsupported.onnx"
	if *update {
		if err := os.WriteFile(path, unsupported(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := os.ReadFile(path); err != nil || !bytes.Equal(data, unsupported()) {
		t.Errorf("%s is out of date, %v: run with -update", path, err)
	}
	got := problems(t, unsupported())
	for _, want := range []string{
		`node "conv" (Conv): attribute auto_pad is "SAME"; supported: NOTSET, VALID, SAME_UPPER, SAME_LOWER` + "\n",
		`node "memory" (LSTM): operator "LSTM" is not supported: recurrent networks are not`,
		`node "magic" (acme.ai.MagicPool): operators of domain "acme.ai" are not supported; supported: ONNX's own, com.microsoft`,
		`node "grow" (Resize): attribute mode is "cubic"; supported: nearest, linear`,
		`node "choice" (If): operator "If" is not supported: graphs with control flow are not`,
		`node "frob" (Frobnicate): operator "Frobnicate" is not supported; supported: Abs, Acos, Acosh, Add, And, ArgMax`,
		`node "frob again" (Frobnicate): operator "Frobnicate" is not supported` + "\n",
		`node "pool" (MaxPool): output 1, "places"; supported: 1 outputs`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got:\n%s\nwant: %s", got, want)
		}
	}
	if n := strings.Count(got, "\n") + 1; n != 8 {
		t.Errorf("%d problems; want: 8\n%s", n, got)
	}
	m, err := onnx.Parse(unsupported())
	if err != nil {
		t.Fatal(err)
	}
	var fates []string
	for _, s := range m.Convert(nil).Steps {
		fates = append(fates, string(s.Fate))
	}
	want := strings.Fields("unsupported unsupported unsupported unsupported unsupported unsupported unsupported unsupported unclear")
	if !slices.Equal(fates, want) {
		t.Errorf("fates %v; want: %v", fates, want)
	}
}

// An attribute that no rule reads is no attribute that may be skipped.
func TestUnknownAttribute(t *testing.T) {
	p := x1(node("Relu", "x", "y", nodeName("r"), attrInt("gentle", 1)))
	if got, want := problems(t, p), `node "r" (Relu): attribute "gentle"; supported: consumed_inputs`; got != want {
		t.Errorf("got: %s\nwant: %s", got, want)
	}
}

// What follows from an input that is no constant is not told as well.
func TestOneProblem(t *testing.T) {
	for name, nodes := range map[string]part{
		"pads":  node("Pad", "x x", "y", nodeName("n")),
		"shape": node("Reshape", "x x", "y", nodeName("n")),
		"sizes": node("Resize", "x - - x", "y", nodeName("n")),
	} {
		t.Run(name, func(t *testing.T) {
			got := problems(t, x1(nodes))
			if !strings.Contains(got, `"x", is computed from inputs of the graph; supported: constants`) || strings.Contains(got, "\n") {
				t.Errorf("got %s", got)
			}
		})
	}
}
