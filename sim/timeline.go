package sim

import (
	"cmp"
	"context"
	"unicode/utf8"

	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/pipeline/clock"
	"github.com/convsim/convsim/pipeline/probe"
)

// Timeline is what stages did in the course of a run, and how full FIFOs were.
type Timeline struct {
	From   int64           `json:"from"`
	Until  int64           `json:"until"`  // not included
	Starts []int64         `json:"starts"` // of the columns: their first cycles
	Stages []TimelineStage `json:"stages"`
	FIFOs  []FillUse       `json:"fifos"`
}

// TimelineStage is the cycles of a stage, by column.
type TimelineStage struct {
	Layer   string  `json:"layer,omitempty"` // whose turn it is
	Name    string  `json:"name"`
	Busy    []int64 `json:"busy"`
	Starved []int64 `json:"starved"`
	Blocked []int64 `json:"blocked"`
	Other   []int64 `json:"other"`
}

// FillUse is in how many cycles a FIFO held how many beats.
type FillUse struct {
	Layer  string  `json:"layer,omitempty"` // whose turn it is
	Name   string  `json:"name"`
	Depth  int     `json:"depth"`
	Cycles []int64 `json:"cycles_by_fill"`
}

// Span is the cycles that a timeline shows, To not included.
type Span struct{ From, To clock.Cycle }

// timeline adds up what happened in the turns of a run.
func (w *Span) timeline(ctx context.Context, turns ...turn) (*Timeline, error) {
	if w == nil {
		return nil, nil
	}
	var list []*probe.Turn
	for _, t := range turns {
		t.Values = nil
		list = append(list, t.Turn)
	}
	s := probe.NewSummary(timelineColumns(list))
	p := probe.New(list, probe.Options{From: w.From, To: w.To}, s)
	for _, t := range list {
		if err := p.Show(t); err != nil {
			return nil, cmp.Or(context.Cause(ctx), err)
		}
	}
	t := &Timeline{From: int64(w.From), Until: int64(w.From), Starts: []int64{}, Stages: []TimelineStage{}, FIFOs: []FillUse{}}
	if n := len(s.Bounds); n > 0 {
		t.Until = int64(s.Bounds[n-1])
		for _, b := range s.Bounds[:n-1] {
			t.Starts = append(t.Starts, int64(b))
		}
	}
	for _, stage := range s.Stages {
		t.Stages = append(t.Stages, timelineStage(stage))
	}
	for _, f := range s.Fills {
		t.FIFOs = append(t.FIFOs, FillUse(f))
	}
	return t, nil
}

func timelineStage(stage probe.Columns) TimelineStage {
	made := TimelineStage{Layer: stage.Layer, Name: stage.Name}
	for _, c := range stage.Shares {
		other := int64(0)
		for cause, n := range c {
			if cause := clock.Cause(cause); cause != clock.Busy && cause != clock.Starved && cause != clock.Blocked {
				other += n
			}
		}
		made.Busy = append(made.Busy, c[clock.Busy])
		made.Starved = append(made.Starved, c[clock.Starved])
		made.Blocked = append(made.Blocked, c[clock.Blocked])
		made.Other = append(made.Other, other)
	}
	return made
}

// How wide names may be, and how wide the rest is at least.
const (
	mostName     = 36
	leastColumns = 40
)

// timelineColumns is how many columns fit beside the names of stages.
func timelineColumns(turns []*probe.Turn) int {
	width := 0
	for _, t := range turns {
		for _, s := range t.Result.Stages {
			width = max(width, utf8.RuneCountInString(s.Name))
		}
	}
	return max(leastColumns, textwrap.Width-4-min(width, mostName))
}
