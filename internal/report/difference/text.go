package difference

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/convsim/convsim/internal/textwrap"
)

// WriteText writes the comparison for people, 80 columns wide: of stages, layers and
// FIFOs no more than the first ones, all if most is 0.
func (d *Difference) WriteText(w io.Writer, most int) error {
	var b strings.Builder
	for _, side := range []struct {
		letter string
		Side
	}{{"A", d.A}, {"B", d.B}} {
		b.WriteString(textwrap.Lines(fmt.Sprintf("%s: %s on %s", side.File, side.Workload, side.Hardware), side.letter+"  ", "     "))
	}
	if d.Same {
		b.WriteString("\nno difference: design, cycles, stages, FIFOs and resources are the same\n")
		_, err := io.WriteString(w, b.String())
		return err
	}
	for _, note := range d.Notes {
		b.WriteString(textwrap.Lines("note: "+note, "", "  "))
	}
	d.designText(&b)
	numbersText(&b, "figure", d.Figures)
	d.stagesText(&b, most)
	d.layersText(&b, most)
	d.fifosText(&b, most)
	numbersText(&b, "resources", d.Resources)
	_, err := io.WriteString(w, b.String())
	return err
}

// nameCells is the width of a column of names.
const nameCells = 22

// cell is a name in its column; a longer one has a line of its own.
func cell(name string) string {
	if textwrap.Len(name) <= nameCells {
		return fmt.Sprintf("  %-*s", nameCells, name)
	}
	return fmt.Sprintf("  %s\n  %*s", textwrap.Clip(name, textwrap.Width-2), nameCells, "")
}

func (d *Difference) designText(b *strings.Builder) {
	if len(d.Design) == 0 {
		b.WriteString("\nthe design is the same\n")
		return
	}
	fmt.Fprintf(b, "\n  %-*s %27s %27s\n", nameCells, "design", "A", "B")
	given := func(value string) string {
		if value == "" {
			return "-"
		}
		return textwrap.Clip(value, 27)
	}
	for _, c := range d.Design {
		fmt.Fprintf(b, "%s %27s %27s\n", cell(c.Key), given(c.A), given(c.B))
	}
}

// numbersText is a line a figure.
func numbersText(b *strings.Builder, title string, list []Number) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n  %-20s %15s %15s %15s %9s\n", title, "A", "B", "change", "relative")
	for _, n := range list {
		change, relative := n.changed("-")
		line := fmt.Sprintf("  %-20s %15s %15s %15s %9s", n.Key, number(n.A), number(n.B), change, relative)
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// changed is by how much a figure changed, and by which share of it; unknown where a run has none.
func (n Number) changed(unknown string) (change, relative string) {
	switch {
	case n.Change == nil:
		return unknown, ""
	case *n.Change == 0:
		return "=", ""
	case n.Relative != nil:
		relative = ratio(*n.Relative)
	}
	return signed(*n.Change), relative
}

// ratio is a change in percent; a huge one in few digits.
func ratio(r float64) string {
	if math.Abs(r) >= 1000 {
		return fmt.Sprintf("%+.1e%%", 100*r)
	}
	return fmt.Sprintf("%+.1f %%", 100*r)
}

// number writes a whole number in groups, any other with four digits that count.
func number(v *float64) string {
	switch {
	case v == nil:
		return "-"
	case math.Abs(*v) >= 1e11:
		return fmt.Sprintf("%.6e", *v)
	case *v == math.Trunc(*v):
		return textwrap.Group(int64(*v))
	case math.Abs(*v) >= 1000:
		return textwrap.Group(int64(math.Round(*v)))
	}
	return strconv.FormatFloat(*v, 'g', 4, 64)
}

func signed(v float64) string {
	if size := math.Abs(v); v < 0 {
		return "-" + number(&size)
	}
	return "+" + number(&v)
}

// head writes the title of a table, and returns how many lines it may have.
func head(b *strings.Builder, title string, changed, most int) int {
	if changed == 0 {
		return 0
	}
	b.WriteString("\n" + title + "\n")
	if most > 0 {
		return min(changed, most)
	}
	return changed
}

// rest says what a table leaves out.
func rest[T any](b *strings.Builder, left []Pair[T]) {
	if len(left) == 0 {
		return
	}
	only := 0
	for _, p := range left {
		if alone(p) != "" {
			only++
		}
	}
	fmt.Fprintf(b, "  and %d more, %d of them in one run only; --top 0 shows all\n", len(left), only)
}

// alone says that a part is in one run only.
func alone[T any](p Pair[T]) string {
	switch {
	case p.A == nil:
		return "only in B"
	case p.B == nil:
		return "only in A"
	}
	return ""
}

// stagesText has shares of the cycles of each run.
func (d *Difference) stagesText(b *strings.Builder, most int) {
	n := head(b, fmt.Sprintf("  %-*s %15s %15s %15s", nameCells, "stage, A > B", "busy", "starved", "blocked"), len(d.Stages), most)
	for _, p := range d.Stages[:n] {
		b.WriteString(cell(p.Name))
		if only := alone(p); only != "" {
			fmt.Fprintf(b, " %15s\n", only)
			continue
		}
		both := func(a, z int64) string {
			return fmt.Sprintf("%.1f > %.1f %%", 100*share(a, p.A.Total), 100*share(z, p.B.Total))
		}
		fmt.Fprintf(b, " %15s %15s %15s\n", both(p.A.Busy, p.B.Busy), both(p.A.Starved, p.B.Starved), both(p.A.Blocked, p.B.Blocked))
	}
	rest(b, d.Stages[n:])
}

// cyclesOf says what cycles of layers are of.
func (d *Difference) cyclesOf() string {
	if d.A.Kind == Layerwise || d.B.Kind == Layerwise {
		return "cycles"
	}
	return "cycles a frame"
}

func (d *Difference) layersText(b *strings.Builder, most int) {
	n := head(b, fmt.Sprintf("  %-*s %27s %27s", nameCells, "layer, A > B", d.cyclesOf(), "limit"), len(d.Layers), most)
	for _, p := range d.Layers[:n] {
		b.WriteString(cell(p.Name))
		if only := alone(p); only != "" {
			fmt.Fprintf(b, " %27s\n", only)
			continue
		}
		limit := textwrap.Clip(p.A.Limit, 12) + " > " + textwrap.Clip(p.B.Limit, 12)
		if p.A.Limit == p.B.Limit {
			limit = textwrap.Clip(p.A.Limit, 27)
		}
		fmt.Fprintf(b, " %27s %27s\n", number(&p.A.Cycles)+" > "+number(&p.B.Cycles), limit)
	}
	rest(b, d.Layers[n:])
}

func (d *Difference) fifosText(b *strings.Builder, most int) {
	n := head(b, fmt.Sprintf("  %-*s %13s %13s %27s", nameCells, "FIFO, A > B", "depth", "peak", "cycles full"), len(d.FIFOs), most)
	for _, p := range d.FIFOs[:n] {
		b.WriteString(cell(p.Name))
		if only := alone(p); only != "" {
			fmt.Fprintf(b, " %13s\n", only)
			continue
		}
		fmt.Fprintf(b, " %13s %13s %27s\n", moved(int64(p.A.Depth), int64(p.B.Depth)), moved(p.A.Peak, p.B.Peak), moved(p.A.Full, p.B.Full))
	}
	rest(b, d.FIFOs[n:])
}

// moved is a number of both runs, once if it is the same.
func moved(a, b int64) string {
	if a == b {
		return textwrap.Group(a)
	}
	return textwrap.Group(a) + " > " + textwrap.Group(b)
}
