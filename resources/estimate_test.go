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
		Pad:        &Pad{BeatBits: 128, FrameBeats: 58 * 58 * 4},
		Window:     &Window{Buffers: []Buffer{{Name: "rows", Depth: (2*58 + 3) * 4, WidthBits: 128, Kind: RAM}}},
		Array:      a,
		Weights:    a.WeightMemory(Auto),
		Requantize: &Requantize{
			Rule: Multiply, Lanes: 16, InputBits: 32, OutputBits: 8,
			MultiplierBits: 24, ShiftBits: 5, BiasBits: 32, ParamWords: 4,
		},
		FIFOs: []namedFIFO{
			{"pad.window", FIFO{Depth: 2, WidthBits: 128}},
			{"window.array", FIFO{Depth: 300, WidthBits: 128}},
		},
	}
}

// Each number is worked out by hand from the formulas' sources.
func TestEstimateByHand(t *testing.T) {
	want := []Row{
		// one LUT per bit, counter of 13456 beats: 14 bits; two registers with valid
		{Stage: "pad", Amount: Amount{LUT: 128 + 2*14, FF: 2*129 + 14}},
		// 476 beats: 36 wide blocks
		{Stage: "window", Amount: Amount{LUT: 300, FF: 300, BRAM18: 4}},
		// 36 beats: two SRL32 per bit, a 2:1 choice per bit, counter of 144
		{Stage: "replay", Amount: Amount{LUT: 2*128 + 64 + 2*8, FF: 128 + 8}},
		// tree 16*(2*16-1), accumulator 25 bits; queue of 10 x 400 bits
		{Stage: "array", Amount: Amount{
			DSP: 8 * 16,
			LUT: 300 + 16*(496+25)*11/10 + 2*4 + 200,
			FF:  300 + 16*(8*17+4*18+2*19+20+25) + 400 + 4 + 5,
		}},
		// 144 words of 2048 bits, counter of 144
		{Stage: "weights", Amount: Amount{LUT: 2 * 8, FF: 8 + 2048, BRAM18: 57}},
		// per lane: clamp 4+8, bias 32, round 32, shift 96; 4 words of 16*61 bits in LUTs
		{Stage: "requantize", Amount: Amount{
			DSP: 16 * 2,
			LUT: 16*(12+32+32+96) + 976 + 2*2,
			FF:  16*(8+32+32) + 2 + 976,
		}},
		{Stage: "fifo pad.window", Amount: Amount{LUT: 2 + 64, FF: 128 + 1 + 5}},
		// becomes 512 deep: 36 wide blocks
		{Stage: "fifo window.array", Amount: Amount{LUT: 18, FF: 128 + 18 + 5, BRAM18: 4}},
	}
	r := estimate(example())
	if diff := cmp.Diff(want, r.Rows); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	var total Amount
	for _, row := range want {
		total = total.Plus(row.Amount)
	}
	if diff := cmp.Diff(total, r.Total); diff != "" {
		t.Errorf("total (-want +got)\n%s", diff)
	}
}

