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

	most   int           // columns
	reels  []*clock.Reel // of the turn
	levels []*fill
	start  clock.Cycle // of the turn, and which are the first of its stages and FIFOs
	first  int
	fifos  int
}

// Columns is what a stage did, by column.
type Columns struct {
	Layer  string // whose turn it is
	Name   string
	Shares []clock.Shares
}

// Fill is in how many cycles an edge, a FIFO, held how much in its turn.
type Fill struct {
	Layer  string // whose turn it is
	Name   string
	Depth  int
	Cycles []int64 // by beats held
}

// NewSummary makes a summary of so many columns, of fewer where there are fewer cycles.
func NewSummary(columns int) *Summary { return &Summary{most: columns} }

// shows is about FIFOs: a wire holds nothing.
func (*Summary) shows(e pipeline.Edge) bool { return e.Depth > 0 }

// open finds the columns.
func (s *Summary) open(p *Probe) {
	s.Bounds = columns(p.options.From, p.end, s.most)
}

// begin finds the stages and FIFOs of a turn.
func (s *Summary) begin(t *Turn, r *clock.Recording) {
	s.start, s.first, s.fifos = t.Start, len(s.Stages), len(s.Fills)
	s.reels, s.levels = nil, nil
	for i, name := range r.Names {
		s.Stages = append(s.Stages, Columns{t.Layer, name, make([]clock.Shares, len(s.Bounds)-1)})
		s.reels = append(s.reels, r.Stages[i].Play())
	}
	for i, e := range r.Edges {
		if e.Out != nil {
			of := t.Plan.Edges[i]
			s.Fills = append(s.Fills, Fill{t.Layer, of.Name, of.Depth, make([]int64, of.Depth+1)})
			s.levels = append(s.levels, newFill(e, t.from))
		}
	}
}

func (s *Summary) play(_ *Turn, until clock.Cycle) {
	for i, reel := range s.reels {
		s.stage(reel, s.Stages[s.first+i].Shares, until)
	}
	for i, l := range s.levels {
		f := &s.Fills[s.fifos+i]
		l.walk(until, func(from, until clock.Cycle, held, more int64) {
			for int64(len(f.Cycles)) <= held {
				f.Cycles = append(f.Cycles, 0) // a FIFO's output register holds some, too
			}
			f.Cycles[held] += int64(until-from) * (1 + more)
		})
	}
}

// finish counts what is left of the columns: cycles in which it is not its turn.
func (s *Summary) finish(*Turn) {
	for _, stage := range s.Stages[s.first:] {
		for i := range stage.Shares {
			rest := int64(s.Bounds[i+1] - s.Bounds[i])
			for _, n := range stage.Shares[i] {
				rest -= n
			}
			stage.Shares[i][clock.Finished] += rest
		}
	}
}

func (*Summary) close() error { return nil }

// stage adds what a stage did up to a cycle.
func (s *Summary) stage(reel *clock.Reel, columns []clock.Shares, until clock.Cycle) {
	for {
		now, ok := reel.Before(until)
		if !ok {
			return
		}
		now = s.leap(reel, columns, now, until)
		now.From += s.start
		now.Until += s.start
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
	c := s.column(s.start + now.From)
	n := min(lap.Left-1, int64((until-now.From)/lap.Cycles)-1, int64((s.Bounds[c+1]-s.start-now.From)/lap.Cycles))
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
