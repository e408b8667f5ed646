package mapping_test

import (
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/wiring"
	"github.com/convsim/convsim/pe"
	"github.com/convsim/convsim/tensor"
)

// shared is a network in which one tensor has several readers, whose results are
// added up: x + relu(x), and with three, + abs(x).
func shared(readers int) *network.Graph {
	g := &network.Graph{Name: "shared", Outputs: []string{"z"}, Inputs: []network.Input{{Name: "x", Type: network.Type{DType: tensor.Float32, Shape: []int{1, 6, 4, 4}}}},
		Nodes: []network.Node{
			{Name: "first", Op: network.Unary{Function: network.Relu}, Inputs: []string{"x"}, Outputs: []string{"a"}},
			{Name: "second", Op: network.Unary{Function: network.Relu}, Inputs: []string{"a"}, Outputs: []string{"b"}},
			{Name: "sum", Op: network.Combine{How: network.Add}, Inputs: []string{"a", "b"}, Outputs: []string{"c"}}}}
	last := network.Node{Name: "last", Op: network.Combine{How: network.Add}, Inputs: []string{"c", "a"}, Outputs: []string{"z"}}
	if readers == 2 {
		last = network.Node{Name: "last", Op: network.Unary{Function: network.Relu}, Inputs: []string{"c"}, Outputs: []string{"z"}}
	}
	g.Nodes = append(g.Nodes, last)
	return g
}

// TestStyles: the styles of a file and of its layers are those of the blocks.
func TestStyles(t *testing.T) {
	for _, c := range []struct {
		text   string
		fork   wiring.ForkStyle
		queued bool
	}{
		{"{name: a}", wiring.Eager, false},
		{"{name: a, fork: all, join: queue}", wiring.AllOrNothing, true},
		{"{name: a, fork: all, layers: {first: {fork: tap}, sum: {join: queue}}}", wiring.Tap, true},
		{"{name: a, fork: tap, layers: {sum: {fork: all}, first: {join: queue}}}", wiring.Tap, false},
	} {
		n, err := mapping.MapNetwork(hardware(t, c.text), shared(2))
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, node := range n.Plan.Nodes {
			switch b := node.Block.(type) {
			case wiring.Fork:
				if found++; b.Style != c.fork {
					t.Errorf("%s: a fork %s, want %s", c.text, b.Style, c.fork)
				}
			case wiring.Join:
				if found++; b.Queued != c.queued {
					t.Errorf("%s: queued %t, want %t", c.text, b.Queued, c.queued)
				}
			}
		}
		if found != 2 {
			t.Errorf("%s: %d forks and joins, want 2", c.text, found)
		}
	}
}

// TestTapOfThree: a tap has two branches; the mistake is where the key is.
func TestTapOfThree(t *testing.T) {
	_, err := mapping.MapNetwork(hardware(t, "name: a\nlayers:\n  \"f*\": {fork: tap}\n"), shared(3))
	want := `hw.yaml:3:16: layers.f*.fork: illegal value, got tap; allowed: eager or all, where 3 stages read what layer first makes`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v\nlacks %s", err, want)
	}
}

// TestStylesOfLayers: requantisers and converters of a real network, and the depth of
// the search that thresholds of int8 need.
func TestStylesOfLayers(t *testing.T) {
	text := `name: a
array: {pe: 4, simd: 4}
requantize: {style: scale}
layers:
  "*QLinearConv": {requantize: {style: threshold}, width: generic, array: {pe: 8, simd: 3}}
  f_f.4_Relu_output_0_q.QLinearConv: {requantize: {deep_pipeline: true}}
`
	n, err := mapping.MapNetwork(hardware(t, text), lenet(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"f_f.1_Relu_output_0_q.QLinearConv": 10, "f_f.4_Relu_output_0_q.QLinearConv": 18,
		"c_c.2_Relu_output_0_conv_q.QLinearConv": 10, "output_conv_q.QLinearConv": 10}
	for _, node := range n.Plan.Nodes {
		if r, ok := node.Block.(pe.Requantize); ok && r.Latency != want[node.Layer] {
			t.Errorf("%s: a latency of %d, want %d", node.Layer, r.Latency, want[node.Layer])
		}
		if w, ok := node.Block.(wiring.Width); ok && (w.Style == wiring.Generic) != strings.HasSuffix(node.Layer, "QLinearConv") {
			t.Errorf("%s: a converter of style %d", node.Layer, w.Style)
		}
	}
}

// TestAdapters: converters that know where frames end, one or two as widths divide.
func TestAdapters(t *testing.T) {
	text := `{name: a, array: {pe: 4, simd: 4}, layers: {"*QLinearConv": {width: adapter, array: {pe: 8, simd: 3}}}}`
	n, err := mapping.MapNetwork(hardware(t, text), lenet(t))
	if err != nil {
		t.Fatal(err)
	}
	adapters, others := 0, 0
	for _, node := range n.Plan.Nodes {
		switch node.Block.(type) {
		case wiring.Adapter:
			if adapters++; !strings.HasSuffix(node.Layer, "QLinearConv") {
				t.Errorf("%s: an adapter", node.Layer)
			}
		case wiring.Width:
			if others++; strings.HasSuffix(node.Layer, "QLinearConv") {
				t.Errorf("%s: no adapter", node.Layer)
			}
		}
	}
	if adapters == 0 || others == 0 {
		t.Errorf("%d adapters, %d others", adapters, others)
	}
}
