package regress

import (
	"context"
	"errors"

	"github.com/sourcegraph/conc/stream"

	"github.com/convsim/convsim/configs"
)

// Options say what is run and how.
type Options struct {
	Hardware  []string // files, or folders of files, that golden suites run on
	EveryBeat bool     // no fast-forward
	Update    bool     // record expectation files anew
	New       *New     // expectations to make, nil for none; needs Update
}

// New describes expectations that are to be made: every hardware of Options with
// every workload.
type New struct {
	Workloads []string // layer or workload files, or folders of them
	Into      string   // folder of the expectation files, one per hardware
	Frames    int      // 0 for the batch
	Seed      int64    // of tensors that are made up
	NoValues  bool     // time only
	NoStages  bool     // leave out how stages spent their cycles
}

// Plan is an ordered list of cases, read and checked, ready to run.
type Plan struct {
	cases    []*job
	files    []*expectation
	hardware []board
	timings  timings
	options  Options
	read     []string
}

// job is one case.
type job struct {
	source, id string
	kind       Kind
	run        func(ctx context.Context) outcome
}

// outcome is what a job finds out; the zero outcome is a pass.
type outcome struct {
	status Status
	reason string
	diffs  []Diff
	detail string // put behind the job's id, where the id is not known before
}

func fail(err error) outcome     { return outcome{status: Failed, reason: err.Error()} }
func skip(reason string) outcome { return outcome{status: Skipped, reason: reason} }

// differs is a failure if anything differs.
func differs(diffs []Diff) outcome {
	if len(diffs) == 0 {
		return outcome{}
	}
	return outcome{status: Failed, diffs: diffs}
}

// board is a hardware by the name that tells it from the others.
type board struct {
	path  string // as it was named
	label string
	hw    *configs.Hardware
}

// Files returns the paths of the files that the plan was read from and that its
// cases read.
func (p *Plan) Files() []string { return p.read }

// Len is the number of cases.
func (p *Plan) Len() int { return len(p.cases) }

// Run runs all cases, so many at a time, and calls each, if not nil, with every
// result in the order of the plan. Expectation files are written at the end. The
// error is about the run itself: that ctx ended, or a file that cannot be
// written; failed cases are in the report.
func (p *Plan) Run(ctx context.Context, jobs int, each func(Result)) (*Report, error) {
	report := &Report{Cases: []Result{}}
	s := stream.New().WithMaxGoroutines(max(1, jobs))
	for _, c := range p.cases {
		if ctx.Err() != nil {
			break
		}
		s.Go(func() stream.Callback {
			r := c.result(c.run(ctx))
			return func() {
				report.add(r)
				if each != nil {
					each(r)
				}
			}
		})
	}
	s.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return report, p.write()
}

func (c *job) result(o outcome) Result {
	if o.status == "" {
		o.status = Passed
	}
	return Result{ID: c.id + o.detail, Kind: c.kind, Status: o.status, Reason: o.reason, Diffs: o.diffs, Source: c.source}
}

// write writes the expectation files that have been recorded.
func (p *Plan) write() error {
	if !p.options.Update {
		return nil
	}
	var failed Mistakes
	for _, f := range p.files {
		if err := f.write(); err != nil {
			failed = append(failed, err)
		}
	}
	return failed.err()
}

// Mistakes is everything that is wrong with a plan.
type Mistakes []error

// Error lists the mistakes, one a line.
func (m Mistakes) Error() string { return errors.Join(m...).Error() }

// Unwrap returns the mistakes; those in YAML files are *strictyaml.Errors.
func (m Mistakes) Unwrap() []error { return m }

func (m Mistakes) err() error {
	if len(m) == 0 {
		return nil
	}
	return m
}
