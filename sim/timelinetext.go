package sim

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// WriteText writes the timeline for people: a line a stage and a line a FIFO.
func (l *Timeline) WriteText(w io.Writer, colour bool) error {
	t := &text{w: w, colour: colour}
	t.timeline(l)
	return t.err
}

// levels are the heights of a column.
const levels = "▁▂▃▄▅▆▇█"

// level is how high a share is; a share of nothing is no height.
func level(n, of int64) string {
	if n == 0 || of == 0 {
		return " "
	}
	const heights = 8
	return string([]rune(levels)[(n*heights+of-1)/of-1])
}

func (t *text) timeline(l *Timeline) {
	if len(l.Starts) == 0 {
		return
	}
	width := 0
	for _, s := range l.Stages {
		width = max(width, min(mostName, utf8.RuneCountInString(s.Name)))
	}
	t.head(l)
	for _, s := range l.Stages {
		t.printf("  %-*s  %s\n", width, shortened(s.Name), t.sparkline(s))
	}
	t.printf("  not busy at all: ░ starved  ▒ blocked  · other\n\n")
	t.fills(l)
}

// head says which cycles are shown.
func (t *text) head(l *Timeline) {
	t.printf("  cycles %s to %s, %s a column; as high as a stage is busy\n", group(l.From), group(l.Until-1), group(max(1, (l.Until-l.From)/int64(len(l.Starts)))))
}

// shortened is a name that has room for it.
func shortened(name string) string {
	if r := []rune(name); len(r) > mostName {
		return "…" + string(r[len(r)-mostName+1:])
	}
	return name
}

// sparkline draws a stage, a character a column.
func (t *text) sparkline(s TimelineStage) string {
	var b strings.Builder
	for i, busy := range s.Busy {
		starved, blocked, other := s.Starved[i], s.Blocked[i], s.Other[i]
		switch all := busy + starved + blocked + other; {
		case busy > 0:
			b.WriteString(t.paint("32", level(busy, all)))
		case starved >= max(blocked, other):
			b.WriteString(t.paint("33", "░"))
		case blocked >= other:
			b.WriteString(t.paint("31", "▒"))
		default:
			b.WriteString(t.paint("2", "·"))
		}
	}
	return strings.ReplaceAll(b.String(), "\x1b[0m\x1b[32m", "")
}

// mostBins is how many columns a histogram has.
const mostBins = 24

// fills draws how often FIFOs held how much.
func (t *text) fills(l *Timeline) {
	width := len("beats held")
	for _, f := range l.FIFOs {
		width = max(width, min(mostName, utf8.RuneCountInString(f.Name)))
	}
	if len(l.FIFOs) == 0 {
		return
	}
	t.printf("  %-*s  %-*s  %6s %6s %6s\n", width, "beats held", mostBins+len("0     9999"), "as often as the column is high", "mean", "median", "99 %")
	for _, f := range l.FIFOs {
		h := binned(f.Cycles)
		most := int64(0)
		for _, n := range h {
			most = max(most, n)
		}
		var bars strings.Builder
		for _, n := range h {
			bars.WriteString(level(n, most))
		}
		last := fmt.Sprint(len(f.Cycles) - 1)
		t.printf("  %-*s  0 %s %-*s  %6.1f %6d %6d\n", width, shortened(f.Name), bars.String(), mostBins+len("     9999")-1-len(h)-len(" ")+1, last, f.mean(), f.quantile(50), f.quantile(99))
	}
	t.printf("\n")
}

// binned adds up neighbours until there are no more bins than fit.
func binned(cycles []int64) []int64 {
	n := min(len(cycles), mostBins)
	bins := make([]int64, n)
	for held, c := range cycles {
		bins[held*n/len(cycles)] += c
	}
	return bins
}

// mean is how much is held in the mean of all cycles.
func (f FillUse) mean() float64 {
	sum, all := 0.0, int64(0)
	for held, c := range f.Cycles {
		sum += float64(held) * float64(c)
		all += c
	}
	return sum / float64(max(1, all))
}

// quantile is how much is held at most in so many of a hundred cycles.
func (f FillUse) quantile(percent int64) int {
	all := int64(0)
	for _, c := range f.Cycles {
		all += c
	}
	sum := int64(0)
	for held, c := range f.Cycles {
		if sum += c; sum >= all/100*percent+all%100*percent/100 {
			return held
		}
	}
	return 0
}
