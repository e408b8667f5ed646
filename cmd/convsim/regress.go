package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/convsim/convsim/internal/regress"
)

// regressFlags are the flags of `convsim regress`.
type regressFlags struct {
	options       regress.Options
	create        regress.New
	json          bool
	junit         destination
	jobs          int
	noFastForward bool
}

func newRegress(s streams) *cobra.Command {
	f := regressFlags{junit: destination{flag: "--junit"}}
	cmd := &cobra.Command{
		Use:   "regress PATH...",
		Short: "Run expectations, golden suites and RTL tables again",
		Long: `Regress runs everything it is given and compares it with what is known. A PATH is
an expectation file (NAME.expect.yaml), a golden manifest.json or its .zip, a .csv
of RTL handshakes, or a folder, which is searched for all three. Golden suites run
on every hardware given with --hw, a file or a folder: operators, and whole models
with every tensor that the manifest lists. What differs is said in one
line per case: what changed, from what, to what, by how much.

--update records expectation files anew. With --hw, --workload and --into it makes
new ones: a file per hardware, a line per layer.`,
		Example: `  convsim regress regress/expectations
  convsim regress testdata/golden/conv2d_int.zip --hw edge-8x8
  convsim regress testdata/finn --junit regress.xml
  convsim regress --update --hw my.yaml --workload resnet50 --into expectations`,
		RunE: func(cmd *cobra.Command, paths []string) error { return f.run(cmd, s, paths) },
	}
	fl := cmd.Flags()
	fl.StringArrayVar(&f.options.Hardware, "hw", nil, "hardware file or folder that golden suites run on; may be repeated")
	fl.BoolVar(&f.options.Update, "update", false, "record expectation files anew")
	fl.StringArrayVar(&f.create.Workloads, "workload", nil, "layer, workload, network or .onnx file, or folder, to make new expectations of; may be repeated")
	fl.StringVar(&f.create.Into, "into", "", "folder of new expectation files")
	fl.IntVar(&f.create.Frames, "frames", 0, "frames in a row of new expectations (default: the batch)")
	fl.Int64Var(&f.create.Seed, "seed", 1, "seed of tensors that new expectations make up")
	fl.BoolVar(&f.create.NoValues, "no-values", false, "new expectations are of time only")
	fl.BoolVar(&f.create.NoStages, "no-stages", false, "new expectations leave out how stages spent their cycles")
	fl.BoolVar(&f.json, "json", false, "print the report as JSON")
	fl.StringVar(&f.junit.path, "junit", "", "write the report as JUnit XML to this file")
	fl.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "cases run at a time")
	fl.BoolVar(&f.noFastForward, "no-fast-forward", false, "simulate every beat instead of skipping what repeats; changes no number")
	fileFlags(cmd, "yaml yml", "hw", "workload")
	must(cmd.MarkFlagDirname("into"))
	return cmd
}

func (f *regressFlags) run(cmd *cobra.Command, s streams, paths []string) error {
	ctx := cmd.Context()
	talk := s.beside(f.junit)
	plan, err := slowly(ctx, s, "regress", "reading files", func() (*regress.Plan, error) { return f.open(cmd.Flags(), paths) })
	if err != nil {
		if ctx.Err() == nil {
			err = errors.Join(err, f.writeMistakes(ctx, s, err))
		}
		return err
	}
	bar, done := newBar(s.err, "regress"), 0
	report, err := plan.Run(ctx, f.jobs, func(r regress.Result) {
		if line := r.Line(); line != "" && !f.json {
			bar.clear()
			fmt.Fprintln(talk.out, line)
		}
		done++
		bar.show(done, plan.Len())
	})
	bar.clear()
	if report == nil {
		return err
	}
	if err := errors.Join(err, f.writeJUnit(ctx, s, report.WriteJUnit), f.write(talk.out, report)); err != nil {
		return err
	}
	if report.Failed > 0 {
		return errFailed
	}
	return nil
}

// open refuses what cannot work before anything runs, all mistakes at once.
func (f *regressFlags) open(given *pflag.FlagSet, paths []string) (*regress.Plan, error) {
	var errs []error
	if f.jobs < 1 {
		errs = append(errs, fmt.Errorf("--jobs %d; allowed: 1 or more", f.jobs))
	}
	if len(f.create.Workloads) > 0 || f.create.Into != "" {
		f.options.New = &f.create
		errs = append(errs, f.checkNew())
	} else {
		errs = append(errs, useless(given, "what is there, but for new expectations", "frames", "seed", "no-values", "no-stages"))
		if len(paths) == 0 {
			errs = append(errs, errors.New("nothing to run; allowed: one PATH or more, or --update with --hw, --workload and --into"))
		}
	}
	f.options.EveryBeat = f.noFastForward
	plan, err := regress.Open(paths, f.options)
	if junitErr := f.junit.check(plan.Files()); junitErr != nil {
		errs = append(errs, junitErr)
		f.junit.path = "" // not even to say so
	}
	return plan, errors.Join(append(errs, err)...)
}

// checkNew refuses numbers that new expectations cannot have, and forgets them, so that each is
// refused once.
func (f *regressFlags) checkNew() error {
	frames := checkFrames(f.create.Frames, 0, theBatch)
	if frames != nil {
		f.create.Frames = 0
	}
	if seed := f.create.Seed; seed < 0 {
		f.create.Seed = 0
		return errors.Join(frames, fmt.Errorf("--seed %d; allowed: 0 or more", seed))
	}
	return frames
}

// write writes the report: the last line of text is the summary.
func (f *regressFlags) write(out io.Writer, report *regress.Report) error {
	if f.json {
		return report.WriteJSON(out)
	}
	return report.WriteSummary(out)
}

// writeMistakes tells a CI server, too, that nothing could run and why.
func (f *regressFlags) writeMistakes(ctx context.Context, s streams, mistakes error) error {
	return f.writeJUnit(ctx, s, func(w io.Writer) error { return regress.WriteMistakes(w, mistakes) })
}

func (f *regressFlags) writeJUnit(ctx context.Context, s streams, write func(io.Writer) error) error {
	return f.junit.write(ctx, s, write)
}
