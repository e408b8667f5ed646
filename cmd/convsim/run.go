package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/report/runpage"
	"github.com/convsim/convsim/internal/report/runs"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sim"
	"github.com/convsim/convsim/tensor"
)

// runFlags are the flags of `convsim run`.
type runFlags struct {
	hw, layer, board string
	output, trace    destination
	html, dot        destination
	json             bool
	options          sim.Options
	noFastForward    bool
	net              modelFlags
	wave             waveFlags
	order            sim.Order // of a model's layers

	given  *pflag.FlagSet
	text   configs.LayerText // of the layer's file
	unread error             // why there is none
}

func newRun(s streams) *cobra.Command {
	f := runFlags{output: destination{flag: "--output"}, trace: destination{flag: "--trace"}, html: destination{flag: "--html"},
		dot: destination{flag: "--dot"}}
	cmd := &cobra.Command{
		Use:   "run --hw HW.yaml --layer LAYER.yaml | --model MODEL.onnx",
		Short: "Run a layer or a network: cycles, stalls, values",
		Long: `Run streams a layer's frames through the pipeline of a hardware. It says how many
cycles that takes and what every stage waited for, computes the outputs in the
modelled arrays, and compares them bit for bit with a reference Conv2d. Tensors
that neither a flag nor the layer file names are made up from --seed.

With --model a whole network streams through one pipeline: every layer has hardware
of its own, and every tensor of every node is compared with its definition. On a
hardware with "mode: layerwise" all layers share one array and the port to a DRAM.`,
		Example: `  convsim run --hw edge-8x8 --layer digits_conv2
  convsim run --hw depthwise-32 --layer mobilenet_v2_depthwise_s2 --frames 3
  convsim run --hw large-32x32 --layer vgg16_conv1_2 --no-values --json
  convsim run --hw my.yaml --layer mine.yaml --output y.npy
  convsim run --hw edge-8x8 --layer digits_conv2 --html run.html
  convsim run --hw edge-8x8 --layer digits_conv2 --wave run.fst --to 2000
  convsim run --hw edge-8x8 --layer digits_conv2 --timeline --to 300
  convsim run --hw large-32x32 --model mobilenet_v2_224 --no-values
  convsim run --hw edge-8x8 --model testdata/models/digits_lenet.onnx --top 5`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.required(); err != nil {
				return err
			}
			if f.net.model != "" {
				return f.runModel(cmd.Context(), s)
			}
			return f.runLayer(cmd.Context(), s)
		},
	}
	f.flags(cmd)
	return cmd
}

// flags adds those of the command.
func (f *runFlags) flags(cmd *cobra.Command) {
	fl := cmd.Flags()
	f.add(cmd)
	f.addData(cmd)
	f.wave.add(cmd)
	f.net.images.add(cmd)
	f.net.addFloat(cmd)
	fl.StringVar(&f.net.dump, "dump", "", "write every tensor of a model as .npy into this folder")
	fl.StringArrayVar(&f.net.inputs, "input", nil,
		"activations as .npy, NCHW; of a model also .npz, or images, a batch of them by several: FILE or NAME=FILE")
	fl.StringVar(&f.output.path, "output", "", "write the layer's output to this .npy, NCHW")
	fl.StringVar(&f.trace.path, "trace", "", "write every handshake per edge, as cycle ranges, to this .csv")
	fl.StringVar(&f.html.path, "html", "", "write a page of the run: timeline, graph, roofline, FIFOs, resources")
	fl.StringVar(&f.dot.path, "dot", "", "write the graph of stages and FIFOs for Graphviz; of a deadlock, who waits for whom")
	fl.StringVar(&f.board, "board", "", "show resource use against a board: a name or a file")
	fl.StringVar(&f.order.By, "sort", "", "of a model: the worst layers first, by "+strings.Join(sim.Orders(), ", "))
	fl.IntVar(&f.order.Most, "top", 0, "of a model: no more layers than so many, the busiest unless --sort is given")
	fl.BoolVar(&f.json, "json", false, "print the report as JSON")
	fl.BoolVar(&f.options.NoValues, "no-values", false, "time only")
	fl.BoolVar(&f.options.NoVerify, "no-verify", false, "skip the comparison with the reference")
	fl.Var(verifyFlag{&f.options.Naive}, "verify", "compare big layers with a second implementation, or with the naive reference")
	fl.BoolVar(&f.noFastForward, "no-fast-forward", false, "simulate every beat instead of skipping what repeats; changes no number")
	cmd.MarkFlagsMutuallyExclusive("verify", "no-verify")
	fileFlags(cmd, "npy", "weight", "bias", "output")
	fileFlags(cmd, "npy npz png jpg jpeg", "input")
	must(cmd.MarkFlagDirname("dump"))
	completeBoards(cmd)
}

