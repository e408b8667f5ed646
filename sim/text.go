package sim

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/convsim/convsim/internal/textwrap"
)

// WriteText writes the report for people: the pipeline, what every stage did,
// how full the FIFOs got, what sets the pace.
func (r *Report) WriteText(w io.Writer, colour bool) error {
	t := &text{w: w, colour: colour}
	title := fmt.Sprintf("%s on %s: %s, %s MACs", t.bold(r.Layer), t.bold(r.Hardware), frames(r.Frames), group(r.MACs))
	t.printf("%s\n", textwrap.Lines(title, "", "  "))
	t.pipeline(r)
	t.stages(r)
	t.fifos(r)
	if r.Timeline != nil {
		t.timeline(r.Timeline)
	}
	t.buffers(r)
	t.summary(r)
	return t.err
}

// text writes lines until one fails.
type text struct {
	w      io.Writer
	colour bool
	err    error
}

func (t *text) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

func (t *text) paint(code, s string) string {
	if !t.colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (t *text) bold(s string) string { return t.paint("1", s) }

func frames(n int64) string {
	if n == 1 {
		return "1 frame"
	}
	return group(n) + " frames"
}

// group writes a number with its digits in threes.
func group(n int64) string { return textwrap.Group(n) }

// decimal writes a number with a decimal, a small one with three digits.
func decimal(v float64) string {
	if v > 0 && v < 1 {
		return fmt.Sprintf("%.3g", v)
	}
	return fmt.Sprintf("%.1f", v)
}

func percent(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

// nameCells is the least width of a column of names.
const nameCells = 17

func (t *text) fifos(r *Report) {
	held := false
	for _, f := range r.FIFOs {
		held = held || f.Depth > 0
	}
	if !held || r.Cycles == 0 {
		return
	}
	width := nameCells
	for _, f := range r.FIFOs {
		width = max(width, utf8.RuneCountInString(f.Name))
	}
	t.printf("  %-*s %6s %6s %8s %8s\n", width, "FIFO", "depth", "peak", "full", "empty")
	for _, f := range r.FIFOs {
		if f.Depth == 0 {
			t.printf("  %-*s %6s\n", width, f.Name, "wire")
			continue
		}
		t.printf("  %-*s %6d %6d %7.1f%% %7.1f%%\n", width, f.Name, f.Depth, f.MaxOccupancy,
			percent(f.FullCycles, r.Cycles), percent(f.EmptyCycles, r.Cycles))
	}
	t.printf("\n")
}

func (t *text) buffers(r *Report) {
	rows := [][]string{{"buffer", "words", "bits wide", "bits", "BRAM18"}}
	widths := []int{nameCells, 8, 11, 12, 7}
	for _, b := range r.Buffers {
		rows = append(rows, []string{b.Name, group(b.Depth), group(b.WidthBits), group(b.Bits), group(int64(b.BRAM18))})
	}
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		t.printf("  %-*s", widths[0], row[0])
		for i, cell := range row[1:] {
			t.printf(" %*s", widths[i+1], cell)
		}
		t.printf("\n")
	}
	t.printf("\n")
}

// row is one line of the summary.
func (t *text) row(name, format string, args ...any) {
	t.printf("%s", textwrap.Lines(fmt.Sprintf(format, args...), fmt.Sprintf("  %-12s ", name), strings.Repeat(" ", 15)))
}

// mean is a number of cycles, with a fraction where it has one.
func mean(cycles float64) string {
	whole := math.Floor(cycles)
	if whole == cycles {
		return group(int64(whole))
	}
	return group(int64(whole)) + strings.TrimPrefix(fmt.Sprintf("%.2f", cycles-whole), "0")
}

// spread says how the intervals differ, nothing when they do not.
func (s *SteadyUse) spread() string {
	switch {
	case s == nil || s.Least == s.Most:
		return ""
	case s.PeriodFrames > 0:
		return fmt.Sprintf(" (%s to %s, again every %d frames)", group(s.Least), group(s.Most), s.PeriodFrames)
	}
	return fmt.Sprintf(" (%s to %s, in the later half of the frames)", group(s.Least), group(s.Most))
}

func (t *text) summary(r *Report) {
	t.row("cycles", "%s (%.1f us at %g MHz)", t.bold(group(r.Cycles)), float64(r.Cycles)/r.ClockMHz, r.ClockMHz)
	if r.FirstOutputCycle != nil {
		t.row("latency", "first output in cycle %s, first frame done after %.1f us", group(*r.FirstOutputCycle), r.LatencyUS)
	}
	if r.SteadyInterval != nil {
		t.row("throughput", "a frame every %s cycles, %s frames/s%s", mean(*r.SteadyInterval), decimal(r.FPS), r.Steady.spread())
	} else if r.Cycles > 0 {
		t.row("throughput", "%s frames/s (three or more frames give the steady interval: --frames 3)", decimal(r.FPS))
	}
	t.row("multipliers", "%s built, %.1f %% used (%.2f MACs per cycle)", group(r.Multipliers), 100*r.Utilization, r.MACsPerCycle)
	if r.DSPKind != "" {
		t.row("array", "of %s, a result %d cycles after its last operands", r.DSPKind, r.ArrayLatency)
	}
	if r.DRAM != nil {
		t.printf("%s", r.DRAM.text())
		if r.MemoryBound {
			t.row("memory-bound", "the array waits for weights in more than 5 %% of the cycles")
		}
	}
	if r.Folding.IdleShare > 0 {
		t.row("folding", "does not divide: %.1f %% of the multiplications fall on idle lanes", 100*r.Folding.IdleShare)
	}
	if r.Frames > 0 {
		t.row("estimate", "%s cycles by formula (%s), %+.1f %% off", group(r.Estimate.Cycles), r.Estimate.BoundStage, r.Estimate.Percent)
	}
	t.resources(r)
	if r.Frames > 0 {
		t.accumulator(r.Accumulator)
	}
	if r.Bottleneck.Stage != "" {
		t.row("bottleneck", "%s; relief: %s", r.Bottleneck.Why, r.Bottleneck.Relief)
	}
	for _, s := range r.Stages {
		if s.Overfull {
			t.row("overfull", "%s: %s", s.Name, overfull)
		}
	}
	if f := r.DeeperFIFO; f != nil {
		t.row("deeper FIFO", "fifo.edges: {%s: %d} takes %.1f %% off: %s cycles", f.Edge, f.Depth, f.Percent, group(f.Cycles))
	}
	t.verified(r)
}

func (t *text) resources(r *Report) {
	if r.NoCost != "" {
		t.row("resources", "not estimated: %s", strings.ReplaceAll(r.NoCost, "\n", "; "))
		return
	}
	c := r.Cost
	t.row("resources", "%d DSP, %s LUT, %s FF, %d BRAM18, %d URAM (estimated)", c.DSP, group(int64(c.LUT)), group(int64(c.FF)), c.BRAM18, c.URAM)
}

func (t *text) accumulator(a *AccumulatorUse) {
	if a == nil {
		return
	}
	note := ""
	if a.Overflowed {
		note = t.paint("31", " and did "+a.Overflow)
	}
	t.row("accumulator", "%d bits needed, %d there%s", a.NeededBits, a.Bits, note)
}

func (t *text) verified(r *Report) {
	switch {
	case r.Verified == nil && r.OutputSHA256 == "":
		t.row("values", "not computed")
	case r.Verified == nil:
		t.row("values", "computed, not compared")
		t.row("sha256", "%s", r.OutputSHA256)
	case r.Overflow != nil && r.Verdict == Overflowed:
		t.overflow(r.Overflow, t.expected(r))
	case *r.Verified:
		t.row("values", "%s", t.paint("32", "outputs equal the reference Conv2d, bit for bit")+t.expected(r))
	default:
		t.row("values", "%s", t.paint("31", "outputs are wrong"))
	}
}

// overflow says what the outputs are when they are not Conv2d's.
func (t *text) overflow(o *Overflow, expected string) {
	code, accepted := "31", ""
	if o.Allowed {
		code, accepted = "33", ", as allowed"
	}
	t.row("values", "%s", t.paint(code, "outputs equal the overflowing accumulators, not Conv2d"+accepted)+expected)
	t.row("overflow", "%s of %s outputs are not Conv2d's, by at most %s; %d bits would do",
		group(int64(o.Elements)), group(int64(o.Of)), group(o.LargestDifference), o.BitsNeeded)
}

func (t *text) expected(r *Report) string {
	if !r.ExpectMet {
		return ""
	}
	return t.paint("32", r.Expect.met())
}
