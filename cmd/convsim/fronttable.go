package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/convsim/convsim/internal/dse/results"
	"github.com/convsim/convsim/internal/textwrap"
)

// alike marks a row whose objectives show the same digits as those of a row
// above: they differ further behind.
const alike = "≈"

// writeFront shows the first designs of the front.
func writeFront(w io.Writer, s *results.Summary) error {
	if len(s.Front) == 0 {
		return nil
	}
	rows, marked := frontRows(s)
	rows, same := withoutSame(rows, s)
	var b strings.Builder
	writeColumns(&b, rows)
	if len(same) > 0 {
		b.WriteString(textwrap.Join(same, "the same in all: ", "  "))
	}
	if marked {
		fmt.Fprintf(&b, "%s objectives as further up in the digits shown; %s has all digits\n", alike, results.FrontFile)
	}
	if more := len(s.Front) - shownFront; more > 0 {
		fmt.Fprintf(&b, "and %d more in %s\n", more, results.FrontFile)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return err
	}
	return writeOverflows(w, s)
}

// frontRows are the head and a row a design: its index, its objectives, its
// parameters. It reports whether a row is marked.
func frontRows(s *results.Summary) (rows [][]string, marked bool) {
	head := []string{"index"}
	for _, o := range s.Objectives {
		_, expression, _ := strings.Cut(o, " ")
		head = append(head, expression)
	}
	rows = append(rows, append(head, s.Parameters...))
	seen := map[string]bool{}
	for _, p := range s.Front[:min(len(s.Front), shownFront)] {
		var goals []string
		for _, x := range p.Objectives {
			goals = append(goals, short(x))
		}
		index := strconv.FormatInt(p.Index, 10)
		if shown := strings.Join(goals, " "); seen[shown] {
			index, marked = alike+" "+index, true
		} else {
			seen[shown] = true
		}
		row := append([]string{index}, goals...)
		for _, key := range s.Parameters {
			row = append(row, fmt.Sprint(p.Parameters[key]))
		}
		rows = append(rows, row)
	}
	return rows, marked
}

// withoutSame takes away the columns of parameters in which all of the front say
// the same, and says what that is.
func withoutSame(rows [][]string, s *results.Summary) (kept [][]string, same []string) {
	kept = make([][]string, len(rows))
	for column, name := range rows[0] {
		if column > len(s.Objectives) && len(s.Front) > 1 && allSay(s.Front, name) {
			same = append(same, name+" "+rows[1][column]+",")
			continue
		}
		for i, row := range rows {
			kept[i] = append(kept[i], row[column])
		}
	}
	if n := len(same); n > 0 {
		same[n-1] = strings.TrimSuffix(same[n-1], ",")
	}
	return kept, same
}

// allSay reports whether a parameter has one value in all designs.
func allSay(front []results.FrontPoint, parameter string) bool {
	return !slices.ContainsFunc(front, func(p results.FrontPoint) bool { return p.Parameters[parameter] != front[0].Parameters[parameter] })
}

// writeColumns writes columns to the right, two blanks apart. Those that a line
// has no room for follow below, behind the first column once more.
func writeColumns(b *strings.Builder, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], textwrap.Len(cell))
		}
	}
	for first := 1; first < len(widths); {
		last, width := first, 2+widths[0]
		for last < len(widths) && (last == first || width+2+widths[last] <= textwrap.Width) {
			width += 2 + widths[last]
			last++
		}
		if first > 1 {
			b.WriteByte('\n')
		}
		for _, row := range rows {
			writeCell(b, row[0], widths[0])
			for i := first; i < last; i++ {
				writeCell(b, row[i], widths[i])
			}
			b.WriteByte('\n')
		}
		first = last
	}
}

func writeCell(b *strings.Builder, cell string, width int) {
	b.WriteString(strings.Repeat(" ", 2+width-textwrap.Len(cell)) + cell)
}
