package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/internal/dse/results"
)

// bestFlags are the flags of `convsim sweep best`.
type bestFlags struct {
	objective   string
	output      destination
	index       int64
	constraints []string
	json        bool
}

func newSweepBest(s streams) *cobra.Command {
	f := bestFlags{output: destination{flag: "-o"}}
	cmd := &cobra.Command{
		Use:   "best DIR --objective EXPR | --index N",
		Short: "Choose a point of a finished sweep and write its hardware file",
		Long: `Best chooses, among the points of a folder that satisfy the constraints of the
sweep, the best by an expression: the largest or the smallest as the sweep has it
among its objectives, else the largest of a rate such as fps and the smallest of
everything else. max:EXPR and min:EXPR say which. The hardware file that -o
writes gives the same cycles in convsim run.`,
		Example: `  convsim sweep best edge --objective cycles --constraint 'dsp <= 100' -o b.yaml
  convsim sweep best edge --objective 'max:fps / dsp' -o frugal.yaml
  convsim sweep best edge --index 17 -o point-17.yaml`,
		Args: takes(1, "the folder of one sweep"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd.Context(), s, args[0], cmd.Flags().Changed("index"))
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.objective, "objective", "", "what to choose by; max:EXPR or min:EXPR: not as the sweep does")
	fl.Int64Var(&f.index, "index", 0, "the point with this index instead")
	fl.StringArrayVar(&f.constraints, "constraint", nil, "expression that must be true; may be repeated")
	fl.StringVarP(&f.output.path, "output", "o", "", "write the hardware file here")
	fl.BoolVar(&f.json, "json", false, "print the point as JSON")
	must(cmd.MarkFlagFilename("output", "yaml", "yml"))
	return cmd
}

func (f *bestFlags) run(ctx context.Context, s streams, dir string, byIndex bool) error {
	if byIndex == (f.objective != "") {
		return errors.New("which point? allowed: one of --objective and --index")
	}
	if byIndex && len(f.constraints) > 0 {
		return errors.New("--constraint goes with --objective, not with --index")
	}
	choice := results.Choice{Constraints: f.constraints}
	if byIndex {
		choice.Index = &f.index
	} else {
		choice.Objective = f.objective
	}
	chosen, err := slowly(ctx, s, "sweep best", "reading results", func() (*results.Chosen, error) { return results.Choose(dir, choice) })
	var none *results.NoneFeasible
	if errors.As(err, &none) {
		fmt.Fprintf(s.err, "convsim: %v\n", err)
		return errors.Join(writeEmpty(s.err, none.Empty, none.Keys), errFailed)
	}
	if err != nil {
		return err
	}
	if chosen.Missing > 0 {
		fmt.Fprintf(s.err, "convsim: the sweep is not finished: the choice is made without %d points\n", chosen.Missing)
	}
	if chosen.Note != "" {
		fmt.Fprintf(s.err, "convsim: %s\n", chosen.Note)
	}
	if err := f.write(ctx, s, chosen); err != nil {
		return err
	}
	return s.beside(f.output).print(f.json, chosen, func(w io.Writer) error { return writeChosen(w, chosen) })
}

// write writes the hardware file, if it is wanted.
func (f *bestFlags) write(ctx context.Context, s streams, chosen *results.Chosen) error {
	if f.output.path == "" {
		return nil
	}
	if err := f.output.check(nil); err != nil {
		return err
	}
	if !f.output.toOutput() {
		if err := chosen.CheckFile(f.output.path); err != nil {
			return err
		}
	}
	err := f.output.writeBytes(ctx, s, chosen.Hardware)
	if err == nil && !f.output.toOutput() {
		fmt.Fprintf(s.err, "wrote %s\n", f.output.path)
	}
	return err
}
