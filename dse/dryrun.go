package dse

import (
	"context"
)

// Preview is what a run would do, as far as that is known without simulating anything.
type Preview struct {
	Name    string           `json:"name"`
	Space   int64            `json:"space"`
	Points  int64            `json:"points"`  // of the strategy, or of the shard
	Runs    int64            `json:"runs"`    // legal; a bound may prune some of them
	Illegal int64            `json:"illegal"` // no such hardware, or it cannot hold the layer
	Pruned  int64            `json:"pruned"`  // they break a constraint that needs no simulation
	Reasons map[string]int64 `json:"reasons"` // of points that would not run
	Learns  bool             `json:"learns"`  // later points depend on results: only the first are counted
}

// DryRun visits the points of a sweep, or of a shard, in the order in which they would run. The row of a point that would
// be evaluated has the status OK and no metrics.
func (s *Sweep) DryRun(ctx context.Context, o Options, visit func(*Row)) (*Preview, error) {
	if err := s.checkOptions(&o); err != nil {
		return nil, err
	}
	strategy := s.strategy()
	p := &Preview{Name: s.Definition.Name, Space: s.space.Size(), Points: o.Shard.share(strategy.Total()),
		Reasons: map[string]int64{}, Learns: s.Definition.Strategy.learns()}
	e := newEvaluator(s)
	e.prune = &pruner{evaluator: e}
	position := int64(0)
	for {
		asked := strategy.Ask(batchSize)
		if len(asked) == 0 || ctx.Err() != nil {
			return p, ctx.Err()
		}
		for _, index := range asked {
			if o.Shard.has(position) {
				row := e.check(index)
				p.count(&row)
				visit(&row)
			}
			position++
		}
	}
}

func (p *Preview) count(row *Row) {
	switch row.Status {
	case OK:
		p.Runs++
		return
	case Illegal:
		p.Illegal++
	default:
		p.Pruned++
	}
	p.Reasons[row.Reason]++
}

// check is what is known of a point before it runs.
func (e *evaluator) check(index int64) Row {
	p, err := e.prepare(index)
	row := Row{Index: index, Values: p.values, Status: OK, Metrics: unknownMetrics()}
	if err != nil {
		row.Status, row.Reason = Illegal, oneLine(err)
		return row
	}
	if row.Reason, _ = e.prune.reason(p, e.static(p)); row.Reason != "" {
		row.Status = Pruned
	}
	return row
}
