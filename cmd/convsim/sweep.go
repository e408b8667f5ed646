package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/internal/dse"
	"github.com/convsim/convsim/internal/dse/journal"
	"github.com/convsim/convsim/internal/dse/results"
)

// sweepFlags are the flags of `convsim sweep`.
type sweepFlags struct {
	options dse.Options
	shard   string
	pages   string
	dryRun  bool
	json    bool
}

func newSweep(s streams) *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "sweep SWEEP.yaml",
		Short: "Evaluate a space of hardware on a workload and find the best",
		Long: `Sweep evaluates every hardware that a sweep file describes, or those a strategy
picks, and leaves a folder of results: results.jsonl (one point a line, written
as they come), results.csv, pareto.csv, sweep.yaml, report.html. The tables hold
the same bytes whatever the number of jobs, interruptions or shards.

Running a sweep again in the same folder evaluates only what is missing; after
an edit, what the folder has no result for.`,
		Example: `  convsim sweep edge_layer --dry-run
  convsim sweep edge_layer --out edge
  convsim sweep best edge --objective latency_us -o best.yaml
  convsim sweep big.yaml --shard 3/8 --out part-3 --resume
  convsim sweep merge all part-*`,
		Args: takes(1, "one sweep"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args[0]) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.options.Out, "out", "", "folder of the results (default: sweep-NAME, with the shard behind)")
	fl.IntVar(&f.options.Jobs, "jobs", 0, "points evaluated at a time (default: one per core)")
	fl.StringVar(&f.shard, "shard", "", "evaluate part I of N only, as I/N; merge joins the folders")
	fl.BoolVar(&f.options.Resume, "resume", false, "continue what the folder holds; refuse if the sweep has changed since")
	fl.BoolVar(&f.options.NoPrune, "no-prune", false, "evaluate legal points that cannot be on the front, too")
	fl.StringVar(&f.pages, "pages", "12", "of how many designs of the front report.html links a page of their run, in designs/; all: of every design simulated")
	fl.Int64SliceVar(&f.options.PagesOf, "page", nil, "index of a design that gets a page of its run, too; may be repeated")
	noDefault(cmd, "page")
	fl.BoolVar(&f.dryRun, "dry-run", false, "count and list the points and what is wrong with them; evaluate nothing")
	fl.BoolVar(&f.json, "json", false, "print the summary as JSON")
	must(cmd.MarkFlagDirname("out"))
	cmd.AddCommand(newSweepMerge(s), newSweepBest(s))
	return cmd
}

func (f *sweepFlags) run(ctx context.Context, s streams, file string) error {
	if err := f.check(); err != nil {
		return err
	}
	sweep, err := slowly(ctx, s, "sweep", "reading files", func() (*dse.Sweep, error) { return dse.Load(file) })
	if err != nil {
		return err
	}
	if f.options.Out == "" {
		f.options.Out = defaultFolder(sweep.Definition.Name, f.options.Shard)
	}
	if f.dryRun {
		return f.list(ctx, s, sweep)
	}
	talk := newSweepTalk(s.err, sweep, f.options.Shard)
	f.options.Progress, f.options.Drawing = talk.show, talk.drawing
	summary, err := sweep.Run(ctx, f.options)
	talk.clear()
	var stopped *dse.Interrupted
	var undrawn *results.Undrawn
	if errors.As(err, &stopped) || errors.As(err, &undrawn) {
		fmt.Fprintf(s.err, "convsim: %v; continue with: %s\n", err, f.again(file))
		return errInterrupted
	}
	if err != nil {
		return err
	}
	return writeSummary(s, summary, f.json)
}

// check reads the flags that cobra cannot, all mistakes at once.
func (f *sweepFlags) check() error {
	var errs []error
	if f.options.Jobs < 0 {
		errs = append(errs, fmt.Errorf("--jobs %d; allowed: 0 (one per core) or more", f.options.Jobs))
	}
	if f.options.AllPages = f.pages == "all"; !f.options.AllPages {
		n, err := strconv.Atoi(f.pages)
		if err != nil || n < 0 {
			errs = append(errs, fmt.Errorf("--pages %s; allowed: 0 or more, all", f.pages))
		}
		f.options.Pages = n
	}
	if f.shard != "" {
		shard, err := parseShard(f.shard)
		errs = append(errs, err)
		f.options.Shard = shard
	}
	return errors.Join(errs...)
}

func parseShard(text string) (journal.Shard, error) {
	var shard journal.Shard
	rest := ""
	n, _ := fmt.Sscanf(text+" .", "%d/%d %s", &shard.Index, &shard.Count, &rest)
	if n != 3 || rest != "." || shard.Count < 1 || shard.Index < 1 || shard.Index > shard.Count {
		return journal.Shard{}, fmt.Errorf("--shard %s; allowed: I/N with 1 <= I <= N, such as 3/8", text)
	}
	return shard, nil
}

// defaultFolder is named after the sweep.
func defaultFolder(name string, shard journal.Shard) string {
	folder := "sweep-" + strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\: `, r) {
			return '-'
		}
		return r
	}, name)
	if shard.Count > 0 {
		folder += fmt.Sprintf("-%d-of-%d", shard.Index, shard.Count)
	}
	return folder
}

// again is the command that continues a run.
func (f *sweepFlags) again(file string) string {
	words := []string{"convsim sweep", file, "--out", f.options.Out, "--resume"}
	if f.shard != "" {
		words = append(words, "--shard", f.shard)
	}
	if f.options.NoPrune {
		words = append(words, "--no-prune")
	}
	if f.options.AllPages {
		words = append(words, "--pages", f.pages)
	}
	return strings.Join(words, " ")
}

func newSweepMerge(s streams) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:     "merge OUT DIR...",
		Short:   "Join the folders of all shards of a sweep",
		Example: "  convsim sweep merge all part-1 part-2 part-3",
		Args: func(cmd *cobra.Command, args []string) error {
			return takes(max(len(args), 2), "a folder to write and one or more of shards")(cmd, args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			summary, err := results.Merge(args[0], args[1:])
			if err != nil {
				return err
			}
			return writeSummary(s, summary, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the summary as JSON")
	return cmd
}
