package dse

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/judge"
	"github.com/convsim/convsim/internal/dse/results"
	"github.com/convsim/convsim/internal/dse/search"
)

// Options say how a sweep runs. None of them changes results.csv or pareto.csv, except that NoPrune fills in
// the metrics of points that would have been pruned.
type Options struct {
	Out     string        // folder of the results
	Jobs    int           // points evaluated at a time; 0 for one per core
	Shard   journal.Shard // the part to run; zero for the whole
	Resume  bool          // refuse to start another version of the sweep that the folder holds
	NoPrune bool          // evaluate every legal point

	Pages    int     // most designs of the front that get a page of their run
	AllPages bool    // every design that was simulated gets one
	PagesOf  []int64 // these get one, too
	// Drawing, if not nil, is called after every page, from one goroutine at a time.
	Drawing func(done, total int)
	// Progress, if not nil, is called from one goroutine after every point.
	Progress func(Progress)
}

// Progress says how far a run is.
type Progress struct {
	Done, Total int64 // points with a row, and of the shard
	Earlier     int64 // points that the folder had before
	results.Counts
}

// Interrupted says that a run was stopped; what it computed is kept.
type Interrupted struct{ Done, Total int64 }

func (i *Interrupted) Error() string {
	return fmt.Sprintf("interrupted after %d of %d points", i.Done, i.Total)
}

// Run evaluates the points of a sweep, or of a shard, that the folder does not hold yet, and writes the tables and the
// page. When ctx ends, the points under way are finished and kept and the error is *Interrupted.
func (s *Sweep) Run(ctx context.Context, o Options) (*results.Summary, error) {
	if err := s.checkOptions(&o); err != nil {
		return nil, err
	}
	if o.NoPrune {
		whole := *s
		whole.Definition.NoPrune = true
		s = &whole
	}
	if err := results.CheckFolder(o.Out, s.files[0], s.files); err != nil {
		return nil, err
	}
	j, err := results.OpenFolder(o.Out, s.Definition.Name)
	if err != nil {
		return nil, err
	}
	r := &run{sweep: s, options: o, journal: j, evaluator: newEvaluator(s), keys: s.Axes.Names()}
	if err = r.version(); err == nil {
		j.Forget()
		err = r.points(ctx)
	}
	if err = errors.Join(err, j.Sync()); err != nil {
		return nil, unjoin(errors.Join(err, j.Close()))
	}
	summary, err := results.Finish(o.Out, r.progress.Reused, r.pages(ctx)) // with the folder still held
	return summary, errors.Join(err, j.Close())
}

func unjoin(err error) error {
	var stopped *Interrupted
	if errors.As(err, &stopped) {
		return stopped
	}
	return err
}

func (s *Sweep) checkOptions(o *Options) error {
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	if o.Shard == (journal.Shard{}) {
		return nil
	}
	if o.Shard.Count < 1 || o.Shard.Index < 1 || o.Shard.Index > o.Shard.Count {
		return fmt.Errorf("shard %s; allowed: I/N with 1 <= I <= N", o.Shard)
	}
	if s.Definition.Strategy.Learns() && o.Shard.Count > 1 {
		return fmt.Errorf("shard %s of a search that learns from its results; allowed: the whole, on as many cores as one machine has", o.Shard)
	}
	return nil
}

// run is a sweep under way.
type run struct {
	sweep     *Sweep
	options   Options
	journal   *journal.Journal
	evaluator *evaluator
	keys      []string
	progress  Progress
}

// version continues the version that the folder holds, or begins a new one.
func (r *run) version() error {
	identity := r.sweep.Definition.Identity()
	switch last := r.journal.Last; {
	case last != nil && last.Identity == identity && last.Shard == r.options.Shard:
		return results.CheckText(r.options.Out, last.Text, r.sweep.files[0], r.sweep.Text)
	case last != nil && last.Identity == identity:
		return fmt.Errorf("%s holds %s of this sweep; allowed: a folder for each shard", r.options.Out, last.Shard.Words())
	case last != nil && r.options.Resume:
		return fmt.Errorf("%s holds another version of sweep %q: something that decides its results has changed since; "+
			"without --resume the new version runs there and reuses every point that did not change", r.options.Out, r.sweep.Definition.Name)
	}
	h, err := r.sweep.Header(r.options.Shard)
	h.File = results.Source(r.sweep.files[0]).From(r.options.Out)
	if err != nil {
		return err
	}
	return r.journal.Begin(h)
}

// batchSize is how many points are asked for at a time.
const batchSize = 256

