package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/report/difference"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/sim"
)

// diffFlags are the flags of `convsim diff`.
type diffFlags struct {
	given        *pflag.FlagSet
	layer, model string
	shapes       inputShapes
	float, json  bool
	frames, top  int
	html         destination
}

func newDiff(s streams) *cobra.Command {
	f := diffFlags{html: destination{flag: "--html"}}
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Compare two runs: design, cycles, stalls, FIFOs, resources",
		Long: `Diff sets two runs side by side: what changed in the design, and what that did to
cycles, to every stage, layer and FIFO, and to the resources. A and B are each a
report that run --json wrote, or a hardware file (.yaml, or the name of a shipped one),
which is then run, time only, on --layer or --model. The exit code is 0 whether they
differ or not.

Two waveforms (.vcd), of convsim or of a simulator that ran hardware of convsim rtl, are
compared handshake by handshake; there the exit code is 1 if any differs.`,
		Example: `  convsim diff edge-8x8 large-32x32 --layer digits_conv2
  convsim diff edge-8x8 parallel-4x16 --model resnet8_32
  convsim diff edge-8x8 large-32x32 --layer digits_conv2 --html diff.html
  convsim diff before.json after.json
  convsim diff run.vcd digits/build/wave.vcd`,
		Args: takes(2, "two runs, A and B"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, s, args) },
	}
	fl := cmd.Flags()
	f.given = fl
	fl.StringVar(&f.layer, "layer", "", "what hardware files run: a layer file, or the name of a shipped one")
	fl.StringVar(&f.model, "model", "", "what hardware files run: an .onnx model or a network file")
	f.shapes.add(cmd)
	fl.BoolVar(&f.float, "keep-float", false, "stream quantised models node by node instead of as integers")
	fl.IntVar(&f.frames, "frames", 3, "frames in a row that hardware files run")
	fl.IntVar(&f.top, "top", 10, "print so many stages, layers and FIFOs, the largest changes first; 0: all")
	fl.BoolVar(&f.json, "json", false, "print the comparison as JSON, with all that changed")
	fl.StringVar(&f.html.path, "html", "", "also write the comparison as a page for a browser: one file that needs nothing else; - is standard output")
	cmd.MarkFlagsMutuallyExclusive("layer", "model")
	fileFlags(cmd, "html", "html")
	fileFlags(cmd, "yaml yml", "layer")
	fileFlags(cmd, "onnx yaml yml", "model")
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"json", "yaml", "yml", "vcd"}, cobra.ShellCompDirectiveFilterFileExt
	}
	return cmd
}

func (f *diffFlags) run(cmd *cobra.Command, s streams, args []string) error {
	ctx := cmd.Context()
	if slices.ContainsFunc(args, isWave) {
		return f.waves(ctx, s, args)
	}
	if err := f.check(cmd, args); err != nil {
		return err
	}
	var errs []error
	var sides []func(sim.Options) (*difference.Run, error)
	for _, file := range args {
		side, err := slowly(ctx, s, "diff", "reading files", func() (func(sim.Options) (*difference.Run, error), error) { return f.side(ctx, file) })
		if ctx.Err() != nil {
			return err
		}
		sides = append(sides, side)
		errs = append(errs, err)
	}
	if err := distinct(errs); err != nil {
		return err
	}
	var runs []*difference.Run
	for i, side := range sides {
		bar := newBar(s.err, filepath.Base(args[i]))
		run, err := untilStopped(ctx, func() (*difference.Run, error) {
			return side(sim.Options{NoValues: true, Frames: f.frames, Progress: bar.show, Timing: bar.timing})
		})
		bar.clear()
		if err != nil {
			return fmt.Errorf("%s: %w", args[i], err)
		}
		runs = append(runs, run)
	}
	d := difference.Compare(runs[0], runs[1])
	if err := f.html.write(ctx, s, func(w io.Writer) error { return d.WriteHTML(w, version()) }); err != nil {
		return err
	}
	return s.beside(f.html).print(f.json, d, func(w io.Writer) error { return d.WriteText(w, f.top) })
}

