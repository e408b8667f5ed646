package configs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var plainHardware = cmpopts.IgnoreUnexported(configs.Hardware{})

func TestHardwareDefaults(t *testing.T) {
	got, err := configs.ParseHardware("x.yaml", []byte("name: x"))
	if err != nil {
		t.Fatal(err)
	}
	want := &configs.Hardware{
		Name:     "x",
		ClockMHz: 200,
		LayerHardware: configs.LayerHardware{
			Array:       configs.Array{PE: 1, SIMD: 1, GroupParallel: 1, MacPacking: 2},
			Window:      configs.Window{Style: configs.Serial},
			Weights:     configs.Weights{From: configs.OnChip, Reuse: configs.RowReuse, Memory: "auto"},
			Accumulator: configs.Accumulator{Bits: 32, Overflow: configs.Wrap},
			FIFO:        configs.FIFO{Depth: 2, Latency: 1},
			Requantize:  configs.RequantizeStage{Style: configs.RegisterStage},
			Fork:        configs.EagerFork,
			Join:        configs.PlainJoin,
			Width:       configs.DWC,
		},
		Mode: configs.Streaming,
		DRAM: configs.DRAM{Overlap: true},
	}
	if diff := cmp.Diff(want, got, plainHardware); diff != "" {
		t.Errorf("defaults mismatch (-want +got):\n%s", diff)
	}
}

func TestHardwareValues(t *testing.T) {
	text := `
name: big
clock_mhz: 312.5
array: {pe: 65536, simd: 3, group_parallel: 2}
window: {style: parallel, frame_overlap: true, buffer_depth: 77}
accumulator: {bits: 2, overflow: saturate, allow_overflow: true}
requantize: {style: threshold, deep_pipeline: true}
fork: all
join: queue
width: generic
fifo:
  depth: 0
  latency: 64
  edges: {source.pad: 1, source.window: 2, pad.window: 3, window.array: 4, array.sink: 5, array.requantize: 6, requantize.sink: 0}
source: {random: 2147483647}
sink: {burst: {on: 1, off: 0}}
mode: layerwise
dram: {bytes_per_cycle: 12.5, overlap: false}
board: zcu104
resources: {dsp: dsp58}
`
	got, err := configs.ParseHardware("x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	edges := map[string]int{"source.pad": 1, "source.window": 2, "pad.window": 3, "window.array": 4, "array.sink": 5,
		"array.requantize": 6, "requantize.sink": 0}
	zcu104 := got.Device()
	if zcu104 == nil || zcu104.Part != "XCZU7EV" {
		t.Errorf("the board is %+v", zcu104)
	}
	want := &configs.Hardware{
		Name:     "big",
		ClockMHz: 312.5,
		LayerHardware: configs.LayerHardware{
			Array:       configs.Array{PE: 65536, SIMD: 3, GroupParallel: 2, MacPacking: 2},
			Window:      configs.Window{Style: configs.Parallel, FrameOverlap: true, BufferDepth: 77},
			Weights:     configs.Weights{From: configs.OnChip, Reuse: configs.RowReuse, Memory: "auto"},
			Accumulator: configs.Accumulator{Bits: 2, Overflow: configs.Saturate, AllowOverflow: true},
			FIFO:        configs.FIFO{Depth: 0, Latency: 64, Edges: edges},
			Requantize:  configs.RequantizeStage{Style: configs.ThresholdStage, Deep: true},
			Fork:        configs.AllFork,
			Join:        configs.QueueJoin,
			Width:       configs.GenericWidth,
		},
		Source:    configs.Handshake{Kind: configs.Random, Seed: 2147483647},
		Sink:      configs.Handshake{Kind: configs.Burst, On: 1},
		Mode:      configs.Layerwise,
		DRAM:      configs.DRAM{BytesPerCycle: 12.5},
		Board:     configs.BoardRef{Board: zcu104},
		Resources: configs.Resources{DSP: "dsp58"},
	}
	if diff := cmp.Diff(want, got, plainHardware); diff != "" {
		t.Errorf("values mismatch (-want +got):\n%s", diff)
	}
	if macs := got.Array.Macs(); macs != 65536*3*2 {
		t.Errorf("Macs() = %d", macs)
	}
}

func TestDepthOf(t *testing.T) {
	f := configs.FIFO{Depth: 2, Edges: map[string]int{"pad.window": 0}}
	if got := f.DepthOf("pad.window"); got != 0 {
		t.Errorf("DepthOf(pad.window) = %d, want the 0 given for it", got)
	}
	if got := f.DepthOf("array.sink"); got != 2 {
		t.Errorf("DepthOf(array.sink) = %d, want the default 2", got)
	}
}

