package synth

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/sim"
)

// specimen is a layer on a hardware, on a zcu104.
type specimen struct{ name, hardware, layer string }

// specimens are those of the table: six of serial and parallel windows, of all folds
// and sizes; and six of what else there is.
var specimens = []specimen{
	{"serial-2x4", "array: {pe: 2, simd: 4}", "3x3 8 8 14, requantize: {rule: shift, shift: 7, dtype: int8}"},
	{"serial-8x8", "array: {pe: 8, simd: 8}", "3x3 32 32 14, requantize: {rule: shift, shift: 9, dtype: int8}"},
	{"parallel-4x2", "array: {pe: 4, simd: 2}, window: {style: parallel}", "3x3 4 8 14, requantize: {rule: shift, shift: 7, dtype: int8}"},
	{"depthwise-8", "array: {group_parallel: 8}, window: {style: parallel}", "3x3 64 64 14, groups: 64, requantize: {rule: shift, shift: 7, dtype: int8}"},
	{"onnx-4x4", "array: {pe: 4, simd: 4}", "3x3 16 16 14, requantize: {rule: onnx, input_scale: 0.02, weight_scale: 0.01, output_scale: 0.1, dtype: int8}"},
	{"large-4x4", "array: {pe: 4, simd: 4}, fifo: {depth: 32}", "3x3 64 64 56"},
	{"single-1x1", "array: {pe: 1, simd: 1}", "3x3 4 4 10, requantize: {rule: tflite, input_scale: 0.02, weight_scale: 0.01, output_scale: 0.1, dtype: int8}"},
	{"no-packing", "array: {pe: 4, simd: 4, mac_packing: 1, latency: 6}", "1x1 16 16 8, padding: 0, requantize: {rule: shift, shift: 6, dtype: uint8}"},
	{"reflect", "array: {pe: 2, simd: 2}", "3x3 4 4 12, padding_mode: reflect, requantize: {rule: shift, shift: 6, dtype: int8}"},
	{"saturating", "array: {pe: 2, simd: 4}, accumulator: {bits: 18, overflow: saturate}, fifo: {depth: 16}", "3x3 8 8 14, bias: true"},
	{"per-channel", "array: {pe: 4, simd: 2}, requantize: {latency: 5}", "3x3 8 8 14, requantize: {rule: onnx, input_scale: 0.02, " +
		"weight_scale: [0.01, 0.02, 0.005, 0.012, 0.03, 0.008, 0.015, 0.011], output_scale: 0.1, dtype: uint8}"},
	{"strided", "array: {pe: 8, simd: 3}, window: {frame_overlap: true}", "5x5 3 16 28, stride: 2, requantize: {rule: shift, shift: 8, dtype: int8}"},
}

