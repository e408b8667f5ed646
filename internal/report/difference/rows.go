package difference

import (
	"fmt"
	"math"

	"github.com/convsim/convsim/internal/textwrap"
)

// numberRow is a figure of both runs, in words.
type numberRow struct {
	Name, A, B       string
	Change, Relative string
	Tilt             *part // how far to the one side or the other, nil for not at all
}

// part is a piece of a bar.
type part struct {
	Class    string
	X, Width float64
}

// bar is one run's bar, and what it says in words.
type bar struct {
	Words string
	Parts []part
}

// pairRow is a stage or a FIFO of both runs.
type pairRow struct {
	Name  string
	Only  string // in one of the runs
	Bars  []bar
	Cells []string
}

// layerRow is a layer of both runs.
type layerRow struct {
	numberRow
	Note string
	Bars []bar
}

// barWidth is the width of a whole bar in its own units, half is what a tilted one has
// to each side.
const (
	barWidth = 1000
	half     = 100
)

func numberRows(list []Number) []numberRow {
	rows := make([]numberRow, len(list))
	for i, n := range list {
		r := numberRow{Name: n.Key, A: number(n.A), B: number(n.B)}
		r.Change, r.Relative = n.changed("–")
		if r.Relative != "" {
			r.Tilt = tilt(*n.Relative)
		}
		rows[i] = r
	}
	return rows
}

// tilt draws a change: all of one side stands for twice as much, or for none.
func tilt(relative float64) *part {
	length := min(1, math.Abs(relative)) * half
	if relative < 0 {
		return &part{"tilt-bar", -length, length}
	}
	return &part{"tilt-bar", 0, length}
}

func stageRows(list []Pair[StageShares]) []pairRow {
	rows := make([]pairRow, len(list))
	for i, p := range list {
		r := pairRow{Name: p.Name, Only: alone(p), Bars: []bar{stageBar("A", p.A), stageBar("B", p.B)}}
		if r.Only == "" {
			for _, both := range [][2]int64{{p.A.Busy, p.B.Busy}, {p.A.Starved, p.B.Starved}, {p.A.Blocked, p.B.Blocked}} {
				r.Cells = append(r.Cells, fmt.Sprintf("%.1f ▸ %.1f %%", 100*share(both[0], p.A.Total), 100*share(both[1], p.B.Total)))
			}
		}
		rows[i] = r
	}
	return rows
}

// stageBar is how one run's stage spent its cycles; empty where there is none.
func stageBar(side string, s *StageShares) bar {
	if s == nil {
		return bar{Words: side + ": none"}
	}
	b := bar{Words: fmt.Sprintf("%s: busy %.1f %%, starved %.1f %%, blocked %.1f %%", side,
		100*share(s.Busy, s.Total), 100*share(s.Starved, s.Total), 100*share(s.Blocked, s.Total))}
	x := 0.0
	for _, one := range []struct {
		class string
		n     int64
	}{{"cause-0", s.Busy}, {"cause-1", s.Starved}, {"cause-2", s.Blocked}, {"cause-5", s.Total - s.Busy - s.Starved - s.Blocked}} {
		width := barWidth * share(one.n, s.Total)
		if width > 0 {
			b.Parts = append(b.Parts, part{one.class, round(x), round(width)})
		}
		x += width
	}
	return b
}

// round keeps three digits behind the point.
func round(v float64) float64 { return math.Round(v*1000) / 1000 }

func layerRows(list []Pair[LayerShares]) []layerRow {
	longest := 1.0
	for _, p := range list {
		for _, side := range []*LayerShares{p.A, p.B} {
			if side != nil {
				longest = max(longest, side.Cycles)
			}
		}
	}
	rows := make([]layerRow, len(list))
	for i, p := range list {
		n := Number{Key: p.Name}
		note := alone(p)
		if p.A != nil && p.B != nil {
			change := p.B.Cycles - p.A.Cycles
			n.Change = &change
			note = p.A.Limit
			if p.A.Limit != p.B.Limit {
				note += " ▸ " + p.B.Limit
			}
		}
		r := layerRow{Note: note, Bars: []bar{layerBar("A", p.A, longest), layerBar("B", p.B, longest)}}
		if p.A != nil {
			n.A = &p.A.Cycles
		}
		if p.B != nil {
			n.B = &p.B.Cycles
		}
		r.numberRow = numberRows([]Number{n})[0]
		rows[i] = r
	}
	return rows
}

// layerBar is a layer's cycles beside the longest of all.
func layerBar(side string, l *LayerShares, longest float64) bar {
	if l == nil {
		return bar{Words: side + ": none"}
	}
	return bar{fmt.Sprintf("%s: %s cycles", side, number(&l.Cycles)), []part{{"cause-0", 0, round(barWidth * l.Cycles / longest)}}}
}

func fifoRows(list []Pair[FIFOShares]) []pairRow {
	rows := make([]pairRow, len(list))
	for i, p := range list {
		r := pairRow{Name: p.Name, Only: alone(p)}
		if r.Only == "" {
			for _, both := range [][2]int64{{int64(p.A.Depth), int64(p.B.Depth)}, {p.A.Peak, p.B.Peak}, {p.A.Full, p.B.Full}} {
				text := textwrap.Group(both[0])
				if both[0] != both[1] {
					text += " ▸ " + textwrap.Group(both[1])
				}
				r.Cells = append(r.Cells, text)
			}
		}
		rows[i] = r
	}
	return rows
}