func TestHandshakes(t *testing.T) {
	tests := []struct {
		text string
		want configs.Handshake
	}{
		{"{pattern: full}", configs.Handshake{Kind: configs.Full}},
		{"{every: 3}", configs.Handshake{Kind: configs.Every, Every: 3}},
		{"{every: 3, phase: 2}", configs.Handshake{Kind: configs.Every, Every: 3, Phase: 2}},
		{"{burst: {on: 4, off: 2}}", configs.Handshake{Kind: configs.Burst, On: 4, Off: 2}},
		{"{random: 0}", configs.Handshake{Kind: configs.Random}},
		{"{cycles: [0, 4, 5]}", configs.Handshake{Kind: configs.Listed, Cycles: []int64{0, 4, 5}}},
		{"{cycles: [0, 4], repeat: 5}", configs.Handshake{Kind: configs.Listed, Cycles: []int64{0, 4}, Repeat: 5}},
		{"{bytes_per_cycle: 1.5}", configs.Handshake{Kind: configs.Rate, BytesPerCycle: 1.5}},
		{"{file: cycles.txt, repeat: 12}", configs.Handshake{Kind: configs.Listed, Cycles: []int64{0, 3, 4, 9, 11}, Repeat: 12,
			File: configs.Path{Written: "cycles.txt", Resolved: "testdata/cycles.txt"}}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			hw, err := configs.ParseHardware("testdata/x.yaml", []byte("name: x\nsource: {pattern: full}\nsink: "+tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, hw.Sink); diff != "" {
				t.Errorf("handshake mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHandshakeMistakes(t *testing.T) {
	const choices = "exactly one of pattern, every, burst, random, cycles, file, bytes_per_cycle"
	tests := []struct{ text, want string }{
		{"{}", "2:7: sink: no single rule, got none; allowed: " + choices},
		{"full", "2:7: sink: not a mapping, got full; allowed: a mapping of pattern, every, phase, burst, random, cycles, file, repeat, bytes_per_cycle"},
		{"{phase: 1}", "2:7: sink: no single rule, got none; allowed: " + choices},
		{"{pattern: half}", "2:17: sink.pattern: not among the choices, got half; allowed: full, dram"},
		{"{every: 0}", "2:15: sink.every: out of range, got 0; allowed: whole number 1..1073741824"},
		{"{every: 2, phase: 2}", "2:25: sink.phase: out of range, got 2; allowed: whole number 0..1, below every"},
		{"{every: 2, repeat: 2}", "2:18: sink.repeat: key not allowed beside every, got repeat; allowed: every, phase"},
		{"{random: 2147483648}", "2:16: sink.random: out of range, got 2147483648; allowed: whole number 0..2147483647"},
		{"{burst: {on: 0, off: 1}}", "2:20: sink.burst.on: out of range, got 0; allowed: whole number 1..1073741824"},
		{"{burst: {on: 1}}", "2:15: sink.burst.off: missing, got nothing; allowed: whole number 0..1073741824"},
		{"{cycles: []}", "2:16: sink.cycles: too few entries, got a list; allowed: a list that is not empty, each entry: whole number 0..1000000000000000"},
		{"{cycles: [1, 1]}", "2:20: sink.cycles[1]: not ascending, got 1; allowed: a cycle after 1"},
		{"{cycles: [1, 4], repeat: 4}", "2:32: sink.repeat: out of range, got 4; allowed: a period longer than the last cycle, 4"},
		{"{bytes_per_cycle: 0}", "2:25: sink.bytes_per_cycle: out of range, got 0; allowed: number 0.000001..1000000 such as 0.5 or 1e-3"},
		{"{file: none.txt}", "2:14: sink.file: cannot read cycles (no such file or directory), got none.txt; allowed: a text file of cycle numbers"},
		{"{file: .}", "2:14: sink.file: cannot read cycles (not a regular file), got .; allowed: a text file of cycle numbers"},
		{"{file: empty.txt}", "2:14: sink.file: empty.txt, line 1: no cycle number, got nothing; allowed: whole number 0..1000000000000000"},
		{"{file: cycles.txt, repeat: 11}", "2:34: sink.repeat: out of range, got 11; allowed: a period longer than the last cycle, 11"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			err := parseHardware("testdata/x.yaml", []byte("name: x\nsink: "+tt.text))
			if diff := cmp.Diff("testdata/x.yaml:"+tt.want, fmt.Sprint(err)); diff != "" {
				t.Errorf("message mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMistakesInACycleFile(t *testing.T) {
	err := parseHardware("testdata/x.yaml", []byte("name: x\nsource: {file: bad_cycles.txt}"))
	var got []string
	for _, e := range asErrors(t, err).List {
		got = append(got, e.Message)
	}
	want := []string{
		`bad_cycles.txt, line 2: not an ascending cycle number, got "three"; allowed: whole number 2..1000000000000000`,
		`bad_cycles.txt, line 3: not an ascending cycle number, got "1"; allowed: whole number 2..1000000000000000`,
		`bad_cycles.txt, line 4: not an ascending cycle number, got "-2"; allowed: whole number 6..1000000000000000`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages mismatch (-want +got):\n%s", diff)
	}
}

// TestHardwareRoundTrip writes random hardware and reads it back.
func TestHardwareRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		within := func(name string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name) }
		want := &configs.Hardware{
			Name:     "x",
			ClockMHz: rapid.Float64Range(0.001, 1e6).Draw(t, "clock"),
			LayerHardware: configs.LayerHardware{
				Array: configs.Array{PE: within("pe", 1, 65536), SIMD: within("simd", 1, 65536), GroupParallel: within("group", 1, 65536),
					Latency: within("array latency", 0, 64), MacPacking: within("packing", 1, 2)},
				Window: configs.Window{
					Style:        rapid.SampledFrom([]configs.WindowStyle{configs.Serial, configs.Parallel}).Draw(t, "style"),
					FrameOverlap: rapid.Bool().Draw(t, "overlap"),
					BufferDepth:  within("buffer", 0, 1<<30),
				},
				Weights: configs.Weights{
					From:   rapid.SampledFrom([]configs.WeightsFrom{configs.OnChip, configs.FromDRAM}).Draw(t, "from"),
					Reuse:  rapid.SampledFrom([]configs.Reuse{configs.PixelReuse, configs.RowReuse, configs.FrameReuse}).Draw(t, "reuse"),
					Memory: rapid.SampledFrom([]resources.RAMStyle{"auto", resources.LUTRAM, resources.Block, resources.Ultra}).Draw(t, "memory"),
				},
				Accumulator: configs.Accumulator{
					Bits:          within("bits", 2, 32),
					Overflow:      rapid.SampledFrom([]configs.Overflow{configs.Wrap, configs.Saturate}).Draw(t, "overflow"),
					AllowOverflow: rapid.Bool().Draw(t, "allow_overflow"),
				},
				FIFO: configs.FIFO{Depth: within("depth", 0, 1<<20), Latency: within("latency", 1, 64)},
				Requantize: configs.RequantizeStage{Style: rapid.SampledFrom([]configs.StageStyle{configs.RegisterStage, configs.ThresholdStage, configs.ScaleStage}).Draw(t, "stage"),
					Latency: within("requantize latency", 0, 64)},
				Fork:  rapid.SampledFrom([]configs.ForkStyle{configs.EagerFork, configs.AllFork, configs.TapFork}).Draw(t, "fork"),
				Join:  rapid.SampledFrom([]configs.JoinStyle{configs.PlainJoin, configs.QueueJoin}).Draw(t, "join"),
				Width: rapid.SampledFrom([]configs.WidthStyle{configs.DWC, configs.GenericWidth, configs.AdapterWidth}).Draw(t, "width"),
			},
			Mode:      rapid.SampledFrom([]configs.Mode{configs.Streaming, configs.Layerwise}).Draw(t, "mode"),
			DRAM:      configs.DRAM{BytesPerCycle: rapid.Float64Range(1e-6, 1e6).Draw(t, "dram"), Overlap: rapid.Bool().Draw(t, "beside")},
			Resources: configs.Resources{DSP: rapid.SampledFrom([]string{"dsp48e2", "dsp58", "lut"}).Draw(t, "dsp")},
		}
		got, err := configs.ParseHardware("x.yaml", []byte(write(want)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, plainHardware); diff != "" {
			t.Fatalf("round trip mismatch (-want +got):\n%s", diff)
		}
	})
}

func write(h *configs.Hardware) string {
	var b strings.Builder
	fmt.Fprintf(&b, "name: %s\nclock_mhz: %v\n", h.Name, h.ClockMHz)
	fmt.Fprintf(&b, "array: {pe: %d, simd: %d, group_parallel: %d, latency: %d, mac_packing: %d}\n", h.Array.PE, h.Array.SIMD, h.Array.GroupParallel,
		h.Array.Latency, h.Array.MacPacking)
	fmt.Fprintf(&b, "window: {style: %s, frame_overlap: %t, buffer_depth: %d}\n", h.Window.Style, h.Window.FrameOverlap, h.Window.BufferDepth)
	fmt.Fprintf(&b, "weights: {from: %s, reuse: %s, memory: %s}\n", h.Weights.From, h.Weights.Reuse, h.Weights.Memory)
	fmt.Fprintf(&b, "accumulator: {bits: %d, overflow: %s, allow_overflow: %v}\n", h.Accumulator.Bits, h.Accumulator.Overflow, h.Accumulator.AllowOverflow)
	fmt.Fprintf(&b, "requantize: {style: %s, latency: %d}\nfork: %s\njoin: %s\nwidth: %s\n", h.Requantize.Style, h.Requantize.Latency, h.Fork, h.Join, h.Width)
	fmt.Fprintf(&b, "fifo: {depth: %d, latency: %d}\n", h.FIFO.Depth, h.FIFO.Latency)
	fmt.Fprintf(&b, "mode: %s\ndram: {bytes_per_cycle: %v, overlap: %v}\n", h.Mode, h.DRAM.BytesPerCycle, h.DRAM.Overlap)
	fmt.Fprintf(&b, "resources: {dsp: %s}\n", h.Resources.DSP)
	return b.String()
}