// design makes the specimen's design.
func (s specimen) design(t *testing.T) proof.Design {
	t.Helper()
	hw, err := configs.ParseHardware(s.name, []byte("{name: "+s.name+", board: zcu104, "+s.hardware+"}"))
	if err != nil {
		t.Fatal(err)
	}
	var kernel string
	var in, out, side int
	shape, rest, _ := strings.Cut(s.layer, ",")
	if _, err := fmt.Sscan(shape, &kernel, &in, &out, &side); err != nil {
		t.Fatal(err)
	}
	kernel, _, _ = strings.Cut(kernel, "x")
	text := fmt.Sprintf("{op: conv2d, kernel_size: %s, in_channels: %d, out_channels: %d, input: {height: %d, width: %d}", kernel, in, out, side, side)
	if !strings.Contains(rest, "padding: ") {
		text += ", padding: same"
		if strings.Contains(rest, "stride") {
			text = strings.Replace(text, "same", "2", 1)
		}
	}
	if rest != "" {
		text += ", " + rest
	}
	layer, err := configs.ParseLayer(s.name, []byte(text+"}"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := sim.NewDesign(hw, layer)
	if err != nil {
		t.Fatal(err)
	}
	data, err := d.LoadData(t.Context(), sim.Paths{}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	return proof.Layer(d, data, 1)
}

// measured is a row of the table: what Yosys made of a stage.
type measured struct {
	Stage string `json:"stage"`
	resources.Amount
}

const table = "testdata/designs.json"

// TestEstimatesOfDesigns holds estimates to what Yosys 0.23 made of the hardware of
// twelve designs, as a table says. With
// -update the text is written anew, and with CONVSIM_SYNTH and Yosys the table.
func TestEstimatesOfDesigns(t *testing.T) {
	all := map[string][]measured{}
	data, err := os.ReadFile(table)
	if err == nil {
		err = json.Unmarshal(data, &all)
	}
	if err != nil && !*update {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, s := range specimens {
		t.Run(s.name, func(t *testing.T) {
			d := s.design(t)
			if os.Getenv("CONVSIM_SYNTH") != "" && *update && Present() == nil {
				all[s.name] = synthesized(t, d)
				writeTable(t, table, all)
			}
			fmt.Fprintf(&text, "%s: %s; %s\n", s.name, s.hardware, s.layer)
			if err := hold(t, d, all[s.name]).WriteText(&text); err != nil {
				t.Error(err)
			}
			text.WriteString("\n")
		})
	}
	sameText(t, "testdata/designs.txt", text.String())
}

// sameText holds a text to a file, or writes that anew.
func sameText(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || text != string(want) {
		t.Errorf("got\n%s\nwant (-update writes it anew)\n%s%v", text, want, err)
	}
}

// synthesized is what Yosys makes of a design.
func synthesized(t *testing.T, d proof.Design) []measured {
	t.Helper()
	p, err := proof.New(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Run(context.Background(), d, p, UltraScalePlus)
	if err != nil {
		t.Fatal(err)
	}
	var list []measured
	for _, s := range c.Stages {
		list = append(list, measured{s.Name, s.Measured})
	}
	return list
}

func writeTable(t *testing.T, table string, all map[string][]measured) {
	t.Helper()
	data, err := json.MarshalIndent(all, "", "\t")
	if err == nil {
		err = os.WriteFile(table, append(data, '\n'), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Bounds of errors. A stage of a few LUTs may be off by a few.
const (
	ofTotal, ofStage = 0.20, 0.35
	few              = 4
)

// hold holds the estimate of a design to what was measured, and returns both.
func hold(t *testing.T, d proof.Design, list []measured) *Comparison {
	t.Helper()
	c := &Comparison{Family: UltraScalePlus, Multiplier: d.DSP, Total: Stage{Name: "total"}}
	for _, e := range estimates(d) {
		i := slices.IndexFunc(list, func(m measured) bool { return m.Stage == e.Name })
		if i < 0 {
			t.Errorf("%s is not in the table", e.Name)
			continue
		}
		e.Measured = list[i].Amount
		c.Stages = append(c.Stages, e)
		c.Total.Estimated, c.Total.Measured = c.Total.Estimated.Plus(e.Estimated), c.Total.Measured.Plus(e.Measured)
		near(t, e.Name, e.Estimated, e.Measured, ofStage, few)
	}
	near(t, "total", c.Total.Estimated, c.Total.Measured, ofTotal, 0)
	return c
}

func near(t *testing.T, stage string, estimate, measured resources.Amount, share float64, few int) {
	t.Helper()
	for _, r := range shown {
		e, m := estimate.Of(r), measured.Of(r)
		if off := max(e-m, m-e); float64(off) > share*float64(m) && off > few {
			t.Errorf("%s: %d %s estimated, %d synthesized (%.2f)", stage, e, r, m, float64(e)/float64(max(m, 1)))
		}
	}
}

// TestRandomEstimates draws layers and hardware, as many as CONVSIM_SYNTH says, and
// shows how far the estimates of each kind of stage are off.
func TestRandomEstimates(t *testing.T) {
	var n int
	if _, err := fmt.Sscan(cmp.Or(os.Getenv("CONVSIM_SYNTH"), "0"), &n); err != nil {
		t.Fatal(err)
	}
	if n == 0 || Present() != nil {
		t.Skip("CONVSIM_SYNTH says how many designs, which Yosys synthesizes in some seconds each")
	}
	ratios := map[string][]float64{}
	for seed := range uint64(n) {
		s := randomSpecimen(seed)
		d := s.design(t)
		list := synthesized(t, d)
		for _, e := range estimates(d) {
			i := slices.IndexFunc(list, func(m measured) bool { return m.Stage == e.Name })
			kind, _, _ := strings.Cut(e.Name, " ")
			for _, r := range shown {
				if m := list[i].Of(r); m > 0 {
					ratios[kind+" "+string(r)] = append(ratios[kind+" "+string(r)], float64(e.Estimated.Of(r))/float64(m))
				}
			}
			t.Logf("%d %s: %+v, synthesized %+v (%s; %s)", seed, e.Name, e.Estimated, list[i].Amount, s.hardware, s.layer)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(ratios)) {
		list := ratios[kind]
		slices.Sort(list)
		t.Logf("%-20s %3d: %.2f to %.2f, half of them %.2f to %.2f", kind, len(list), list[0], list[len(list)-1], list[len(list)/4], list[len(list)*3/4])
	}
}

// randomSpecimen draws a small layer and hardware.
func randomSpecimen(seed uint64) specimen {
	r := rand.New(rand.NewPCG(seed, 13))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	hardware := fmt.Sprintf("array: {pe: %d, simd: %d, latency: %s, mac_packing: %s}, window: {style: %s, frame_overlap: %s}, fifo: {depth: %s}, "+
		"accumulator: {bits: %s, overflow: %s}, requantize: {latency: %s}",
		1<<r.IntN(3), 1<<r.IntN(3), pick("0", "0", "3", "6"), pick("1", "2"), pick("serial", "serial", "parallel"), pick("false", "true"),
		pick("0", "2", "2", "8", "40"), pick("32", "24", "16"), pick("wrap", "wrap", "saturate"), pick("0", "0", "4"))
	layer := fmt.Sprintf("%s %d %d %d, stride: %d, padding: 1, padding_mode: %s, bias: %s, requantize: {%s, dtype: %s}", pick("2x2", "3x3", "3x3", "1x1"),
		4*(1+r.IntN(3)), 4*(1+r.IntN(4)), 6+r.IntN(20), 1+r.IntN(2), pick("zeros", "zeros", "replicate"), pick("false", "true"),
		pick("rule: shift, shift: 7", "rule: onnx, input_scale: 0.02, weight_scale: 0.01, output_scale: 0.1",
			"rule: tflite, input_scale: 0.02, weight_scale: 0.01, output_scale: 0.1"), pick("int8", "int8", "uint8"))
	return specimen{fmt.Sprintf("random-%d", seed), hardware, layer}
}