// check says what is missing, and what has no use.
func (f *diffFlags) check(cmd *cobra.Command, args []string) error {
	var errs []error
	errs = append(errs, checkFrames(f.frames, 1, "1 or more, 3 for a steady interval"))
	if f.top < 0 {
		errs = append(errs, fmt.Errorf("--top %d; allowed: 0 (all) or more", f.top))
	}
	hardware := slices.DeleteFunc(slices.Clone(args), func(file string) bool { return !isHardware(file) })
	if len(hardware) > 0 && f.layer == "" && f.model == "" {
		errs = append(errs, fmt.Errorf("%s: hardware needs something to run; allowed: --layer LAYER.yaml or --model MODEL.onnx, or a .json report",
			strings.Join(hardware, ", ")))
	}
	for _, flag := range []string{"layer", "model", "frames", "input-shape", "keep-float"} {
		if len(hardware) == 0 && cmd.Flags().Changed(flag) {
			errs = append(errs, fmt.Errorf("--%s: for hardware files, and these are reports; allowed: --top, --json, --html", flag))
		}
	}
	return errors.Join(append(errs, f.html.check(append(slices.Clone(args), f.layer, f.model)))...)
}

// isHardware tells hardware from a report: by its ending, or as a shipped one's name.
func isHardware(file string) bool {
	ext := strings.ToLower(filepath.Ext(file))
	return ext == ".yaml" || ext == ".yml" || configs.IsName(file)
}

// side reads a file and returns what makes a run of it.
func (f *diffFlags) side(ctx context.Context, file string) (func(sim.Options) (*difference.Run, error), error) {
	if !isHardware(file) {
		data, err := strictyaml.ReadText(file, configs.MaxNetworkBytes)
		if err != nil {
			return nil, fmt.Errorf("%s: %w; allowed: a report that `convsim run --json` wrote, or a hardware file (.yaml)", file, paths.Reason(err))
		}
		run, err := difference.Decode(file, data)
		return func(sim.Options) (*difference.Run, error) { return run, nil }, err
	}
	hw, err := configs.LoadHardware(file)
	r := &runFlags{given: f.given, hw: file, layer: f.layer, options: sim.Options{NoValues: true, Frames: f.frames}}
	r.net.model, r.net.shapes, r.net.float = f.model, f.shapes, f.float
	simulate, loadErr := loadSide(ctx, r)
	if err = errors.Join(err, loadErr); err != nil {
		return nil, err
	}
	return func(o sim.Options) (*difference.Run, error) {
		r.options = o
		report, err := simulate()
		if err != nil {
			return nil, err
		}
		data, err := json.Marshal(report)
		if err != nil {
			return nil, err
		}
		run, err := difference.Decode(file, data)
		if err == nil {
			run.Settings = hw.Settings()
		}
		return run, err
	}, nil
}

// loadSide reads the files of a run, and returns what runs it and makes its report.
func loadSide(ctx context.Context, r *runFlags) (func() (any, error), error) {
	if r.net.model == "" {
		text, err := configs.ReadLayer(r.layer)
		if err != nil || !text.IsOperation() {
			r.text, r.unread = text, err
			in, err := r.load()
			return func() (any, error) {
				out, err := sim.Run(ctx, in.hw, in.layer, r.options)
				if err != nil {
					return nil, err
				}
				return out.Report, nil
			}, err
		}
		r.asOperation(text)
	}
	simulate, err := r.loadNetwork(ctx)
	return func() (any, error) {
		out, err := simulate()
		if err != nil {
			return nil, err
		}
		return out.report, nil
	}, err
}

// distinct joins mistakes, each once although both sides make it.
func distinct(errs []error) error {
	var list []error
	known := map[string]bool{}
	var add func(error)
	add = func(err error) {
		if several, ok := err.(interface{ Unwrap() []error }); ok {
			for _, one := range several.Unwrap() {
				add(one)
			}
		} else if err != nil && !known[err.Error()] {
			known[err.Error()] = true
			list = append(list, err)
		}
	}
	for _, err := range errs {
		add(err)
	}
	return errors.Join(list...)
}
