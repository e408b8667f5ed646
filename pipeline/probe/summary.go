package probe

import (
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/pipeline/clock"
)

// Summary is a form that adds up: what stages did in each of some columns of cycles, and in
// how many cycles FIFOs held how much. Periods that were skipped count as often as they
// came.
type Summary struct {
	Bounds []clock.Cycle // of columns, one more than there are
	Stages []Columns
	Fills  []Fill

	most   int // columns
	reels  []*clock.Reel
	levels []*fill
}

// Columns is what a stage did, by column.
type Columns struct {
	Name   string
	Shares []clock.Shares
}

// Fill is in how many cycles an edge, a FIFO, held how much.
type Fill struct {
	Edge   int
	Cycles []int64 // by beats held
}

// NewSummary makes a summary of so many columns, of fewer where there are fewer cycles.
func NewSummary(columns int) *Summary { return &Summary{most: columns} }

// shows is about FIFOs: a wire holds nothing.
func (*Summary) shows(e pipeline.Edge) bool { return e.Depth > 0 }

// begin finds the columns.
func (s *Summary) begin(b *probe, r *clock.Recording) {
	from, end := b.options.From, b.options.end()
	n := min(clock.Cycle(s.most), end-from)
	for i := range n + 1 {
		s.Bounds = append(s.Bounds, from+i*((end-from)/n)+i*((end-from)%n)/n)
	}
	for i, name := range r.Names {
		s.Stages = append(s.Stages, Columns{name, make([]clock.Shares, n)})
		s.reels = append(s.reels, r.Stages[i].Play())
	}
	for i, e := range r.Edges {
		if e.Out != nil {
			s.Fills = append(s.Fills, Fill{Edge: i, Cycles: make([]int64, b.plan.Edges[i].Depth+1)})
			s.levels = append(s.levels, newFill(e, from))
		}
	}
}

func (s *Summary) play(until clock.Cycle) {
	for i, reel := range s.reels {
		s.stage(reel, s.Stages[i].Shares, until)
	}
	for i, l := range s.levels {
		f := &s.Fills[i]
		l.walk(until, func(from, until clock.Cycle, held, more int64) {
			for int64(len(f.Cycles)) <= held {
				f.Cycles = append(f.Cycles, 0) // a FIFO's output register holds some, too
			}
			f.Cycles[held] += int64(until-from) * (1 + more)
		})
	}
}

func (*Summary) end(*probe) error { return nil }

// stage adds what a stage did up to a cycle.
func (s *Summary) stage(reel *clock.Reel, columns []clock.Shares, until clock.Cycle) {
	for {
		now, ok := reel.Before(until)
		if !ok {
			return
		}
		now = s.leap(reel, columns, now, until)
		for at := now.From; at < now.Until; {
			c := s.column(at)
			next := min(now.Until, s.Bounds[c+1])
			columns[c][now.Cause] += int64(next - at)
			at = next
		}
	}
}

// leap adds the whole periods from the beginning of a stretch on that lie in its column,
// if it begins any, and returns the stretch where it comes after them.
func (s *Summary) leap(reel *clock.Reel, columns []clock.Shares, now clock.Stretch, until clock.Cycle) clock.Stretch {
	lap := reel.Lap()
	if lap.Left == 0 || now.From < lap.From {
		return now
	}
	c := s.column(now.From)
	n := min(lap.Left-1, int64((until-now.From)/lap.Cycles)-1, int64((s.Bounds[c+1]-now.From)/lap.Cycles))
	if n <= 0 {
		return now
	}
	for cause, cycles := range reel.Shares() {
		columns[c][cause] += n * cycles
	}
	later := reel.Skip(n)
	now.From += later
	now.Until += later
	return now
}

// column is the column that a cycle lies in.
func (s *Summary) column(at clock.Cycle) int {
	first, end := s.Bounds[0], s.Bounds[len(s.Bounds)-1]
	n := clock.Cycle(len(s.Bounds) - 1)
	c := min(int((at-first)/max(1, (end-first)/n)), len(s.Bounds)-2)
	for s.Bounds[c] > at {
		c--
	}
	return c
}