// points evaluates what is missing.
func (r *run) points(ctx context.Context) error {
	strategy := r.sweep.strategy()
	r.progress.Total = r.options.Shard.Share(strategy.Total())
	if !r.sweep.Definition.NoPrune {
		// Nothing is written yet, so that scouts may read rows of this version too.
		r.evaluator.cache = r.journal.FindAny
		r.evaluator.prune = newPruner(r.evaluator, r.options.Jobs)
	}
	r.evaluator.cache = r.journal.Find
	position := int64(0)
	for {
		asked := strategy.Ask(batchSize)
		if len(asked) == 0 {
			return nil
		}
		var own []int64
		for _, index := range asked {
			if r.options.Shard.Has(position) {
				own = append(own, index)
			}
			position++
		}
		rows, err := r.batch(ctx, own)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return &Interrupted{Done: r.progress.Done, Total: r.progress.Total}
		}
		strategy.Tell(r.results(rows, asked))
	}
}

// batch returns the rows of the points, evaluating and writing those that the folder lacks. When ctx ends, the rows of
// the points not started are missing.
func (r *run) batch(ctx context.Context, points []int64) (map[int64]journal.Row, error) {
	rows := make(map[int64]journal.Row, len(points))
	var missing []int64
	for _, index := range points {
		at, known := r.journal.Rows[index]
		if !known {
			missing = append(missing, index)
			continue
		}
		r.progress.Earlier++
		r.progress.Done++
		if r.sweep.Definition.Strategy.Learns() {
			row, err := r.journal.Row(at)
			if err != nil {
				return nil, err
			}
			row.Values = r.sweep.Axes.Point(index)
			rows[index] = row
		}
	}
	return rows, r.evaluate(ctx, missing, rows)
}

// outcome is an evaluated point.
type outcome struct {
	row    journal.Row
	reused bool
}

// evaluate evaluates points on all jobs and writes their rows in the order of the points.
func (r *run) evaluate(ctx context.Context, points []int64, rows map[int64]journal.Row) error {
	slots := make([]chan outcome, len(points))
	for i := range slots {
		slots[i] = make(chan outcome, 1)
	}
	stop := make(chan struct{}) // when the writer gives up
	var workers sync.WaitGroup
	workers.Go(func() {
		parallelUntil(len(points), r.options.Jobs, stop, func(i int) {
			defer close(slots[i])
			if ctx.Err() == nil {
				row, reused := r.evaluator.evaluate(points[i])
				slots[i] <- outcome{row, reused}
			}
		})
	})
	err := r.write(slots, rows)
	close(stop)
	workers.Wait()
	return err
}

// write writes the rows of evaluated points; slots of points that were not started are closed empty.
func (r *run) write(slots []chan outcome, rows map[int64]journal.Row) error {
	for _, slot := range slots {
		o, evaluated := <-slot
		if !evaluated {
			continue
		}
		rows[o.row.Index] = o.row
		if err := r.journal.Add(&o.row, r.keys); err != nil {
			return err
		}
		r.count(o)
	}
	return nil
}

func (r *run) count(o outcome) {
	r.progress.Done++
	r.progress.Add(o.row.Status)
	if o.reused {
		r.progress.Reused++
	}
	if r.options.Progress != nil {
		r.options.Progress(r.progress)
	}
}

// results are the rows as the strategy wants them. A strategy that does not learn gets the asked points back.
func (r *run) results(rows map[int64]journal.Row, asked []int64) []search.Result {
	results := make([]search.Result, len(asked))
	for i, index := range asked {
		results[i] = search.Result{Index: index, Violation: math.Inf(1)}
		if row, evaluated := rows[index]; evaluated && r.sweep.Definition.Strategy.Learns() {
			results[i] = resultOf(r.sweep.Judge, &row)
		}
	}
	return results
}

// brokenBeforeRunning weighs constraints that fail before anything is simulated: the search leaves those regions first.
const brokenBeforeRunning = 1000

// resultOf is what a search that learns is told of a row. It does not depend on whether the point was pruned.
func resultOf(j *judge.Judge, row *journal.Row) search.Result {
	out := search.Result{Index: row.Index, Violation: math.Inf(1)}
	switch row.Status {
	case journal.Pruned:
		out.Violation = brokenBeforeRunning
	case journal.OK:
		env := j.Environment(row.Values, &row.Metrics)
		v := j.Judge(row.Values, &row.Metrics)
		switch {
		case len(j.BrokenBefore(env)) > 0:
			out.Violation = brokenBeforeRunning
		case v.Objectives == nil:
			out.Violation = brokenBeforeRunning / 2
		default:
			out.Violation, out.Objectives = float64(len(v.Broken)), v.Objectives
		}
	}
	return out
}
