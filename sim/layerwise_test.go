package sim

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/blocktest"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/tensor"
)

// layerwise runs the residual network layer by layer.
func layerwise(t *testing.T, text string, o Options) (*Layerwise, *LayerwiseOutcome) {
	t.Helper()
	hw, err := configs.ParseHardware("hw.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	g, inputs := residual(rand.New(rand.NewPCG(1, 2)))
	l, err := NewLayerwise(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	out, err := l.Run(context.Background(), inputs, o)
	if err != nil {
		t.Fatal(err)
	}
	return l, out
}

const overlay = "{name: o, array: {pe: 4, simd: 2}, mode: layerwise, dram: {bytes_per_cycle: 3}}"

// TestLayerwiseEqualsItsDefinition: the values are those of the network, however they
// are computed, and all nodes are compared.
func TestLayerwiseEqualsItsDefinition(t *testing.T) {
	l, out := layerwise(t, overlay, Options{})
	g, inputs := residual(rand.New(rand.NewPCG(1, 2)))
	want := execute(t, g, inputs)
	if out.Wrong != nil || out.Checked != len(g.Nodes) {
		t.Errorf("%v; %d nodes of %d", out.Wrong, out.Checked, len(g.Nodes))
	}
	for _, node := range g.Nodes {
		name := node.Outputs[0]
		if !reflect.DeepEqual(want[name].Data, out.Tensors[name].Data) {
			t.Errorf("%s differs", name)
		}
	}
	var names []string
	for _, s := range l.Steps {
		names = append(names, s.Name())
	}
	// The rest is element-wise, or reads what two read.
	if diff := cmp.Diff([]string{"conv1", "conv2", "add", "concat", "pool", "average", "fc", "softmax"}, names); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

// TestLayerwiseStepsAreShared: what two nodes read is written for both to read.
func TestLayerwiseStepsAreShared(t *testing.T) {
	g, _ := residual(rand.New(rand.NewPCG(1, 2)))
	g.Nodes = slices.Insert(g.Nodes[:9:9], 8, network.Node{Name: "again", Op: g.Nodes[8].Op, Inputs: []string{"h"}, Outputs: []string{"j"}})
	g.Outputs = []string{"i", "j"}
	hw, err := configs.ParseHardware("hw.yaml", []byte(overlay))
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLayerwise(hw, g)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range l.Steps[len(l.Steps)-3:] {
		names = append(names, s.Name())
	}
	if diff := cmp.Diff([]string{"fc", "again", "dequantize"}, names); diff != "" {
		t.Errorf("last steps (-want +got):\n%s", diff)
	}
}

// TestLayerwiseIsStepped: every step, with what is loaded beside it, takes as many
// cycles as in the simulator that steps every one of them.
func TestLayerwiseIsStepped(t *testing.T) {
	l, out := layerwise(t, overlay, Options{Frames: 1, NoValues: true})
	compared := 0
	for i, s := range l.Steps {
		bytes := int64(0)
		if i+1 < len(l.Steps) {
			bytes = l.Steps[i+1].Constants
		}
		p := s.Loading(bytes)
		if !hasStepped(p) {
			continue
		}
		got, err := blocktest.Stepped(p, 1).Run(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		if compared++; int64(got.Total) != int64(out.Steps[i].Time.Total) {
			t.Errorf("%s: %d cycles, stepped %d", s.Name(), out.Steps[i].Time.Total, got.Total)
		}
	}
	if compared < 5 {
		t.Errorf("%d steps compared", compared)
	}
}

// hasStepped reports whether the stepping simulator knows all blocks.
func hasStepped(p *pipeline.Plan) bool {
	for _, n := range p.Nodes {
		if _, ok := n.Block.(wiring.Batch); ok {
			return false
		}
	}
	return true
}

// TestLayerwiseLoads: constants are loaded beside the layer before, or before their own.
// 288 bytes of weights, 32 of bias and a scale of 4, in beats of 3 bytes, a cycle each.
func TestLayerwiseLoads(t *testing.T) {
	l, beside := layerwise(t, overlay, Options{NoValues: true})
	_, before := layerwise(t, "{name: o, array: {pe: 4, simd: 2}, mode: layerwise, dram: {bytes_per_cycle: 3, overlap: false}}", Options{NoValues: true})
	const constants = 8*4*9 + 8*4 + 4
	const first = constants / 3
	if beside.First != first || before.First != 0 || before.Steps[0].Load != first {
		t.Errorf("first constants in %d cycles, or %d and %d; want %d", beside.First, before.First, before.Steps[0].Load, first)
	}
	if l.Steps[0].Constants != constants {
		t.Errorf("%d bytes of constants", l.Steps[0].Constants)
	}
	for i := range l.Steps {
		alone := before.Steps[i].Time.Total
		if with := beside.Steps[i].Time.Total; with < alone || with < beside.Steps[i].Compute {
			t.Errorf("step %d: %d cycles with a load beside it, %d alone", i, with, alone)
		}
	}
	if beside.Total() >= before.Total() {
		t.Errorf("%d cycles with loads beside, %d without", beside.Total(), before.Total())
	}
}

// TestLayerwiseForward: skipping what repeats changes nothing.
func TestLayerwiseForward(t *testing.T) {
	l, quick := layerwise(t, overlay, Options{Frames: 7, NoValues: true})
	_, every := layerwise(t, overlay, Options{Frames: 7, NoValues: true, EveryBeat: true})
	if diff := cmp.Diff(l.Report(every, Options{Frames: 7}), l.Report(quick, Options{Frames: 7})); diff != "" {
		t.Errorf("(-every beat +fast-forward):\n%s", diff)
	}
}

// TestLayerwiseMemoryBound: of the same network more layers are bound by a narrow port.
func TestLayerwiseMemoryBound(t *testing.T) {
	l, slow := layerwise(t, "{name: o, array: {pe: 4, simd: 2}, mode: layerwise, dram: {bytes_per_cycle: 0.25}}", Options{NoValues: true})
	narrow := l.Report(slow, Options{})
	l, fast := layerwise(t, "{name: o, array: {pe: 4, simd: 2}, mode: layerwise, dram: {bytes_per_cycle: 64}}", Options{NoValues: true})
	wide := l.Report(fast, Options{})
	if len(narrow.MemoryBound) != len(l.Steps) || len(wide.MemoryBound) >= len(l.Steps)/2 {
		t.Errorf("memory-bound %v, with a wide port %v", narrow.MemoryBound, wide.MemoryBound)
	}
	moved := 0.0 // all but the constants that are loaded before the first layer
	for _, use := range wide.Layers {
		moved += use.Busy * float64(use.Cycles) * wide.DRAM.BytesPerCycle
	}
	want := float64(wide.DRAM.Read + wide.DRAM.Written + wide.DRAM.Constants - wide.Layers[0].Constants)
	if math.Abs(moved-want) > 1e-6*want {
		t.Errorf("the layers move %v bytes, the network %v", moved, want)
	}
	if narrow.DRAM.Busy < 0.9 || narrow.DRAM.Busy > 1 || narrow.Cycles <= wide.Cycles {
		t.Errorf("port busy %v; %d cycles against %d", narrow.DRAM.Busy, narrow.Cycles, wide.Cycles)
	}
}

// TestPartsAreTheWhole: a graph cut into parts computes what it did.
func TestPartsAreTheWhole(t *testing.T) {
	g, inputs := residual(rand.New(rand.NewPCG(1, 2)))
	types, err := g.Types()
	if err != nil {
		t.Fatal(err)
	}
	want := execute(t, g, inputs)
	made := map[string]*tensor.Tensor{"x": inputs["x"]}
	for _, nodes := range [][]int{{0, 1}, {2}, {3, 4, 5}, {6, 7, 8}, {9}} {
		part := g.Part(nodes, types)
		if err := part.Check(); err != nil {
			t.Fatal(err)
		}
		given := map[string]*tensor.Tensor{}
		for _, in := range part.Inputs {
			given[in.Name] = made[in.Name]
		}
		out := execute(t, part, given)
		for _, name := range part.Outputs {
			made[name] = out[name]
		}
	}
	if !reflect.DeepEqual(want["z"].Data, made["z"].Data) || made["c"] == nil || made["h"] != nil {
		t.Error("the parts give something else, or not what others read")
	}
}

// TestLayerwiseIsNotStreaming: what streams refuses the mode, and the other way round.
func TestLayerwiseIsNotStreaming(t *testing.T) {
	hw, err := configs.ParseHardware("hw.yaml", []byte(overlay))
	if err != nil {
		t.Fatal(err)
	}
	g, _ := residual(rand.New(rand.NewPCG(1, 2)))
	if _, err := NewNetwork(hw, g); err == nil {
		t.Error("a network streams in mode layerwise")
	}
	for text, want := range map[string]string{
		"{name: o, mode: layerwise}": "hw.yaml:1:1: dram.bytes_per_cycle: illegal value, got none; allowed: a number above 0, or a board whose DRAM is known",
		"{name: o, mode: layerwise, dram: {bytes_per_cycle: 2}, sink: {every: 2}}": "hw.yaml:1:62: sink: illegal value, got a pattern; allowed: none in mode layerwise: tensors come and go by the port dram",
	} {
		hw, err := configs.ParseHardware("hw.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := mapping.Steps(hw, g); err == nil || err.Error() != want {
			t.Errorf("%s:\n%v\nwant %s", text, err, want)
		}
	}
}

// execute returns all tensors by the definitions.
func execute(t *testing.T, g *network.Graph, inputs map[string]*tensor.Tensor) map[string]*tensor.Tensor {
	t.Helper()
	all := map[string]*tensor.Tensor{}
	_, err := network.Execute(g, inputs, func(_ network.Node, name string, x *tensor.Tensor) error {
		all[name] = x
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestLayerwiseIsTheSameForAnyProcessors, also what is found wrong first where all that follows is.
func TestLayerwiseIsTheSameForAnyProcessors(t *testing.T) {
	const narrow = "{name: o, array: {pe: 4, simd: 2}, mode: layerwise, dram: {bytes_per_cycle: 3}, accumulator: {bits: 8}}"
	for _, text := range []string{overlay, narrow} {
		var one *LayerwiseOutcome
		var report any
		for _, processors := range []int{1, 2, 3, 8} {
			before := runtime.GOMAXPROCS(processors)
			l, out := layerwise(t, text, Options{Frames: 2})
			runtime.GOMAXPROCS(before)
			if one == nil {
				one, report = out, l.Report(out, Options{Frames: 2})
			}
			if diff := cmp.Diff(report, any(l.Report(out, Options{Frames: 2}))); diff != "" {
				t.Errorf("one and %d processors:\n%s", processors, diff)
			}
			if !reflect.DeepEqual(one.Wrong, out.Wrong) || out.Checked != one.Checked || out.Second != one.Second || (out.Wrong == nil) != (text == overlay) {
				t.Errorf("%d processors: %v, %d nodes, %d of them quickly; want %v, %d, %d", processors, out.Wrong, out.Checked, out.Second,
					one.Wrong, one.Checked, one.Second)
			}
			if w := out.Wrong; w != nil && !slices.ContainsFunc(l.Steps[0].Graph.Nodes, func(n network.Node) bool { return n.Name == w.Node }) {
				t.Errorf("%d processors: %s is wrong first, want a node of %s", processors, w.Node, l.Steps[0].Name())
			}
			for name, x := range one.Tensors {
				if y := out.Tensors[name]; y == nil || !x.Equal(y) {
					t.Errorf("%d processors: %s differs", processors, name)
				}
			}
		}
	}
}
