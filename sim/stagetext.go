package sim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/convsim/convsim/internal/textwrap"
)

// pipeline draws the stages with the FIFO between each two of them.
func (t *text) pipeline(r *Report) {
	if len(r.Stages) == 0 {
		return
	}
	depths := map[string]int{}
	for _, f := range r.FIFOs {
		depths[f.Name] = f.Depth
	}
	link := func(fifo string) string { // a wire, or write and read side of one memory
		if d := depths[fifo]; d > 0 {
			return fmt.Sprintf("─[%d]─▶ ", d)
		}
		return "─▶ "
	}
	for _, c := range chains(r.Stages, link) {
		t.printf("%s", textwrap.Join(c, "  ", "    "))
	}
	t.printf("\n")
}

// chains are stages as lines of text, each from a source on; the last stage of a line
// whose results another one takes in leads there.
func chains(stages []StageUse, link func(fifo string) string) [][]string {
	var lines [][]string
	var last []StageUse // of every line
	for _, s := range stages {
		i := slices.IndexFunc(last, func(l StageUse) bool {
			return l.BlockedOn != "" && (l.BlockedOn == s.StarvedOn || l.BlockedOn == s.Name)
		})
		if i < 0 && len(last) > 0 && s.StarvedOn != "" {
			i = len(last) - 1
		}
		if i < 0 {
			lines, last = append(lines, []string{s.Name}), append(last, s)
			continue
		}
		lines[i], last[i] = append(lines[i], link(s.StarvedOn)+s.Name), s
	}
	for i, l := range last {
		if _, to, ok := strings.Cut(l.BlockedOn, l.Name+"."); ok {
			lines[i] = append(lines[i], link(l.BlockedOn)+to)
		}
	}
	return lines
}

// barCells is the width of a stage's bar, where the line has room for it.
const (
	barCells  = 16
	leastBar  = 8
	sharesLen = 30 // of the four columns of shares
)

// The cells of a bar, and what paints them on a terminal.
var barParts = []struct {
	cell, code, name string
	of               func(s StageUse) int64
}{
	{"█", "32", "busy", func(s StageUse) int64 { return s.Busy }},
	{"░", "33", "starved", func(s StageUse) int64 { return s.Starved }},
	{"▒", "31", "blocked", func(s StageUse) int64 { return s.Blocked }},
	{"·", "2", "other", func(s StageUse) int64 { return s.Other }},
}

func (t *text) stages(r *Report) {
	if r.Cycles == 0 {
		return
	}
	width, remarks := 5, 0
	for _, s := range r.Stages {
		width, remarks = max(width, utf8.RuneCountInString(s.Name)), max(remarks, utf8.RuneCountInString(remark(s)))
	}
	cells := max(leastBar, min(barCells, textwrap.Width-(2+width+2+sharesLen+remarks)))
	t.printf("  %-*s  %-*s%7s %7s %7s %6s\n", width, "stage", cells, "", "busy", "starved", "blocked", "other")
	for _, s := range r.Stages {
		t.printf("  %-*s  %s", width, s.Name, t.bar(s, cells))
		for i, p := range barParts {
			t.printf("%*.1f%%", []int{6, 7, 7, 6}[i], percent(p.of(s), s.Total))
		}
		t.printf("%s\n", remark(s))
	}
	t.printf("  %s\n\n", legend())
}

// legend names the cells of the bars and the arrows of the remarks.
func legend() string {
	var parts []string
	for _, p := range barParts {
		parts = append(parts, p.cell+" "+p.name)
	}
	return strings.Join(append(parts, waits+" waits for it", waitsForRoom+" waits for room in it"), "  ")
}

// bar draws a stage's cycles; cells are dealt out so that they fill the bar.
func (t *text) bar(s StageUse, cells int) string {
	var b strings.Builder
	sum, drawn := int64(0), 0
	for _, p := range barParts {
		sum += p.of(s)
		to := int((sum*int64(cells)*2 + s.Total) / (2 * s.Total))
		b.WriteString(t.paint(p.code, strings.Repeat(p.cell, to-drawn)))
		drawn = to
	}
	return b.String()
}

// remarkable is the share of a stage's cycles below which waiting is not worth a
// word: it would read 0.0 %.
const remarkable = 0.05

// What stands before the FIFO that a stage waits for.
const (
	waits        = "◀"
	waitsForRoom = "▶"
)

// remark says what a stage waits for most.
func remark(s StageUse) string {
	switch {
	case percent(max(s.Throttled, s.Turnaround, s.Starved, s.Blocked), s.Total) < remarkable:
		return ""
	case s.Throttled > 0 && s.Throttled >= max(s.Starved, s.Blocked):
		return fmt.Sprintf("  %s %.1f%%", cmp.Or(s.HeldBy, "pattern"), percent(s.Throttled, s.Total))
	case s.Turnaround > 0 && s.Turnaround >= max(s.Starved, s.Blocked):
		return fmt.Sprintf("  turnaround %.1f%%", percent(s.Turnaround, s.Total))
	case s.Starved > s.Blocked && s.StarvedOn != "":
		return "  " + waits + " " + s.StarvedOn
	case s.Blocked > 0 && s.BlockedOn != "":
		return "  " + waitsForRoom + " " + s.BlockedOn
	}
	return ""
}
