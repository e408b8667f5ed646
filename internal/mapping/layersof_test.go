package mapping_test

import (
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/models"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/pe"
)

// lenet is a small network: conv 1 -> 8, pool, conv 8 -> 16, pool, two matrices.
func lenet(t *testing.T) *network.Graph {
	t.Helper()
	return models.Integers(t, "..", "..", "testdata", "models", "digits_lenet.onnx")
}

func hardware(t *testing.T, text string) *configs.Hardware {
	t.Helper()
	hw, err := configs.ParseHardware("hw.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return hw
}

// TestLayersHaveTheirOwn: keys of a layer hold for it alone, and those that are not
// given stay as they are.
func TestLayersHaveTheirOwn(t *testing.T) {
	g := lenet(t)
	plain, err := mapping.MapNetwork(hardware(t, "{name: a, array: {pe: 4, simd: 4}}"), g)
	if err != nil {
		t.Fatal(err)
	}
	name := func(i int) string { return plain.Plan.Nodes[plain.Arrays[i]].Layer }
	var layers []string
	for i := range g.Nodes {
		if _, ok := plain.Arrays[i]; ok {
			layers = append(layers, name(i))
		}
	}
	text := "name: a\narray: {pe: 4, simd: 4}\nfifo: {depth: 3, edges: {\"" + layers[0] + ".pad.window\": 7, window.array: 5}}\nlayers:\n" +
		"  \"" + layers[1] + "\": {array: {pe: 2}, window: {style: parallel}, fifo: {edges: {array.requantize: 9}}}\n" +
		"  \"*\": {array: {simd: 2, pe: 1}}\n"
	own, err := mapping.MapNetwork(hardware(t, text), g)
	if err != nil {
		t.Fatal(err)
	}
	arrays := map[string]pe.Array{}
	for _, n := range own.Plan.Nodes {
		if a, ok := n.Block.(pe.Array); ok {
			arrays[n.Layer] = a
		}
	}
	if a := arrays[layers[1]].Fold; a.Array.PE != 2 || a.Array.SIMD != 2 || a.Taps == 1 {
		t.Errorf("%s has %+v; want its own pe of 2, the pattern's simd, a parallel window", layers[1], a.Array)
	}
	if a := arrays[layers[0]].Fold; a.Array.PE != 1 {
		t.Errorf("%s has %+v; want the pattern's pe of 1", layers[0], a.Array)
	}
	for edge, want := range map[string]int{
		layers[0] + ".pad.window": 7, layers[0] + ".window.array": 5, layers[1] + ".array.requantize": 9, layers[0] + ".array.requantize": 3,
	} {
		found := false
		for _, e := range own.Plan.Edges {
			if e.Name == edge {
				if found = true; e.Depth != want {
					t.Errorf("%s is %d deep, want %d", edge, e.Depth, want)
				}
			}
		}
		if !found {
			t.Errorf("there is no %s", edge)
		}
	}
}

// TestLayersThatAreNotThere: what the file says of no layer and no FIFO is a mistake,
// all of them at once, with their places.
func TestLayersThatAreNotThere(t *testing.T) {
	text := `name: a
fifo: {edges: {pad.windw: 4}}
layers:
  conv9: {array: {pe: 2}}
  "*": {fifo: {edges: {array.sinc: 3}}}
`
	_, err := mapping.MapNetwork(hardware(t, text), lenet(t))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`hw.yaml:4:10: layers.conv9: illegal value, got "conv9"; allowed: the name of a layer of the network (input, input_q.QuantizeLinear, `,
		`hw.yaml:2:27: fifo.edges.pad.windw: illegal value, got "pad.windw"; allowed: a FIFO as the report names it`,
		`hw.yaml:5:36: layers.*.fifo.edges.array.sinc: illegal value, got "array.sinc"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
	layer, err := configs.ParseLayer("layer.yaml", []byte("{name: l, op: conv2d, in_channels: 1, out_channels: 1, kernel_size: 1, input: {height: 2, width: 2}}"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = mapping.Map(hardware(t, text), layer, mapping.Streaming)
	if err == nil || !strings.Contains(err.Error(), "hw.yaml:2:27: fifo.edges.pad.windw: illegal value") || strings.Contains(err.Error(), "conv9") {
		t.Errorf("a layer: %v", err)
	}
}

// TestLayerByName: a layer that runs by itself has the keys of its name.
func TestLayerByName(t *testing.T) {
	layer, err := configs.ParseLayer("layer.yaml", []byte("{name: stem, op: conv2d, in_channels: 2, out_channels: 4, kernel_size: 1, input: {height: 2, width: 2}}"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := mapping.Map(hardware(t, "{name: a, array: {simd: 2}, layers: {\"st?m\": {array: {pe: 4}}, other: {array: {pe: 3}}}}"), layer, mapping.Streaming)
	if err != nil {
		t.Fatal(err)
	}
	if a := d.Fold.Array; a.PE != 4 || a.SIMD != 2 {
		t.Errorf("array %+v", a)
	}
}
