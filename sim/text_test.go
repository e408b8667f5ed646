package sim

import (
	"bytes"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/convsim/convsim/internal/mapping"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/textwrap"
)

var update = flag.Bool("update", false, "write the golden files anew")

func ptr[T any](v T) *T { return &v }

// typical is a report with everything in it.
func typical() *Report {
	return &Report{
		Hardware: "edge", Layer: "conv1", Frames: 3, Cycles: 12345, FirstOutputCycle: ptr(int64(17)), SteadyInterval: ptr(4000.0),
		MACs: 1234567, MACsPerCycle: 100.0059, Multipliers: 128, Utilization: 0.78, ClockMHz: 250, LatencyUS: 17.4, FPS: 62500,
		Verified: ptr(true), OutputSHA256: "ab", ExpectMet: true,
		Estimate:   Estimate{BoundCycles: 12000, BoundStage: "array", Cycles: 12020, Percent: -2.63},
		Folding:    Folding{IdleShare: 0.125},
		Bottleneck: Bottleneck{Stage: "array", Why: "array is busy in 97.2 % of the cycles", Relief: "a larger array.pe"},
		Stages: []StageUse{
			{Name: "source", Busy: 1000, Blocked: 11000, Other: 345, Total: 12345, BlockedOn: "source.window", Finished: 345},
			{Name: "linebuffer", Busy: 1000, Other: 11345, Total: 12345, StarvedOn: "source.window", BlockedOn: "window", Turnaround: 11345},
			{Name: "window", Busy: 12000, Starved: 300, Blocked: 45, Total: 12345, StarvedOn: "linebuffer", BlockedOn: "window.array"},
			{Name: "array", Busy: 12000, Starved: 345, Total: 12345, StarvedOn: "window.array", BlockedOn: "array.sink"},
			{Name: "sink", Busy: 500, Starved: 1845, Other: 10000, Total: 12345, StarvedOn: "array.sink", Throttled: 10000},
		},
		FIFOs: []FIFOUse{{Name: "source.window", Depth: 2, Beats: 1000, MaxOccupancy: 2, FullCycles: 11000},
			{Name: "window.array"}, {Name: "array.sink", Depth: 16, Beats: 500, MaxOccupancy: 7, EmptyCycles: 9000}},
		Buffers:     []BufferUse{{Name: "linebuffer", Depth: 1024, WidthBits: 64, Bits: 65536, BRAM18: 4}, {Name: "weights", Depth: 9, WidthBits: 512, Bits: 4608}},
		Accumulator: &AccumulatorUse{Bits: 16, NeededBits: 18, Overflow: "wrap", Overflowed: true},
		DSPKind:     resources.DSP48E2, ArrayLatency: 7,
		Cost: resources.Amount{DSP: 64, LUT: 5000, FF: 6000, BRAM18: 4},
	}
}

// huge has the longest names and the largest numbers.
func huge() *Report {
	r := typical()
	r.Layer, r.Hardware = strings.Repeat("layer-", 30), strings.Repeat("größe", 20)
	r.Cycles, r.MACs, r.Multipliers, r.Frames = mapping.MaxCycles, math.MaxInt64, math.MaxInt64, MaxFrames
	r.FirstOutputCycle, r.SteadyInterval = ptr(int64(mapping.MaxCycles-1)), ptr(float64(mapping.MaxCycles))
	r.LatencyUS, r.FPS, r.MACsPerCycle = mapping.MaxCycles*1000, 0.00012345, 1<<48
	r.Verified, r.ExpectMet = ptr(false), false
	for i := range r.Stages {
		s := &r.Stages[i]
		*s = StageUse{Name: "stage4/branch/" + s.Name, Busy: mapping.MaxCycles, Total: mapping.MaxCycles, StarvedOn: "stage4/branch/" + s.StarvedOn}
	}
	r.FIFOs[0] = FIFOUse{Name: "stage4/branch/source.window", Depth: 1 << 20, Beats: math.MaxInt64, MaxOccupancy: 1 << 20, FullCycles: mapping.MaxCycles}
	r.Buffers[0] = BufferUse{Name: "stage4/branch/linebuffer", Depth: math.MaxInt64, WidthBits: math.MaxInt64, Bits: math.MaxInt64, BRAM18: math.MaxInt}
	r.Cost, r.NoCost = resources.Amount{}, "the design is larger than the formulas go"
	return r
}