// oneInput finds the file of a layer's activations.
func (f *runFlags) oneInput() error {
	if len(f.net.inputs) > 1 {
		return fmt.Errorf("--input is given %d times; allowed for a layer: once", len(f.net.inputs))
	}
	f.options.Paths.Input = strings.Join(f.net.inputs, "")
	return nil
}

// theBatch is what no --frames means.
const theBatch = "0 (the batch) or more"

// required says which flags are missing, all of them.
func (f *runFlags) required() error {
	var missing []string
	if f.hw == "" {
		missing = append(missing, `"hw"`)
	}
	if f.layer == "" && f.net.model == "" {
		missing = append(missing, `"layer" or "model"`)
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("required flag(s) %s not set", strings.Join(missing, ", "))
}

// runLayer reads the layer's file, which says whether it is a convolution.
func (f *runFlags) runLayer(ctx context.Context, s streams) error {
	text, err := slowly(ctx, s, "run", "reading files", func() (configs.LayerText, error) { return configs.ReadLayer(f.layer) })
	if err != nil && ctx.Err() != nil {
		return err
	}
	if text.IsOperation() {
		f.asOperation(text)
		return f.runModel(ctx, s)
	}
	f.text, f.unread = text, err
	if err := f.oneInput(); err != nil {
		return err
	}
	return f.run(ctx, s)
}

// convolution is the layer whose file has been read.
func (f *runFlags) convolution() (*configs.Layer, error) {
	if f.unread != nil {
		return nil, f.unread
	}
	return f.text.Layer()
}

func (f *runFlags) run(ctx context.Context, s streams) error {
	in, err := slowly(ctx, s, "run", "reading files", f.load)
	if err != nil {
		return err
	}
	f.options.EveryBeat = f.noFastForward
	f.options.Record = f.trace.path != ""
	f.options.Deeper = true
	ctx, stop := f.wave.ask(ctx, s, &f.options)
	defer stop(nil)
	m := machineOf(in)
	if m.plan != nil { // one that cannot be is refused when it is run
		f.options.Histories = f.histories(m.plan())
		if err := f.wave.checkEdges(m.plan()); err != nil {
			return err
		}
	}
	bar := newBar(s.err, in.layer.Name)
	bar.watch(&f.options)
	out, err := untilStopped(ctx, func() (*sim.Outcome, error) { return sim.Run(ctx, in.hw, in.layer, f.options) })
	f.wave.settled()
	bar.clear()
	if err = f.drawn(ctx, s, m, err); err != nil {
		return err
	}
	if in.board != nil {
		// A board the hardware names is shown if it can be; one asked for must be.
		if err := out.Fit(in.hw, in.layer, *in.board); err != nil && f.board != "" {
			return fmt.Errorf("--board %s: %w", f.board, err)
		}
	}
	f.wave.late(s, out.Report.Cycles)
	page := func() (runpage.Run, error) { return runs.OfLayer(ctx, in.hw, in.layer, out, true) }
	if err := f.writePage(ctx, s, page); err != nil {
		return err
	}
	if err := f.write(ctx, s, out); err != nil {
		return err
	}
	return judge(s, out)
}

// judge says what is not as it should be with the outputs.
func judge(s streams, out *sim.Outcome) error {
	if o := out.Report.Overflow; o != nil {
		fmt.Fprintln(s.err, "convsim: warning:", o)
	}
	if out.Wrong != nil {
		complain(s.err, out.Wrong)
	}
	if out.Failure() != nil {
		return errFailed
	}
	return nil
}

// inputs are what a run is about.
type inputs struct {
	hw    *configs.Hardware
	layer *configs.Layer
	board *resources.Board // nil for none
}

// machineOf is the machine of a layer, none if there is none.
func machineOf(in *inputs) machine {
	d, err := sim.NewDesign(in.hw, in.layer)
	if err != nil {
		return machine{}
	}
	return machine{plan: func() *pipeline.Plan { return d.Plan }, hardware: in.hw.Name, layer: in.layer.Name}
}

// load reads the files and refuses what cannot work before anything runs, all
// mistakes at once.
func (f *runFlags) load() (*inputs, error) {
	hw, hwErr := configs.LoadHardware(f.hw)
	layer, layerErr := f.convolution()
	in := &inputs{hw: hw, layer: layer}
	boardErr := f.loadBoard(in)
	flagErr := checkFrames(f.options.Frames, 0, theBatch)
	if f.options.NoValues && (f.output.path != "" || f.options.Paths != (sim.Paths{})) {
		flagErr = errors.Join(flagErr, errors.New("--no-values computes no values: leave out --input, --weight, --bias and --output"))
	}
	flagErr = errors.Join(flagErr, useless(f.given, "a layer", append(imageNames, "input-shape", "keep-float", "dump")...), f.noVerify())
	if f.order != (sim.Order{}) {
		flagErr = errors.Join(flagErr, errors.New("--sort and --top are for a model; a layer's report has all stages"))
	}
	if ext := filepath.Ext(f.trace.path); ext != "" && !strings.EqualFold(ext, ".csv") {
		flagErr = errors.Join(flagErr, fmt.Errorf("--trace %s: no traces are written as %s; allowed: a .csv file", f.trace.path, ext))
	}
	flagErr = errors.Join(flagErr, f.wave.check(), checkAll(f.reads(hw, layer), f.writes()...))
	return in, errors.Join(hwErr, layerErr, boardErr, flagErr)
}

// noVerify refuses to say how values are compared that are not computed.
func (f *runFlags) noVerify() error {
	if !f.options.NoValues {
		return nil
	}
	return useless(f.given, "a run without values (--no-values)", "verify")
}

// writes are the files that a run is to write.
func (f *runFlags) writes() []destination {
	return []destination{f.wave.file, f.output, f.trace, f.html, f.dot}
}

// reads are the files of a run, those that could be loaded and those that could
// not.
func (f *runFlags) reads(hw *configs.Hardware, layer *configs.Layer) []string {
	read := []string{f.hw, f.layer, f.board, f.options.Paths.Input, f.options.Paths.Weight, f.options.Paths.Bias}
	if hw != nil {
		read = append(read, hw.Files()...)
	}
	if layer != nil {
		read = append(read, layer.Files()...)
	}
	return read
}

// loadBoard finds the board: that of the flag, else that of the hardware.
func (f *runFlags) loadBoard(in *inputs) error {
	var asked *resources.Board
	if f.board != "" {
		b, err := resources.LoadBoard(f.board)
		if err != nil {
			return fmt.Errorf("--board %s: %w", f.board, paths.Reason(err))
		}
		asked = &b
	}
	if in.hw != nil {
		if asked != nil {
			in.hw.Mount(asked)
		}
		in.board = in.hw.Device()
	}
	return nil
}

// write writes the files, then the report.
func (f *runFlags) write(ctx context.Context, s streams, out *sim.Outcome) error {
	if err := f.output.write(ctx, s, func(w io.Writer) error { return tensor.EncodeNPY(w, out.Output) }); err != nil {
		return err
	}
	if err := f.trace.write(ctx, s, out.WriteTrace); err != nil {
		return err
	}
	s = s.beside(f.writes()...)
	if f.json {
		return writeReport(s.out, out.Report)
	}
	if err := out.Report.WriteText(s.out, colour(s.out)); err != nil {
		return err
	}
	return f.writeBoard(s, out.Report)
}

// writeBoard shows how much of the board the design takes; stage by stage when
// the board was asked for.
func (f *runFlags) writeBoard(s streams, r *sim.Report) error {
	if r.Board == nil {
		return nil
	}
	if f.board != "" {
		if _, err := fmt.Fprintf(s.out, "\n%s", resources.StageTable(resources.Report{Rows: r.CostByStage, Total: r.Cost})); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(s.out, "\n%s", resources.FitTable(*r.Board))
	return err
}
