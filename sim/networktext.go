package sim

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/textwrap"
)

// WriteText writes the report for people, 80 columns wide.
func (r *NetworkReport) WriteText(w io.Writer) error {
	var b strings.Builder
	all := cmp.Or(r.of, len(r.Layers))
	fmt.Fprintf(&b, "%s on %s: %d layers, %s, %s MACs\n\n", clip(r.Model, 30), clip(r.Hardware, 24), all, frames(r.Frames), group(r.MACs))
	r.timeTable(&b)
	r.costTable(&b)
	if left := all - len(r.Layers); left > 0 {
		fmt.Fprintf(&b, "  and %d layers more\n", left)
	}
	fmt.Fprintf(&b, "\n  cycles       %s (%.1f us at %g MHz)\n", group(r.Cycles), float64(r.Cycles)/r.ClockMHz, r.ClockMHz)
	fmt.Fprintf(&b, "  latency      first output in cycle %s, first frame done after %.1f us\n", group(r.FirstOutputCycle), r.LatencyUS)
	if r.SteadyInterval != nil {
		fmt.Fprintf(&b, "  throughput   a frame every %s cycles, %s frames/s%s\n", mean(*r.SteadyInterval), decimal(r.FPS), r.Steady.spread())
	} else {
		fmt.Fprintf(&b, "  throughput   %s frames/s (three or more frames give the steady interval)\n", decimal(r.FPS))
	}
	fmt.Fprintf(&b, "  multipliers  %s built, %.1f %% used (%.2f MACs per cycle)\n", group(r.Multipliers), 100*r.Utilization, r.MACsPerCycle)
	b.WriteString(r.DRAM.text())
	b.WriteString(r.memoryBoundText())
	b.WriteString(r.bottleneckText())
	b.WriteString(r.remarks())
	for _, o := range r.Overflow {
		b.WriteString(o.text())
	}
	b.WriteString(cmp.Or(r.values, verifiedText(r.Verified, r.NodesVerified)))
	if r.Board != nil {
		b.WriteString("\n" + resources.FitTable(*r.Board))
	}
	if r.Timeline != nil {
		b.WriteString("\n")
		(&text{w: &b}).timeline(r.Timeline)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// layerLen is the width of a layer's name; leastLen is where digits go without commas, to
// leave it more room.
const layerLen, leastLen = 23, 14

// timeTable is a line for each layer about its time, and one for all.
func (r *NetworkReport) timeTable(b *strings.Builder) {
	rows := r.timeRows(group)
	name := nameLen(rows)
	if name < leastLen {
		rows = r.timeRows(func(n int64) string { return fmt.Sprint(n) })
		name = nameLen(rows)
	}
	width := widths(rows)
	for _, row := range rows {
		fmt.Fprintf(b, "  %-*s %-*s", name, clip(row[0], name), width[1], row[1])
		for k, cell := range row[2:] {
			fmt.Fprintf(b, " %*s", width[k+2], cell)
		}
		b.WriteByte('\n')
	}
}

// timeRows are the lines of timeTable: a layer's name and busiest stage, and numbers.
func (r *NetworkReport) timeRows(number func(int64) string) [][]string {
	share := func(x float64) string { return fmt.Sprintf("%.1f%%", 100*x) }
	cycles := func(x float64) string {
		if x == float64(int64(x)) {
			return number(int64(x))
		}
		return mean(x)
	}
	rows := [][]string{{"layer", "busiest", "cycles", "first out", "interval", "busy", "starv", "block"}}
	all := float64(max(1, r.Cycles))
	for _, l := range r.Layers {
		first := "-"
		if l.FirstOutputCycle != nil {
			first = number(*l.FirstOutputCycle)
		}
		rows = append(rows, []string{l.Name, clip(l.Busiest, 10), number(l.Cycles), first, cycles(l.Interval),
			share(l.BusyShare), share(float64(l.Starved) / all), share(float64(l.Blocked) / all)})
	}
	interval := "-"
	if r.SteadyInterval != nil {
		interval = cycles(*r.SteadyInterval)
	}
	return append(rows, []string{"all layers", "", number(r.Cycles), number(r.FirstOutputCycle), interval,
		share(r.BusyShare), share(r.StarvedShare), share(r.BlockedShare)})
}

// widths are those of the widest cells of columns.
func widths(rows [][]string) []int {
	w := make([]int, len(rows[0]))
	for _, row := range rows {
		for k, cell := range row {
			w[k] = max(w[k], len(cell))
		}
	}
	return w
}

// nameLen is what the other columns leave a name of the first.
func nameLen(rows [][]string) int {
	left := textwrap.Width - 2
	for _, w := range widths(rows)[1:] {
		left -= 1 + w
	}
	return min(max(left, 1), layerLen)
}

// costTable is a line for each layer about its hardware.
func (r *NetworkReport) costTable(b *strings.Builder) {
	row := func(name string, multipliers int64, used string, c resources.Amount) {
		fmt.Fprintf(b, "  %-*s %8s %6s %6s %8s %8s %6s %5s\n", layerLen, name, group(multipliers), used, group(int64(c.DSP)), group(int64(c.LUT)),
			group(int64(c.FF)), group(int64(c.BRAM18)), group(int64(c.URAM)))
	}
	fmt.Fprintf(b, "\n  %-*s %8s %6s %6s %8s %8s %6s %5s\n", layerLen, "layer", "mults", "used", "DSP", "LUT", "FF", "BRAM18", "URAM")
	for _, l := range r.Layers {
		used := ""
		if l.Multipliers > 0 {
			used = fmt.Sprintf("%.1f%%", 100*l.Utilization)
		}
		name := clip(l.Name, layerLen)
		if l.NoCost != "" {
			name = clip(l.Name, layerLen-2) + " +"
		}
		row(name, l.Multipliers, used, l.Cost)
	}
	row("all layers", r.Multipliers, fmt.Sprintf("%.1f%%", 100*r.Utilization), r.Cost)
}

// memoryBoundText names the layers that wait for weights.
func (r *NetworkReport) memoryBoundText() string {
	if r.DRAM == nil {
		return ""
	}
	text := "none: no array waits for weights in more than 5 % of the cycles"
	if len(r.MemoryBound) > 0 {
		text = strings.Join(clipped(r.MemoryBound), ", ") + ": their arrays wait for weights in more than 5 % of the cycles"
	}
	return textwrap.Lines(text, "  memory-bound ", "               ")
}

// bottleneckText says which stage waits least, and which layer comes next.
func (r *NetworkReport) bottleneckText() string {
	stages := slices.Clone(r.Stages)
	slices.SortStableFunc(stages, func(a, b StageUse) int { return cmp.Compare(b.Busy, a.Busy) })
	if len(stages) == 0 {
		return ""
	}
	text := fmt.Sprintf("%s is busy in %.1f %% of the cycles", clip(stages[0].Name, 44), percent(stages[0].Busy, r.Cycles))
	layer := stages[0].Name[:max(0, strings.LastIndexByte(stages[0].Name, '.'))]
	for _, s := range stages[1:] {
		if !strings.HasPrefix(s.Name, layer+".") {
			text += fmt.Sprintf("; next %s, %.1f %%", clip(s.Name, 44), percent(s.Busy, r.Cycles))
			break
		}
	}
	return textwrap.Lines(text, "  bottleneck   ", "               ")
}

// overfull is what the flag of an array means.
const overfull = "FINN's RTL loses results here, for its output queue has no room for all that is made while what follows stalls"

// remarks say what is missing from the resources, and where FINN's RTL would fail.
func (r *NetworkReport) remarks() string {
	var text string
	if n := len(r.Gaps); n > 0 {
		text = textwrap.Lines(fmt.Sprintf("%s; the figures of layers with + leave that out", strings.Join(reasons(r.Gaps), "; ")), "  resources    ", "               ")
	}
	var over []string
	for _, l := range r.Layers {
		if l.Overfull {
			over = append(over, clip(l.Name, 40))
		}
	}
	if len(over) > 0 {
		text += textwrap.Lines(strings.Join(over, ", ")+": "+overfull, "  overfull     ", "               ")
	}
	return text
}

// reasons are the whys of gaps, each once, in their order.
func reasons(gaps []string) (list []string) {
	for _, g := range gaps {
		_, why, _ := strings.Cut(g, ": ")
		if !slices.Contains(list, why) {
			list = append(list, why)
		}
	}
	return list
}

// clip shortens a name in its middle.
func clip(s string, most int) string { return textwrap.Clip(s, most) }
