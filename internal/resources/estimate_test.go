package resources

import (
	"encoding/json"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a file under testdata, or rewrites it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", path, diff)
	}
}

// example is a 3x3 convolution of 64 to 64 channels on 56 x 56 pixels, int8,
// serial window, 16 x 16 multipliers.
func example() design {
	a := Array{
		PE: 16, SIMD: 16, GroupParallel: 1, SF: 36, NF: 4, GroupFolds: 1,
		WeightBits: 8, InputBits: 8, AccumulatorBits: 32, SignedInput: true, Packing: 2,
	}
	return design{
		Multiplier: DSP48E2,
		ClockMHz:   200,
		Pad:        &Pad{BeatBits: 128, Counts: []int{58 * 4, 58}},
		Window:     &Window{Buffers: []Buffer{{Name: "rows", Depth: (2*58 + 3) * 4, WidthBits: 128, Kind: RAM}}, Beats: 58 * 58 * 4, Depth: (2*58 + 3) * 4, Counts: []int{4, 3, 3, 1, 56, 56}},
		Array:      a,
		Weights:    a.WeightMemory(Auto),
		Requantize: &Requantize{
			Rule: Single, Lanes: 16, InputBits: 25, OutputBits: 8, Signed: true, Shift: 33, ParamWords: 4, Latency: 1,
		},
		FIFOs: []namedFIFO{
			{"pad.window", FIFO{Depth: 2, WidthBits: 128}},
			{"window.array", FIFO{Depth: 300, WidthBits: 128}},
		},
	}
}

// What an estimate is made of: DSP slices and blocks by their formulas; LUTs and
// flip-flops are held to a synthesis in package synth.
func TestEstimateOfExample(t *testing.T) {
	want := map[string]Amount{"window": {BRAM18: 4}, "replay": {BRAM18: 4}, "array": {DSP: 8 * 16}, "weights": {BRAM18: 57}, "requantize": {DSP: 16 * 4},
		"fifo window.array": {BRAM18: 4}}
	r := estimate(example())
	var total Amount
	for _, row := range r.Rows {
		total = total.Plus(row.Amount)
		if got := (Amount{DSP: row.DSP, BRAM18: row.BRAM18}); got != want[row.Stage] {
			t.Errorf("%s: %+v, want %+v", row.Stage, got, want[row.Stage])
		}
	}
	if diff := cmp.Diff(total, r.Total); diff != "" {
		t.Errorf("total (-want +got)\n%s", diff)
	}
}

func TestWeightMemory(t *testing.T) {
	a := Array{PE: 2, SIMD: 3, GroupParallel: 5, SF: 7, NF: 11, GroupFolds: 13, WeightBits: 4}
	want := Memory{Words: 7 * 11 * 13, WordBits: 2 * 3 * 5 * 4, Style: Ultra}
	if got := a.WeightMemory(Ultra); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestAbsentStagesHaveNoRow(t *testing.T) {
	d := example()
	d.Pad, d.Window, d.Requantize, d.FIFOs, d.Weights, d.Array.NF = nil, nil, nil, nil, Memory{}, 1
	r := estimate(d)
	if len(r.Rows) != 1 || r.Rows[0].Stage != "array" || r.Rows[0].Amount != r.Total {
		t.Errorf("got %+v, want the array alone", r.Rows)
	}
}

func TestBillTellsAllAtOnce(t *testing.T) {
	d := example()
	d.Multiplier = "dsp49"
	d.ClockMHz = math.NaN()
	d.Array.PE = 0
	d.Array.WeightBits = 65
	d.Weights.Style = "flash"
	d.Pad.Buffers = []Buffer{{Name: "row", Depth: -4, WidthBits: 8, Kind: RAM}}
	d.Window.Buffers[0].Kind = "rom"
	d.Requantize.Rule = "divide"
	d.FIFOs[1].Depth = -1
	_, err := d.bill().Report()
	if err == nil {
		t.Fatal("accepted")
	}
	golden(t, "invalid.txt", err.Error()+"\n")
	if n := len(d.bill().report.Rows); n != 2 {
		t.Errorf("%d stages are priced, want the 2 in order", n)
	}
}

func TestClockOfDSP58(t *testing.T) {
	d := example()
	d.Multiplier, d.ClockMHz = DSP58, 1400
	want := "clock is 1400 MHz, a dsp58 needs 0.741 ns for one product: at most 1350 MHz"
	if _, err := d.bill().Report(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestReportJSON(t *testing.T) {
	d := example()
	d.Pad, d.Window, d.Requantize, d.FIFOs, d.Weights, d.Array.NF = nil, nil, nil, nil, Memory{}, 1
	text, err := json.Marshal(estimate(d))
	if err != nil {
		t.Fatal(err)
	}
	amount := `"dsp":128,"lut":6554,"ff":8879,"bram18":0,"uram":0}`
	want := `{"multiplier":"dsp48e2","clock_mhz":200,"stages":[{"stage":"array",` + amount + `],"total":{` + amount + `}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}
