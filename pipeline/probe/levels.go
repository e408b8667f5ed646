package probe

import (
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Levels is a form that finds how full FIFOs are in the mean of each of some columns of
// cycles. Periods that were skipped count as often as they came.
type Levels struct {
	Means map[string][]float64 // beats, by edge

	most   int
	wanted func(edge string) bool
	bounds []clock.Cycle // of columns, one more than there are
	filled []*filled     // of the turn
}

// filled is a FIFO on its way.
type filled struct {
	fill   *fill
	means  []float64
	column int
}

// NewLevels makes one of so many columns, fewer where there are fewer cycles, of the edges
// wanted.
func NewLevels(columns int, wanted func(edge string) bool) *Levels {
	return &Levels{Means: map[string][]float64{}, most: columns, wanted: wanted}
}

func (l *Levels) shows(e pipeline.Edge) bool { return e.Depth > 0 && l.wanted(e.Name) }

func (l *Levels) open(p *Probe) { l.bounds = columns(p.options.From, p.end, l.most) }

func (l *Levels) begin(t *Turn, r *clock.Recording) {
	l.filled = nil
	first := 0
	for first+2 < len(l.bounds) && l.bounds[first+1] <= t.Start+t.from {
		first++
	}
	for i, e := range r.Edges {
		if e.Out == nil {
			continue
		}
		means := make([]float64, len(l.bounds)-1)
		l.Means[t.Plan.Edges[i].Name] = means
		l.filled = append(l.filled, &filled{newFill(e, t.from), means, first})
	}
}

// play goes from column to column, so that no period that is passed over lies in two.
func (l *Levels) play(t *Turn, until clock.Cycle) {
	for _, f := range l.filled {
		for f.column < len(f.means) {
			from, end := l.bounds[f.column], l.bounds[f.column+1]
			f.fill.walk(min(until, end-t.Start), func(a, b clock.Cycle, held, more int64) {
				f.means[f.column] += float64(held) * float64(int64(b-a)*(1+more)) / float64(end-from)
			})
			if until < end-t.Start {
				break
			}
			f.column++
		}
	}
}

func (*Levels) finish(*Turn) {}

func (*Levels) close() error { return nil }

// columns are the bounds of so many columns of cycles, fewer where there are fewer cycles.
func columns(from, end clock.Cycle, most int) (bounds []clock.Cycle) {
	n := min(clock.Cycle(most), end-from)
	if n == 0 {
		return nil
	}
	for i := range n + 1 {
		bounds = append(bounds, from+i*((end-from)/n)+i*((end-from)%n)/n)
	}
	return bounds
}
