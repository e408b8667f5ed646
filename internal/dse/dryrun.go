package dse

import (
	"context"

	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/search"
	"github.com/convsim/convsim/internal/dse/template"
)

// Preview is what a run would do, as far as that is known without simulating anything. It takes about a
// second for a sweep of any size: of a large one a sample of the points is looked at.
type Preview struct {
	Name     string           `json:"name"`
	Space    int64            `json:"space"`
	Points   int64            `json:"points"`             // of the strategy, or of the shard
	Excluded *Excluded        `json:"excluded,omitempty"` // of the whole space, by constraints on parameters alone
	Checked  int64            `json:"checked"`            // points looked at: those counted below
	Runs     int64            `json:"runs"`               // legal; a bound may prune some of them
	Illegal  int64            `json:"illegal"`            // no such hardware, or it cannot hold the layer
	Pruned   int64            `json:"pruned"`             // they break a constraint that needs no simulation
	Reasons  map[string]int64 `json:"reasons"`            // of points that would not run
	Listed   int64            `json:"listed"`             // the first so many are listed
	Sampled  bool             `json:"sampled"`            // not all points are looked at
	Learns   bool             `json:"learns"`             // later points depend on results: only the first are looked at
}

// A dry run builds at most so many designs, one for each point and layer; where the text of every hardware
// has to be read, a tenth. A sample is of a tenth of that.
const (
	mostPreviewed = 50_000
	unreadShare   = 10
	sampleShare   = 10
)

// mostListed is how many points are listed, latinListed of how many a Latin hypercube, which are drawn together, and
// mostPassed how many points of other shards are passed by.
const (
	mostListed  = 1000
	latinListed = 1 << 18
	mostPassed  = 1 << 24
)

// DryRun visits the first thousand points of a sweep, or of a shard, in the order in which they would run. The row of a
// point that would be evaluated has the status OK and no metrics. Counted are all points, or of too many a sample.
func (s *Sweep) DryRun(ctx context.Context, o Options, visit func(*journal.Row)) (*Preview, error) {
	if err := s.checkOptions(&o); err != nil {
		return nil, err
	}
	p := &Preview{Name: s.Definition.Name, Space: s.Axes.Size(), Points: o.Shard.Share(s.Points()),
		Excluded: s.excluded(), Reasons: map[string]int64{}, Learns: s.Definition.Strategy.Learns()}
	e := newEvaluator(s)
	e.prune = &pruner{evaluator: e}
	most := int64(mostPreviewed / max(len(e.layers), 1))
	if e.composer == nil {
		most /= unreadShare
	}
	most = max(most, sampleShare)
	p.Sampled = max(p.Points, s.Points()/mostPassed*most) > most && !p.Learns
	if p.Sampled {
		err := s.each(ctx, o.Shard, p.listable(s), func(index int64) { p.list(e.check(index), visit) })
		for _, index := range s.sample(most / sampleShare) {
			row := e.check(index)
			p.count(&row)
		}
		return p, err
	}
	return p, s.each(ctx, o.Shard, most, func(index int64) {
		row := e.check(index)
		p.count(&row)
		p.list(row, visit)
	})
}

// each visits the points of a shard, of those the strategy asks for first, until there are so many.
func (s *Sweep) each(ctx context.Context, shard journal.Shard, most int64, look func(index int64)) error {
	if most == 0 {
		return ctx.Err()
	}
	strategy, looked := s.strategy(), int64(0)
	for position := int64(0); looked < most && position < mostPassed && ctx.Err() == nil; {
		asked := strategy.Ask(batchSize)
		if len(asked) == 0 {
			break
		}
		for _, index := range asked {
			if shard.Has(position) && looked < most {
				look(index)
				looked++
			}
			position++
		}
	}
	return ctx.Err()
}

// listable is how many of the first points can be listed at once.
func (p *Preview) listable(s *Sweep) int64 {
	if s.Definition.Strategy.IsLatin() && p.Points > latinListed {
		return 0
	}
	return mostListed
}

// list lists a point if it is one of the first.
func (p *Preview) list(row journal.Row, visit func(*journal.Row)) {
	if p.Listed < mostListed {
		p.Listed++
		visit(&row)
	}
}

// sample are so many points of the space, drawn at random: evenly spread ones would meet the same values of
// the inner axes again and again.
func (s *Sweep) sample(n int64) []int64 {
	drawn, err := search.Random{N: n, Seed: scoutSeed}.Start(s.Axes)
	if err != nil {
		panic("dse: " + err.Error())
	}
	return drawn.Ask(int(n))
}

func (p *Preview) count(row *journal.Row) {
	p.Checked++
	switch row.Status {
	case journal.OK:
		p.Runs++
		return
	case journal.Illegal:
		p.Illegal++
	default:
		p.Pruned++
	}
	p.Reasons[row.Reason]++
}

// check is what is known of a point before it runs.
func (e *evaluator) check(index int64) journal.Row {
	p, err := e.prepare(index)
	row := journal.Row{Index: index, Values: p.values, Status: journal.OK, Metrics: metric.Unknown()}
	if err != nil {
		row.Status, row.Reason = journal.Illegal, template.OneLine(err)
		return row
	}
	if row.Reason, _ = e.prune.reason(p, e.static(p)); row.Reason != "" {
		row.Status = journal.Pruned
	}
	return row
}
