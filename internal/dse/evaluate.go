package dse

import (
	"github.com/convsim/convsim/internal/dse/expr"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/template"
)

// evaluator evaluates points. It is safe for concurrent use.
type evaluator struct {
	sweep    *Sweep
	layers   []layerUse
	paces    *paces
	composer *template.Composer                                // nil where the text of every hardware has to be read
	base     string                                            // hash of what all points share
	prune    *pruner                                           // nil for none
	cache    func(index int64, key string) (journal.Row, bool) // rows known already
}

func newEvaluator(s *Sweep) *evaluator {
	return &evaluator{
		sweep:    s,
		layers:   s.uses(),
		paces:    newPaces(),
		composer: template.NewComposer(s.Definition.Hardware, s.Axes),
		base:     s.Definition.Base(),
		cache:    func(int64, string) (journal.Row, bool) { return journal.Row{}, false },
	}
}

// evaluate returns the row of a point, and whether it was known already.
func (e *evaluator) evaluate(index int64) (row journal.Row, reused bool) {
	p, err := e.prepare(index)
	row = journal.Row{Index: index, Key: e.sweep.Key(e.base, p.values), Values: p.values, Metrics: metric.Unknown()}
	if err != nil {
		row.Status, row.Reason = journal.Illegal, template.OneLine(err)
		return row, false
	}
	static := e.static(p)
	if e.prune != nil {
		if reason, broken := e.prune.reason(p, static); reason != "" {
			row.Status, row.Reason = journal.Pruned, reason
			if broken {
				row.Metrics = static
			}
			return row, false
		}
	}
	if known, hit := e.cache(index, row.Key); hit {
		row.Status, row.Reason, row.Metrics = known.Status, known.Reason, known.Metrics
		return row, true
	}
	e.finish(&row, p, static)
	return row, false
}

// finish runs the time plane.
func (e *evaluator) finish(row *journal.Row, p *point, static metric.Values) {
	if err := e.time(&static, p); err != nil {
		row.Status, row.Reason = journal.Failed, template.OneLine(err)
		return
	}
	row.Status, row.Metrics = journal.OK, static
}

// environment is the values of all names at a point.
func (e *evaluator) environment(p *point, m *metric.Values) []expr.Value {
	return e.sweep.Judge.Environment(p.values, m)
}
