package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/fit"
	"github.com/convsim/convsim/internal/network"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/textwrap"
)

// fitFlags are the flags of `convsim fit`.
type fitFlags struct {
	net    modelFlags
	board  string
	clock  float64
	fps    float64
	budget []string
	curve  destination
	json   bool
	quick  bool
	output destination
	given  *pflag.FlagSet
}

func newFit(s streams) *cobra.Command {
	f := fitFlags{output: destination{flag: "--output"}, curve: destination{flag: "--curve"}}
	cmd := &cobra.Command{
		Use:   "fit --model MODEL.onnx --board BOARD | --budget multipliers=N",
		Short: "Find hardware for a network on a board",
		Long: `Fit chooses pe, simd, group_parallel and the window style of every layer so that
all keep pace with each other, as fast as the board allows or as cheap as --fps
allows. Formulas propose, simulations of every stage decide. FIFOs are sized, which is
proven by a run, and the whole is held against the board. Weights go into UltraRAM where
block RAM gets full. Where they do not fit on the chip, it says by how much, and those of
some layers come by the board's DRAM.
--output writes a hardware file that run reproduces, to the cycle. An interrupted search
leaves the best so far.

With --quick formulas decide, too: folds are balanced by the cycles that they compute,
FIFOs are those that a plan has by itself, and one run of three frames says how fast that
is. A number of multipliers for all layers together needs no board.`,
		Example: `  convsim fit --model resnet8_32 --board zcu104 --fps 9000
  convsim fit --model resnet8_32 --board kv260 --budget dsp=99
  convsim fit --model mobilenet_v2_224 --quick --budget multipliers=1024
  convsim fit --model testdata/models/digits_lenet.onnx --board pynq-z2
  convsim fit --model testdata/models/digits_lenet.onnx --board kv260 \
    --curve c.html`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fl := cmd.Flags()
	f.given = fl
	f.net.add(cmd)
	fl.StringVar(&f.board, "board", "", "board: a name or a file")
	fl.Float64Var(&f.clock, "clock", 0, "clock in MHz (default: the board's)")
	fl.Float64Var(&f.fps, "fps", 0, "frames per second that are enough (default: as many as fit)")
	fl.StringSliceVar(&f.budget, "budget", nil, "use no more than this: "+budgets)
	fl.BoolVar(&f.quick, "quick", false, "fold by formulas alone")
	fl.StringVar(&f.curve.path, "curve", "", "write frames per second against resources to this .html page or .csv table")
	fl.StringVarP(&f.output.path, "output", "o", "", "write the hardware to this file")
	fl.BoolVar(&f.json, "json", false, "print the result as JSON")
	fileFlags(cmd, "yaml yml", "output")
	completeBoards(cmd)
	return cmd
}

// budgets are what a budget may say.
const budgets = "multipliers=N, dsp=N, lut=N, ff=N, bram18=N, uram=N"

// limits are what a board has, and the budget allows.
func (f *fitFlags) limits(o *fit.Options) error {
	a := &o.Limits
	fields := map[string]*int{"dsp": &a.DSP, "lut": &a.LUT, "ff": &a.FF, "bram18": &a.BRAM18, "uram": &a.URAM, "multipliers": &o.Multipliers}
	var errs []error
	for _, text := range f.budget {
		name, number, _ := strings.Cut(text, "=")
		n, err := strconv.Atoi(number)
		at := fields[strings.ToLower(name)]
		if at == nil || err != nil || n < 0 || n == 0 && at == &o.Multipliers {
			errs = append(errs, fmt.Errorf("--budget %s; allowed: %s, with N from 0 on, of multipliers from 1 on", text, budgets))
			continue
		}
		*at = min(*at, n)
	}
	if o.Multipliers == fit.Endless {
		o.Multipliers = 0
	}
	return errors.Join(errs...)
}

// options are what the flags say. Without a board there is no limit but the budget.
func (f *fitFlags) options() (fit.Options, error) {
	o := fit.Options{File: "fit.yaml", ClockMHz: f.clock, Multipliers: fit.Endless,
		Limits: resources.Amount{DSP: fit.Endless, LUT: fit.Endless, FF: fit.Endless, BRAM18: fit.Endless, URAM: fit.Endless}}
	if f.output.path != "" && !f.output.toOutput() {
		o.File = f.output.path
	}
	hw, err := configs.ParseHardware(o.File, []byte("name: any\n"))
	must(err)
	clock := hw.ClockMHz
	if f.board != "" {
		var board resources.Board
		if board, err = resources.LoadBoard(f.board); err != nil {
			err = fmt.Errorf("--board %s: %w", f.board, paths.Reason(err))
		}
		o.Name, o.BoardRef, o.Limits, clock = "-"+board.Name, f.boardRef(), board.Available.Amount(), board.ClockMHz
	}
	err = errors.Join(err, f.limits(&o))
	if f.board == "" && o.Multipliers == 0 {
		err = errors.Join(err, errors.New("no --board; allowed: a board's name or file, or none with --budget multipliers=N"))
	}
	if f.given.Changed("fps") && !(f.fps > 0 && f.fps <= math.MaxFloat64) {
		err = errors.Join(err, fmt.Errorf("--fps %g; allowed: a number above 0", f.fps))
	}
	if least, most := configs.ClockRange(); f.given.Changed("clock") && !(f.clock >= least && f.clock <= most) {
		err = errors.Join(err, fmt.Errorf("--clock %g; allowed: %g..%.0f", f.clock, least, most))
	}
	if o.ClockMHz == 0 {
		o.ClockMHz = clock
	}
	if f.fps > 0 {
		o.Interval = o.ClockMHz * 1e6 / f.fps
	}
	return o, err
}

// load reads the board and the model, and refuses all that cannot work.
func (f *fitFlags) load() (*network.Graph, fit.Options, error) {
	o, err := f.options()
	if f.curve.path != "" && (f.quick || f.board == "") {
		err = errors.Join(err, errors.New("--curve; allowed: with --board, without --quick"))
	}
	if ext := filepath.Ext(f.curve.path); ext != "" && !isPage(ext) && !strings.EqualFold(ext, ".csv") {
		err = errors.Join(err, fmt.Errorf("--curve %s: no curves are written as %s; allowed: a .html page, a .csv table", f.curve.path, ext))
	}
	inputs := []string{f.net.model}
	if f.board != "" {
		inputs = append(inputs, f.board)
	}
	if err := errors.Join(err, f.output.checkHardware(inputs), f.curve.check(inputs), differ(f.output, f.curve)); err != nil {
		return nil, o, err
	}
	g, _, err := f.net.load()
	if err != nil {
		return nil, o, err
	}
	o.Name = textwrap.Clip(g.Name, 60) + o.Name
	return g, o, nil
}

// boardRef names the board as a file beside the output does.
func (f *fitFlags) boardRef() string {
	if !resources.IsPath(f.board) {
		return f.board
	}
	at := absolute(f.board)
	if f.output.path == "" || f.output.toOutput() {
		return at
	}
	if rel, err := filepath.Rel(filepath.Dir(absolute(f.output.path)), at); err == nil {
		return "./" + filepath.ToSlash(rel)
	}
	return at
}

func (f *fitFlags) run(ctx context.Context, s streams) error {
	type loaded struct {
		graph   *network.Graph
		options fit.Options
	}
	in, err := slowly(ctx, s, "fit", "reading files", func() (in loaded, err error) {
		in.graph, in.options, err = f.load()
		return in, err
	})
	if err != nil {
		return err
	}
	talk := newSearchTalk(s.err, "fit")
	in.options.Progress = talk.show
	find := fit.Find
	if f.quick {
		find = fit.Quick
	}
	found, err := find(ctx, in.graph, in.options)
	if err == nil && f.curve.path != "" {
		err = f.writeCurve(ctx, s, in.graph, in.options)
	}
	talk.clear()
	if found == nil {
		return err
	}
	return f.tell(ctx, s, in.options, found, err)
}

// tell writes what was found, and says what is not as it should be.
func (f *fitFlags) tell(ctx context.Context, s streams, o fit.Options, found *fit.Result, stopped error) error {
	if found.Design != nil {
		if err := f.output.writeBytes(context.WithoutCancel(ctx), s, found.Design.Text); err != nil {
			return err
		}
	}
	r := newFitReport(o, found)
	if err := s.beside(f.output, f.curve).print(f.json, r, r.writeText); err != nil {
		return err
	}
	switch {
	case stopped != nil && ctx.Err() != nil:
		fmt.Fprintln(s.err, "convsim: interrupted: this is the best so far")
		return errInterrupted
	case stopped != nil:
		return stopped
	case found.Design == nil || o.Interval > 0 && found.Design.Interval > o.Interval:
		fmt.Fprintln(s.err, "convsim: what is asked for does not fit")
		return errFailed
	}
	return nil
}
