package resources

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/convsim/convsim/internal/textwrap"
)

// barCells is the width of a full bar in characters.
const barCells = 22

// StageTable returns the report as aligned plain text: a row per stage, then
// the total.
func StageTable(r Report) string {
	head := []string{"stage"}
	for _, resource := range Resources() {
		head = append(head, string(resource))
	}
	rows := [][]string{head}
	for _, row := range r.Rows {
		rows = append(rows, amountCells(row.Stage, row.Amount))
	}
	return align(append(rows, amountCells("total", r.Total)))
}

func amountCells(stage string, a Amount) []string {
	cells := []string{stage}
	for _, resource := range Resources() {
		cells = append(cells, strconv.Itoa(a.Of(resource)))
	}
	return cells
}

// FitTable returns the use of a board as aligned plain text, a row and a bar
// per resource, then the verdict and the warnings.
func FitTable(f Fit) string {
	rows := [][]string{{f.Board, "used", "available", "percent"}}
	for _, u := range f.Uses {
		rows = append(rows, []string{
			string(u.Resource), strconv.Itoa(u.Used), strconv.Itoa(u.Available), percent(u), bar(u) + remark(u),
		})
	}
	if d := f.DRAM; d != nil {
		u := Use{Percent: d.Percent, Fits: d.Used <= d.Available || d.Available == 0}
		rows = append(rows, []string{"DRAM GB/s", fmt.Sprintf("%.2f", d.Used), fmt.Sprintf("%.2f", d.Available),
			fmt.Sprintf("%.1f", d.Percent), bar(u) + remark(u)})
	}
	var b strings.Builder
	b.WriteString(align(rows))
	fmt.Fprintln(&b, verdict(f))
	for _, text := range f.Warnings {
		b.WriteString(textwrap.Lines(text, "warning: ", "  "))
	}
	return b.String()
}

// align returns the rows with columns as wide as their widest cell, two blanks
// apart: text (the first column, and bars) to the left, numbers to the right.
func align(rows [][]string) string {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len(cell))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			if i > 0 {
				line.WriteString("  ")
			}
			if i == 0 || strings.HasPrefix(cell, "[") {
				fmt.Fprintf(&line, "%-*s", widths[i], cell)
			} else {
				fmt.Fprintf(&line, "%*s", widths[i], cell)
			}
		}
		fmt.Fprintln(&b, strings.TrimRight(line.String(), " "))
	}
	return b.String()
}

func percent(u Use) string {
	if u.Available == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f", u.Percent)
}

// bar draws the percentage; a share above all there is draws a full bar.
func bar(u Use) string {
	full := min(int(u.Percent*barCells/100+0.5), barCells)
	if !u.Fits {
		full = barCells
	}
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", barCells-full) + "]"
}

func remark(u Use) string {
	switch {
	case !u.Fits:
		return " too much"
	case u.Tight:
		return " tight"
	}
	return ""
}

func verdict(f Fit) string {
	if f.Fits {
		return "fits " + f.Board
	}
	return "does not fit " + f.Board
}
