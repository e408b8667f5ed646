package dse

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/judge"
	"github.com/convsim/convsim/internal/dse/metric"
	"github.com/convsim/convsim/internal/dse/pareto"
	"github.com/convsim/convsim/internal/dse/search"
)

// pruner finds points that cannot enter the front. What it prunes depends on the sweep alone, not on the
// order in which points are evaluated, so that resumed, sharded and parallel runs prune the same: it holds
// points against scouts, a few designs that the bounds make look best and that are evaluated before all
// others.
type pruner struct {
	*evaluator
	scouts *pareto.Archive // nil when the objectives have no bound
}

// Scouting looks at so many points, an eighth of the sweep at most, and evaluates so many of them.
const (
	scoutSample = 2048
	scoutShare  = 8
	maxScouts   = 48
	scoutSeed   = 1
)

// newPruner evaluates the scouts. A strategy that learns gets no scouts: it has to see all objectives it asks for.
func newPruner(e *evaluator, jobs int) *pruner {
	p := &pruner{evaluator: e}
	s := e.sweep
	if s.Definition.Strategy.Learns() || slices.ContainsFunc(s.Judge.Objectives, judge.Objective.Unbounded) {
		return p
	}
	chosen := p.chooseScouts()
	rows := make([]journal.Row, len(chosen))
	parallel(len(chosen), jobs, func(i int) { rows[i], _ = e.evaluate(chosen[i]) })
	p.scouts = pareto.New(len(s.Judge.Objectives), pareto.FirstTie)
	for _, row := range rows {
		if row.Status != journal.OK {
			continue
		}
		if v := s.Judge.Judge(row.Values, &row.Metrics); v.Feasible() {
			p.scouts.Insert(row.Index, v.Objectives)
		}
	}
	return p
}

// parallel calls work for 0 .. n-1 on so many goroutines and waits for all.
func parallel(n, jobs int, work func(i int)) { parallelUntil(n, jobs, nil, work) }

// parallelUntil is parallel that starts no more work once stop is closed.
func parallelUntil(n, jobs int, stop <-chan struct{}, work func(i int)) {
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(n, jobs) {
		wait.Go(func() {
			for i := range next {
				work(i)
			}
		})
	}
	for i := range n {
		select {
		case next <- i:
			continue
		case <-stop:
		}
		break
	}
	close(next)
	wait.Wait()
}

// chooseScouts returns points of the sweep, spread over the front that the bounds alone would make.
func (p *pruner) chooseScouts() []int64 {
	front := pareto.New(len(p.sweep.Judge.Objectives), pareto.FirstTie)
	for _, index := range p.sample() {
		candidate, err := p.prepare(index)
		if err != nil {
			continue
		}
		static := p.static(candidate)
		if reason, _ := p.reason(candidate, static); reason != "" {
			continue
		}
		front.Insert(index, p.lowest(candidate, static))
	}
	members := front.Front()
	var chosen []int64
	for i := range min(len(members), maxScouts) {
		chosen = append(chosen, members[i*len(members)/min(len(members), maxScouts)].ID)
	}
	slices.SortFunc(chosen, cmp.Compare[int64])
	return chosen
}

// sample draws points from those the strategy will ask for. A grid asks for all; the others ask in random order.
func (p *pruner) sample() []int64 {
	n := int(min(p.sweep.Points()/scoutShare, scoutSample))
	if n == 0 {
		return nil
	}
	if !p.sweep.Definition.Strategy.IsGrid() {
		return p.sweep.strategy().Ask(n)
	}
	drawn, err := search.Random{N: int64(n), Seed: scoutSeed}.Start(p.sweep.Axes)
	if err != nil {
		panic("dse: " + err.Error())
	}
	return drawn.Ask(n)
}

// reason says why a legal point cannot enter the front, or nothing; and whether it is that a constraint does not hold.
func (p *pruner) reason(candidate *point, static metric.Values) (reason string, broken bool) {
	env := p.environment(candidate, &static)
	if broken := p.sweep.Judge.BrokenBefore(env); len(broken) > 0 {
		return "breaks " + p.sweep.ReasonBroken(broken), true
	}
	if p.scouts == nil || !p.scouts.Dominated(p.lowest(candidate, static)) {
		return "", false
	}
	return fmt.Sprintf("bound: another point is better in every objective or equal (one of %d scouts)", p.scouts.Len()), false
}

// lowest is a lower bound of the minimized objectives.
func (p *pruner) lowest(candidate *point, static metric.Values) []float64 {
	exactly := p.environment(candidate, &static)
	best := p.bound(candidate, static)
	out := make([]float64, len(p.sweep.Judge.Objectives))
	for i, o := range p.sweep.Judge.Objectives {
		out[i] = o.Lowest(exactly, &best)
	}
	return out
}
