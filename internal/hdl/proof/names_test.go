package proof_test

import (
	"cmp"
	"context"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// declared finds the modules that a source declares.
var declared = regexp.MustCompile(`(?m)^module +([A-Za-z0-9_]+)`)

// TestNames: whatever networks and layers are called, every module is declared once, in a file of its own that any
// file system takes, and the hardware is what it would be with other names.
func TestNames(t *testing.T) {
	for _, c := range []struct{ name, network, first, second string }{
		{"library", "convsim", "pad", "fifo"},
		{"testbench's modules", "Convsim", "source", "probe"},
		{"a module of the library", "convsim_pad", "stages", "addressed"},
		{"testbench", "net", "tb", "TB"},
		{"keywords", "module", "endmodule", "Always_FF"},
		{"alike when cleaned", "a b", "x.y", "x_y"},
		{"alike but for case", "é", "Layer", "lAYER"},
		{"long", strings.Repeat("n", 250), strings.Repeat("l", 3000), strings.Repeat("l", 2999) + "m"},
		{"no letters", "1", "日本", "//"},
		{"lines that end", "a\nb", "c\n(", "d\r\n);\x00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := named(t, c.network, c.first, c.second)
			p, err := proof.New(context.Background(), d)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for file, text := range p.Files {
				base := strings.ToLower(path.Base(file))
				if len(base) > 255 || seen[base] {
					t.Errorf("%d characters, or a name twice: %s", len(base), file)
				}
				seen[base] = true
				for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
					if m[1]+".sv" != path.Base(file) {
						t.Errorf("%s declares %s", file, m[1])
					}
				}
			}
			if !strings.Contains(string(p.Files["rtl/convsim_pad.sv"]), "parameter [WIDTH-1:0] ZERO") {
				t.Errorf("the library's padding is not there:\n%s", p.Files["rtl/convsim_pad.sv"])
			}
			check(t, d, simulator(t, proof.Icarus))
		})
	}
}

// named is a network of two layers.
func named(t *testing.T, network, first, second string) proof.Design {
	t.Helper()
	text := `inputs: [{name: x, shape: [1, 2, 4, 4]}]
outputs: [SECOND]
layers:
  - {name: FIRST, op: conv2d, inputs: x, in_channels: 2, out_channels: 2, kernel_size: 3, padding: 1, requantize: {rule: shift, shift: 6, dtype: int8}}
  - {name: SECOND, op: relu, inputs: FIRST}`
	net, err := configs.ParseNetwork("net.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	rename(net.Graph, map[string]string{"FIRST": first, "SECOND": second})
	hw, err := configs.LoadHardware("edge-8x8")
	if err != nil {
		t.Fatal(err)
	}
	n, err := sim.NewNetwork(hw, net.Graph)
	if err != nil {
		t.Fatal(err)
	}
	x, err := tensor.New(tensor.Int8, 1, 2, 4, 4)
	if err != nil {
		t.Fatal(err)
	}
	d, err := proof.Network(network, n, map[string]*tensor.Tensor{"x": x}, 1)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// rename gives nodes and tensors other names, which a network file could not have, too.
func rename(g *network.Graph, names map[string]string) {
	all := func(list []string) {
		for i, name := range list {
			list[i] = cmp.Or(names[name], name)
		}
	}
	all(g.Outputs)
	for i := range g.Nodes {
		n := &g.Nodes[i]
		n.Name = cmp.Or(names[n.Name], n.Name)
		all(n.Inputs)
		all(n.Outputs)
	}
}