func none() *Report {
	return &Report{Hardware: "edge", Layer: "none", ClockMHz: 250, Multipliers: 64, Stages: []StageUse{}, Verified: ptr(true),
		Accumulator: &AccumulatorUse{Bits: 32, NeededBits: 1}, NoCost: "the design is larger than the formulas go"}
}

// overflowed is a report of outputs that are not Conv2d's.
func overflowed() *Report {
	r := typical()
	r.Verdict, r.Verified = Overflowed, ptr(false)
	r.Overflow = &Overflow{Elements: 1234, Of: 5678, LargestDifference: 65536, BitsNeeded: 18}
	return r
}

func TestWriteText(t *testing.T) {
	for _, c := range []struct {
		golden string
		report *Report
		colour bool
	}{
		{"typical.txt", typical(), false},
		{"colour.txt", typical(), true},
		{"huge.txt", huge(), false},
		{"none.txt", none(), false},
		{"overflow.txt", overflowed(), true},
	} {
		t.Run(c.golden, func(t *testing.T) {
			var b bytes.Buffer
			if err := c.report.WriteText(&b, c.colour); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", c.golden)
			if *update {
				if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, b.Bytes(), 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

var escape = regexp.MustCompile("\x1b\\[[0-9]+m")

// TestColourOnlyPaints: without its escapes, coloured text is the plain one.
func TestColourOnlyPaints(t *testing.T) {
	for _, r := range []*Report{typical(), huge(), none()} {
		var plain, painted bytes.Buffer
		if err := errors.Join(r.WriteText(&plain, false), r.WriteText(&painted, true)); err != nil {
			t.Fatal(err)
		}
		if escape.Match(plain.Bytes()) || !escape.Match(painted.Bytes()) {
			t.Error("escapes where none should be, or none where some should be")
		}
		if diff := cmp.Diff(plain.String(), escape.ReplaceAllString(painted.String(), "")); diff != "" {
			t.Errorf("mismatch (-plain +painted):\n%s", diff)
		}
	}
}

// TestRowsFitTheTerminal: with all there can be said.
func TestRowsFitTheTerminal(t *testing.T) {
	r := typical()
	r.Layer, r.Hardware = strings.Repeat("layer-", 8), strings.Repeat("hardware-", 8)
	r.Stages[0].Name = "network7.requantize"
	var plain bytes.Buffer
	if err := r.WriteText(&plain, false); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(plain.String()) {
		if n := textwrap.Len(strings.TrimSuffix(line, "\n")); n > textwrap.Width {
			t.Errorf("%d places: %s", n, line)
		}
	}
}

// TestBarsAreFull: whatever a stage did, its bar has all its cells, and its
// percentages sum to 100 but for rounding.
func TestBarsAreFull(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.Int64Range(0, mapping.MaxCycles/4)
		s := StageUse{Busy: 1 + part.Draw(t, "busy"), Starved: part.Draw(t, "starved"), Blocked: part.Draw(t, "blocked"), Other: part.Draw(t, "other")}
		s.Total = s.Busy + s.Starved + s.Blocked + s.Other
		if n := utf8.RuneCountInString((&text{}).bar(s, barCells)); n != barCells {
			t.Fatalf("%d cells, want %d", n, barCells)
		}
		sum := 0.0
		for _, p := range barParts {
			sum += percent(p.of(s), s.Total)
		}
		if math.Abs(sum-100) > 1e-6 {
			t.Fatalf("%v %%", sum)
		}
	})
}

// failing fails at its n-th write.
type failing struct{ n int }

var errFull = errors.New("disk full")

func (f *failing) Write(p []byte) (int, error) {
	if f.n--; f.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestTextThatCannotBeWritten(t *testing.T) {
	for n := range 20 {
		if err := typical().WriteText(&failing{n}, false); !errors.Is(err, errFull) {
			t.Errorf("after %d writes: %v", n, err)
		}
	}
}

func TestDigitsInThrees(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 7: "7", 999: "999", 1000: "1,000", -1: "-1", -999: "-999", -1000: "-1,000",
		1234567: "1,234,567", math.MaxInt64: "9,223,372,036,854,775,807", math.MinInt64: "-9,223,372,036,854,775,808"} {
		if got := group(n); got != want {
			t.Errorf("group(%d) = %q, want %q", n, got, want)
		}
	}
}
