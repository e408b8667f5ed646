package synth

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sim"
)

var update = flag.Bool("update", false, "write testdata/tiny.txt anew")

// TestReadNetlist: an instance counts as often as it stands there.
func TestReadNetlist(t *testing.T) {
	for _, c := range []struct{ name, text, wrong string }{
		{"nested", `{"modules": {
			"top": {"cells": {"a": {"type": "$paramod\\pair"}, "b": {"type": "$paramod\\pair"}, "x": {"type": "INV"}, "p": {"type": "IBUF"}}},
			"$paramod\\pair": {"cells": {"one": {"type": "cell"}, "two": {"type": "cell"}, "r": {"type": "RAMB36E2"}}},
			"cell": {"cells": {"l": {"type": "LUT6"}, "m": {"type": "RAM32M16"}, "f": {"type": "FDRE"}, "d": {"type": "DSP48E2"}}},
			"LUT6": {"cells": {}}}}`, ""},
		{"unmapped", `{"modules": {"top": {"cells": {"odd": {"type": "$add"}}}}}`, "cell odd of module top is a $add"},
		{"within itself", `{"modules": {"top": {"cells": {"a": {"type": "top"}}}}}`, "module top is within itself"},
		{"cut off", `{"modules": {"top": {`, "the netlist: unexpected EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := readNetlist(strings.NewReader(c.text))
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("got %v; want %s", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]resources.Amount{"a": {LUT: 18, FF: 2, DSP: 2, BRAM18: 2}, "b.two": {LUT: 9, FF: 1, DSP: 1}}
			for path, amount := range want {
				if got, err := n.at("top", path); err != nil || got != amount {
					t.Errorf("%s: got %+v, %v; want %+v", path, got, err, amount)
				}
			}
			if got := (resources.Amount{LUT: 37, FF: 4, DSP: 4, BRAM18: 4}); n.sums["top"] != got {
				t.Errorf("top: got %+v; want %+v", n.sums["top"], got)
			}
			for _, path := range []string{"c", "a.three", "a.r"} {
				if got, err := n.at("top", path); err == nil {
					t.Errorf("%s: got %+v; there is none", path, got)
				}
			}
		})
	}
}

// TestCompare: a netlist of Yosys 0.23 (cells without their wires) is told apart by
// block and FIFO, and the stages come to the whole.
func TestCompare(t *testing.T) {
	d, p := tiny(t)
	file, err := os.Open("testdata/tiny.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	n, err := readNetlist(file)
	if err != nil {
		t.Fatal(err)
	}
	c, err := compare(d, p, UltraScalePlus, n)
	if err != nil {
		t.Fatal(err)
	}
	var sum resources.Amount
	for _, s := range c.Stages {
		sum = sum.Plus(s.Measured)
	}
	if sum != c.Total.Measured {
		t.Errorf("stages are %+v, the whole %+v", sum, c.Total.Measured)
	}
	r, err := resources.Price(d.Plan, resources.Device{DSP: d.DSP, ClockMHz: d.ClockMHz}).Report()
	if err != nil || c.Total.Estimated != r.Total {
		t.Errorf("estimated %+v; want %+v, %v", c.Total.Estimated, r.Total, err)
	}
	var text strings.Builder
	if err := c.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/tiny.txt", []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile("testdata/tiny.txt"); err != nil || text.String() != string(want) {
		t.Errorf("got\n%s\nwant (-update writes it anew)\n%s%v", text.String(), want, err)
	}
}

// tiny is a small convolution on one multiplier.
func tiny(t *testing.T) (proof.Design, *proof.Project) {
	t.Helper()
	hw, err := configs.LoadHardware("minimal-1x1")
	if err != nil {
		t.Fatal(err)
	}
	layer, err := configs.LoadLayer("testdata/tiny.yaml")
	if err != nil {
		t.Fatal(err)
	}
	design, err := sim.NewDesign(hw, layer)
	if err != nil {
		t.Fatal(err)
	}
	data, err := design.LoadData(t.Context(), sim.Paths{}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	d := proof.Layer(design, data, 1)
	p, err := proof.New(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return d, p
}
