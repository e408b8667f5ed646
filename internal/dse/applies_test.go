package dse_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/results"
)

const floatLayer = `op: conv2d
in_channels: 6
out_channels: 8
kernel_size: 3
dtype: {input: float32, weight: float32}
input: {height: 7, width: 6}
`

// TestMetricsThatDoNotApply: what a layer cannot have is a mistake of the file,
// told before anything runs, and what it has is not in its way.
func TestMetricsThatDoNotApply(t *testing.T) {
	for name, c := range map[string]struct{ workload, board, goal, want string }{
		"slices of floats":  {"other.yaml", "", "dsp", "dsp is not known of layer other: arrays of float32 have no cost model"},
		"in a formula":      {"other.yaml", "", "cycles * (lut + 1)", "lut is not known of layer other: arrays of float32 have no cost model"},
		"one of two layers": {"[layer.yaml, other.yaml]", "", "bram18", "bram18 is not known of layer other: arrays of float32 have no cost model"},
		"a fit of floats":   {"other.yaml", "board: pynq-z2\n", "fits ? 1 : 0", "fits is not known of layer other: arrays of float32 have no cost model"},
		"no board":          {"layer.yaml", "", "fits ? 1 : 0", "fits needs a board"},
		"overflow":          {"other.yaml", "", "may_overflow ? 1 : 0", "may_overflow needs a layer of integers"},
		"cycles":            {"other.yaml", "board: pynq-z2\n", "cycles", ""},
		"slices":            {"layer.yaml", "", "dsp", ""},
		"energy of both":    {"[layer.yaml, other.yaml]", "", "may_overflow ? 1 : energy_pj", ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := "name: x\nworkload: " + c.workload + "\nhardware: {name: b}\n" + c.board + "axes: {array.pe: [1]}\nobjectives:\n  - minimize: '" + c.goal + "'\n"
			path := write(t, text, layerText, floatLayer)
			_, err := dse.Load(path)
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "objectives[0].minimize: "+c.want)):
				t.Errorf("%v\nwant %s", err, c.want)
			}
		})
	}
}

// TestChoiceOfWhatDoesNotApply: choosing by it is answered with the reason too.
func TestChoiceOfWhatDoesNotApply(t *testing.T) {
	path := write(t, "name: x\nworkload: other.yaml\nhardware: {name: b}\naxes: {array.pe: [1, 2]}\nobjectives: [minimize: cycles]\n", "", floatLayer)
	s, err := dse.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out")
	if front := runIn(t, s, dse.Options{Out: out}).Front; len(front) == 0 || front[0].MayOverflow != nil {
		t.Errorf("front %+v", front)
	}
	if head, _, _ := strings.Cut(string(read(t, out, results.TableFile)), "\n"); strings.Contains(head, "dsp") || strings.Contains(head, "may_overflow") {
		t.Errorf("columns %s", head)
	}
	_, err = results.Choose(out, results.Choice{Objective: "dsp"})
	if want := "dsp is not known of layer other: arrays of float32 have no cost model"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v; want %s", err, want)
	}
}

// TestMayOverflow: 54 products of int8 take 21 bits in a signed sum, one more
// than -128 * -128 * 54 = 884736 has.
func TestMayOverflow(t *testing.T) {
	s := load(t, "name: x\nworkload: layer.yaml\nhardware: {name: b}\naxes: {accumulator.bits: [20, 21, 32]}\nobjectives: [minimize: accumulator.bits]\n")
	out := filepath.Join(t.TempDir(), "out")
	front := runIn(t, s, dse.Options{Out: out, NoPrune: true}).Front
	if len(front) != 1 || front[0].MayOverflow == nil || !*front[0].MayOverflow {
		t.Errorf("front %+v", front)
	}
	for i, want := range []bool{true, false, false} {
		index := int64(i)
		chosen, err := results.Choose(out, results.Choice{Index: &index})
		if err != nil || *chosen.MayOverflow != want {
			t.Errorf("point %d: may overflow %v, %v; want %v", i, *chosen.MayOverflow, err, want)
		}
	}
	if chosen, err := results.Choose(out, results.Choice{Objective: "accumulator.bits", Constraints: []string{"!may_overflow"}}); err != nil || chosen.Index != 1 {
		t.Errorf("%+v, %v", chosen, err)
	}
}