func TestEstimateOtherArrays(t *testing.T) {
	array := func(edit func(*design)) Amount {
		d := example()
		edit(&d)
		for _, row := range estimate(d).Rows {
			if row.Stage == "array" {
				return row.Amount
			}
		}
		t.Fatal("no row for the array")
		return Amount{}
	}
	for _, tc := range []struct {
		name string
		edit func(*design)
		want Amount
	}{
		{
			"dsp58: sums inside the slices", func(d *design) { d.Multiplier = DSP58 },
			// one segment of 6 slices: latency 3, queue of 5 x 400 bits
			Amount{DSP: 16 * 6, LUT: 300 + 2*3 + 200, FF: 300 + 400 + 3 + 5},
		},
		{
			"dsp58 with latency 5: two slices per segment", func(d *design) { d.Multiplier, d.Array.Latency = DSP58, 5 },
			// 16 lanes as 6+6+4, queue of 7; operands 16*8 + 8 bits a lane
			Amount{DSP: 16 * 6, LUT: 300 + 2*3 + 200, FF: 300 + (6+2*4)*136 + 400 + 3 + 5},
		},
		{
			"two of them, an input of its own per PE", func(d *design) {
				d.Multiplier, d.Array.Latency = DSP58, 5
				d.Array.GroupParallel, d.Array.PrivateInput = 2, true
			},
			Amount{DSP: 2 * 16 * 6, LUT: 300 + 2*3 + 400, FF: 300 + 2*(6+2*4)*16*16 + 800 + 3 + 5},
		},
		{
			"multipliers in LUTs", func(d *design) { d.Multiplier = LUTMult },
			Amount{
				LUT: 300 + 16*(496+25+16*80)*11/10 + 2*2 + 200,
				FF:  300 + 16*(25+16*16) + 400 + 2 + 5,
			},
		},
		{
			"depthwise: 16 arrays of one PE, nothing to pack", func(d *design) {
				d.Array.PE, d.Array.SIMD, d.Array.GroupParallel, d.Array.SF, d.Array.NF = 1, 1, 16, 9, 1
			},
			// accumulator: 9 products of 14 bits and sign = 4+14+1 = 19; latency 5, queue of 7 x 304 bits
			Amount{DSP: 16, LUT: 300 + 16*(16+19)*11/10 + 2*3 + 152, FF: 300 + 16*19 + 304 + 3 + 5},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, array(tc.edit)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReplayBuffer(t *testing.T) {
	a := Array{PE: 4, SIMD: 2, GroupParallel: 3, SF: 9, NF: 2, InputBits: 8}
	// 48 bits of two SRL16 per LUT, a 2:1 choice for each pair of bits, counter of 18
	if got, want := a.Replay().Cost(Device{}), (Amount{LUT: 24 + 24 + 10, FF: 48 + 5}); got != want {
		t.Errorf("shared input: %+v, want %+v", got, want)
	}
	a.PrivateInput = true
	if got, want := a.Replay().Cost(Device{}), (Amount{LUT: 96 + 96 + 10, FF: 192 + 5}); got != want {
		t.Errorf("private input: %+v, want %+v", got, want)
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

func TestRequantizeRules(t *testing.T) {
	lane := Requantize{Lanes: 1, InputBits: 32, OutputBits: 8}
	for _, tc := range []struct {
		name string
		kind DSPKind
		edit func(*Requantize)
		want Amount
	}{
		{"clamp only", DSP48E2, func(q *Requantize) { q.Rule = NoScaling }, Amount{LUT: 12, FF: 8}},
		{"bias", DSP48E2, func(q *Requantize) { q.Rule, q.BiasBits = NoScaling, 32 }, Amount{LUT: 12 + 32, FF: 8 + 32}},
		{"one shift for all needs no DSP", DSP48E2, func(q *Requantize) { q.Rule = PowerOfTwo }, Amount{LUT: 12 + 32, FF: 8 + 32}},
		{"shift per channel", DSP48E2, func(q *Requantize) { q.Rule, q.ShiftBits = PowerOfTwo, 5 }, Amount{LUT: 12 + 32 + 96, FF: 8 + 32}},
		{"multiplier", DSP48E2, func(q *Requantize) { q.Rule, q.MultiplierBits = Multiply, 24 }, Amount{DSP: 2, LUT: 12 + 32, FF: 8 + 32}},
		{
			"one word of parameters is a constant", DSP48E2,
			func(q *Requantize) { q.Rule, q.BiasBits, q.ParamWords = NoScaling, 32, 1 },
			Amount{LUT: 12 + 32, FF: 8 + 32},
		},
		{
			"two words are a memory", DSP48E2,
			func(q *Requantize) { q.Rule, q.BiasBits, q.ParamWords = NoScaling, 32, 2 },
			Amount{LUT: 12 + 32 + 32 + 2, FF: 8 + 32 + 32 + 1},
		},
		{
			"multiplier in LUTs", LUTMult, func(q *Requantize) { q.Rule, q.MultiplierBits = Multiply, 24 },
			Amount{LUT: 12 + 32 + (2*10-1)*56, FF: 8 + 32 + 56},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := lane
			tc.edit(&q)
			if diff := cmp.Diff(tc.want, q.Cost(Device{DSP: tc.kind})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
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
	amount := `"dsp":128,"lut":9677,"ff":5365,"bram18":0,"uram":0}`
	want := `{"multiplier":"dsp48e2","clock_mhz":200,"stages":[{"stage":"array",` + amount + `],"total":{` + amount + `}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}
