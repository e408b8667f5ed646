package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/sizing"
	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/pipeline"
	"github.com/convsim/convsim/sim"
)

// fifosFlags are the flags of `convsim fifos`.
type fifosFlags struct {
	hw      string
	net     modelFlags
	frames  int64
	slower  percent
	round   string
	least   int
	curve   bool
	rules   bool
	json    bool
	output  destination
	options sizing.Options
}

// roundings are how depths may be rounded up.
var roundings = map[string]func(pipeline.Edge, int) int{"none": nil, "pow2": sizing.PowersOfTwo, "bram": sizing.Built}

func newFifos(s streams) *cobra.Command {
	f := fifosFlags{output: destination{flag: "--output"}}
	cmd := &cobra.Command{
		Use:   "fifos --hw HW.yaml --model MODEL.onnx",
		Short: "Find how deep the FIFOs of a network must be",
		Long: `Fifos finds depths that keep the throughput which FIFOs without end would give, in
steady state, and makes each FIFO as shallow as it can be while the others stay as
they are. Every step is an exact simulation, and the last one, of the whole network
with the depths found, proves them.

A design that may be slower by some share (--slower) needs fewer bits. --output writes
the hardware file with the depths. An interrupted search leaves the best so far.`,
		Example: `  convsim fifos --hw edge-8x8 --model resnet8_32
  convsim fifos --hw edge-8x8 --model resnet8_32 --slower 2%
  convsim fifos --hw edge-8x8 --model resnet8_32 -o sized.yaml`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.hw, "hw", "", "hardware file, or the name of a shipped one")
	f.net.add(cmd)
	fl.Int64Var(&f.frames, "frames", 4, "frames in a row of every simulation, at least; 3 or more")
	fl.Var(&f.slower, "slower", "by how much the design may be slower, such as 2%")
	fl.StringVar(&f.round, "round", "none", "make depths powers of two (pow2), or as deep as the memories they take anyway (bram)")
	fl.IntVar(&f.least, "least", 2, "entries of the smallest FIFO; with 1 a beat moves every other cycle")
	fl.BoolVar(&f.curve, "curve", false, "find how the interval depends on each depth above the least")
	fl.BoolVar(&f.rules, "rules", false, "compare with rules of thumb")
	fl.StringVarP(&f.output.path, "output", "o", "", "write the hardware with these depths to this file")
	fl.BoolVar(&f.json, "json", false, "print the report as JSON")
	must(cmd.MarkFlagRequired("hw"))
	fileFlags(cmd, "yaml yml", "hw", "output")
	must(cmd.RegisterFlagCompletionFunc("round", cobra.FixedCompletions([]string{"none", "pow2", "bram"}, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// check reads the flags that cobra cannot, all mistakes at once.
func (f *fifosFlags) check() error {
	var errs []error
	round, ok := roundings[f.round]
	if !ok {
		errs = append(errs, fmt.Errorf("--round %s; allowed: none, pow2, bram", f.round))
	}
	errs = append(errs, checkFrames(int(f.frames), 3, "3 or more"))
	if f.least < 1 || f.least > 1<<20 {
		errs = append(errs, fmt.Errorf("--least %d; allowed: 1 to %d", f.least, 1<<20))
	}
	f.options = sizing.Options{Frames: f.frames, Slower: float64(f.slower) / 100, Least: f.least, Given: true, Curves: f.curve, Round: round}
	return errors.Join(errs...)
}

// load plans the network and refuses what cannot be written.
func (f *fifosFlags) load() (*sim.Network, error) {
	hw, err := configs.LoadHardware(f.hw)
	if err := errors.Join(err, f.check()); err != nil {
		return nil, err
	}
	g, _, err := f.net.load()
	if err != nil {
		return nil, err
	}
	if err := f.output.checkHardware(append(append([]string{f.hw, f.net.model}, f.net.files...), hw.Files()...)); err != nil {
		return nil, err
	}
	return sim.NewNetwork(hw, g)
}

func (f *fifosFlags) run(ctx context.Context, s streams) error {
	n, err := slowly(ctx, s, "fifos", "reading files", f.load)
	if err != nil {
		return err
	}
	talk := newSearchTalk(s.err, "fifos")
	f.options.Progress = func(p sizing.Progress) {
		talk.show(fmt.Sprintf("%s, %d simulations, %s bits", p.Doing, p.Runs, textwrap.Group(p.Bits)))
	}
	found, err := sizing.Size(ctx, n.Plan, f.options)
	var rules []sizing.Rule
	if err == nil && f.rules {
		rules, err = sizing.Rules(ctx, n.Plan, f.options)
	}
	talk.clear()
	if found == nil {
		return err
	}
	if writeErr := f.write(ctx, s, n, found); writeErr != nil {
		return writeErr
	}
	r := newFifosReport(n, found, rules, float64(f.slower))
	if writeErr := s.beside(f.output).print(f.json, r, r.writeText); writeErr != nil {
		return writeErr
	}
	if err != nil {
		fmt.Fprintln(s.err, "convsim: interrupted: these are the best depths so far")
		return errInterrupted
	}
	if !found.Proven {
		fmt.Fprintln(s.err, "convsim: no depths were found with which the network is as fast as wanted")
		return errFailed
	}
	return nil
}

// write writes the hardware file, if it is wanted.
func (f *fifosFlags) write(ctx context.Context, s streams, n *sim.Network, found *sizing.Result) error {
	if f.output.path == "" {
		return nil
	}
	root, err := hardwareDocument(n.Hardware, f.hw, f.output.path)
	if err != nil {
		return err
	}
	if err := setDepths(root, n.Plan, found.Plan); err != nil {
		return err
	}
	text, _, err := hardwareText(root, f.output.path)
	if err != nil {
		return err
	}
	return f.output.writeBytes(context.WithoutCancel(ctx), s, text)
}
