package results

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/judge"
	"github.com/convsim/convsim/internal/dse/metric"
)

// Empty says why no design of a folder is feasible.
type Empty struct {
	Constraints []Breach `json:"constraints"`
	Closest     []Near   `json:"closest"` // the nearest to feasible, the nearest first; behind them those not simulated
	Reasons     []Reason `json:"reasons"` // of points that are illegal, failed or have no objectives, the most frequent first
}

// Breach is a constraint with what became of it.
type Breach struct {
	Constraint string `json:"constraint"`
	Breaks     int64  `json:"breaks"`  // points where it does not hold
	Holds      int64  `json:"holds"`   // points where it holds
	Unknown    int64  `json:"unknown"` // points that have no value of it: they were not simulated
}

// Near is a design that misses some constraints.
type Near struct {
	Index      int64          `json:"index"`
	Parameters map[string]any `json:"parameters"`
	Misses     []Miss         `json:"misses"`
	Unknown    []string       `json:"unknown,omitempty"` // constraints that have no value: the design was not simulated

	share, by float64 // by how much all of them are missed
}

// Miss is a part of a constraint that does not hold.
type Miss struct {
	Text  string   `json:"text"`
	Left  string   `json:"left,omitempty"` // of a comparison of numbers
	Right string   `json:"right,omitempty"`
	Is    *float64 `json:"is,omitempty"`
	Limit *float64 `json:"limit,omitempty"`
	By    *float64 `json:"by,omitempty"`
}

// Reason is why points have no result.
type Reason struct {
	Reason string `json:"reason"`
	Points int64  `json:"points"`
}

// How much of it is told.
const (
	mostClosest = 3 // of the designs simulated, and as many of the others
	mostReasons = 3
)

// whyEmpty looks for the reason. More constraints may be asked for than the sweep has.
func (f *folder) whyEmpty(more []*expr.Program) (*Empty, error) {
	j := f.sweep.Judge
	s := &emptySearch{folder: f, fits: j.Fits(), reasons: map[string]int64{}}
	for _, p := range j.Constraints {
		s.programs = append(s.programs, p.Program)
	}
	s.programs = append(s.programs, more...)
	e := &Empty{Constraints: make([]Breach, len(s.programs)), Closest: []Near{}, Reasons: []Reason{}}
	for i, p := range s.programs {
		e.Constraints[i].Constraint = p.String()
	}
	for i, text := range f.sweep.Definition.Constraints {
		e.Constraints[i].Constraint = text
	}
	err := f.each(func(row *journal.Row, v judge.Verdict) error {
		s.take(e, row, v)
		return nil
	})
	e.Closest = append(e.Closest, s.unknown...)
	for reason, points := range s.reasons {
		e.Reasons = append(e.Reasons, Reason{reason, points})
	}
	slices.SortFunc(e.Reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), strings.Compare(a.Reason, b.Reason))
	})
	e.Reasons = e.Reasons[:min(len(e.Reasons), mostReasons)]
	return e, err
}

// emptySearch walks over the points.
type emptySearch struct {
	*folder
	programs []*expr.Program
	fits     *expr.Program // what fits means, nil without a board
	reasons  map[string]int64
	unknown  []Near // the nearest of the designs that were not simulated
}

func (s *emptySearch) take(e *Empty, row *journal.Row, v judge.Verdict) {
	switch {
	case row.Status == journal.Illegal || row.Status == journal.Failed:
		s.reasons[string(row.Status)+": "+row.Reason]++
		return
	case row.Status == journal.OK && v.Objectives == nil:
		s.reasons[v.Reason]++
	}
	env := s.sweep.Judge.Environment(row.Values, &row.Metrics)
	near := Near{Index: row.Index}
	breaks := false
	for i, p := range s.programs {
		holds, err := p.Bool(env)
		switch {
		case err != nil && row.Status != journal.OK:
			e.Constraints[i].Unknown++
			near.Unknown = append(near.Unknown, e.Constraints[i].Constraint)
		case err == nil && holds:
			e.Constraints[i].Holds++
		default:
			e.Constraints[i].Breaks++
			breaks = true
			near.miss(p.Gaps(env, s.expand))
		}
	}
	switch {
	case breaks && len(near.Unknown) > 0:
		s.unknown = s.keep(s.unknown, near, row)
	case breaks:
		e.Closest = s.keep(e.Closest, near, row)
	}
}

// expand are the programs of names that stand for a condition.
func (s *emptySearch) expand(slot int) *expr.Program {
	j := s.sweep.Judge
	if slot == j.Names.Metrics[metric.Fits] {
		return s.fits
	}
	for _, d := range j.Derived {
		if d.Slot == slot && d.Type() == expr.Bool {
			return d.Program
		}
	}
	return nil
}

func (n *Near) miss(gaps []expr.Gap) {
	for _, g := range gaps {
		m := Miss{Text: g.Text, Left: g.Left, Right: g.Right}
		by, share := g.Miss()
		if math.IsNaN(by) {
			share = 1
		} else {
			m.Is, m.Limit, m.By = &g.Is, &g.Limit, &by
			n.by += by
		}
		n.share += share
		n.Misses = append(n.Misses, m)
	}
}

// keep enters a design among the closest, if it is one.
func (s *emptySearch) keep(closest []Near, near Near, row *journal.Row) []Near {
	at := sort.Search(len(closest), func(i int) bool {
		c := &closest[i]
		return near.share < c.share || near.share == c.share && near.by < c.by
	})
	if at >= mostClosest {
		return closest
	}
	near.Parameters = s.sweep.parameters(row)
	closest = slices.Insert(closest, at, near)
	return closest[:min(len(closest), mostClosest)]
}
