package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/hdl/proof"
	"github.com/convsim/convsim/sim"
)

// rtlFlags are the flags of `convsim rtl`: those of a run that say what the design
// and its data are, and what is to be done with it.
type rtlFlags struct {
	runFlags
	folder    string
	check     bool
	simulator string
	synth     synthFlags
}

func newRTL(s streams) *cobra.Command {
	f := rtlFlags{}
	cmd := &cobra.Command{
		Use:   "rtl --hw HW.yaml --layer LAYER.yaml | --model M.onnx",
		Short: "Write a design as SystemVerilog, prove it equal, or synthesize it",
		Long: `Rtl writes the hardware that a run simulates as synthesizable SystemVerilog, with a
testbench, into a folder; it refuses one that holds other files. With --check it
simulates that hardware with Icarus or Verilator and compares every handshake at
both ends of every edge, and every output value, with convsim's own; the exit code
is 1 if anything differs. With --synth it has Yosys synthesize that hardware and shows
what every stage took beside what it was estimated to take.`,
		Example: `  convsim rtl --hw edge-8x8 --layer digits_conv2 -o digits
  convsim rtl --hw edge-8x8 --layer digits_conv2 --frames 2 --check
  convsim rtl --hw minimal-1x1 --layer digits_conv1 --synth
  convsim rtl --hw edge-8x8 --model resnet8_32 -o resnet8`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd.Context(), s) },
	}
	fl := cmd.Flags()
	f.add(cmd)
	f.net.images.add(cmd)
	fl.StringVarP(&f.folder, "output", "o", "", "write the project into this folder")
	fl.BoolVar(&f.check, "check", false, "simulate the hardware and compare")
	fl.StringVar(&f.simulator, "simulator", string(proof.Auto), "what simulates: verilator, icarus, or auto")
	fl.StringArrayVar(&f.net.inputs, "input", nil, "activations as .npy, NCHW; of a model also .npz, or images: FILE or NAME=FILE")
	f.addData(cmd)
	f.synth.add(cmd)
	fl.BoolVar(&f.json, "json", false, "print the comparison as JSON")
	must(cmd.MarkFlagDirname("output"))
	return cmd
}

func (f *rtlFlags) run(ctx context.Context, s streams) error {
	if err := errors.Join(f.required(), f.wanted()); err != nil {
		return err
	}
	d, err := slowly(ctx, s, "rtl", "reading files", func() (proof.Design, error) { return f.design() })
	if err != nil {
		return err
	}
	talk := newPhaseTalk(s.err, "rtl")
	talk.tell("the run that hardware is held to")
	p, err := proof.New(ctx, d)
	talk.clear()
	if err != nil {
		return err
	}
	if f.folder != "" {
		if err := p.Write(f.folder); err != nil {
			return fmt.Errorf("-o %s: %w", f.folder, err)
		}
		if !f.check && !f.synth.on {
			fmt.Fprintf(s.out, "%s: %s, %s; %s in %d cycles\n", f.folder, counted(len(p.Circuit.Sources), "module"),
				counted(len(p.Circuit.Edges), "edge"), counted(d.Frames, "frame"), p.Cycles)
			return nil
		}
	}
	if f.synth.on {
		return f.synthesize(ctx, s, d, p)
	}
	return f.compare(ctx, s, p)
}

// compare simulates and prints what that showed.
func (f *rtlFlags) compare(ctx context.Context, s streams, p *proof.Project) error {
	talk := newPhaseTalk(s.err, "rtl")
	r, err := p.CheckAloud(ctx, proof.Simulator(f.simulator), talk.tell)
	talk.clear()
	if err != nil {
		return err
	}
	err = f.show(s, r)
	if err == nil && !r.Equal {
		err = errFailed
	}
	return err
}

// show prints a comparison.
func (f *rtlFlags) show(s streams, r interface{ WriteText(w io.Writer) error }) error {
	if f.json {
		return writeReport(s.out, r)
	}
	return r.WriteText(s.out)
}

// wanted says which flags do not go together, all of them.
func (f *rtlFlags) wanted() error {
	var errs []error
	if f.folder == "" && !f.check && !f.synth.on {
		errs = append(errs, errors.New("nothing to do; allowed: -o DIR, --check, or both; or --synth"))
	}
	switch proof.Simulator(f.simulator) {
	case proof.Auto, proof.Icarus, proof.Verilator:
	default:
		errs = append(errs, fmt.Errorf("--simulator %s; allowed: verilator, icarus, auto", f.simulator))
	}
	if f.json && !f.check && !f.synth.on {
		errs = append(errs, errors.New("--json prints a comparison; allowed: with --check or --synth"))
	}
	if !f.check {
		errs = append(errs, useless(f.given, "hardware that is not simulated (--check)", "simulator"))
	}
	if !f.synth.on {
		errs = append(errs, useless(f.given, "hardware that is not synthesized (--synth)", "family", "synth-limit"))
	}
	errs = append(errs, f.synth.wrong(f.check, errors.Join(errs...) != nil)...)
	if f.check {
		if _, err := proof.Simulator(f.simulator).Choose(0); err != nil && errors.Join(errs...) == nil {
			errs = append(errs, err)
		}
	}
	if f.net.model == "" {
		errs = append(errs, f.oneInput())
	}
	if f.folder != "" {
		if err := proof.CheckFolder(f.folder); err != nil {
			errs = append(errs, fmt.Errorf("-o %s: %w", f.folder, err))
		}
	}
	return errors.Join(errs...)
}

// design reads the files and maps them.
func (f *rtlFlags) design() (proof.Design, error) {
	if f.net.model != "" {
		return f.network()
	}
	f.text, f.unread = configs.ReadLayer(f.layer)
	if f.unread == nil && f.text.IsOperation() {
		f.asOperation(f.text)
		return f.network()
	}
	in, err := f.load()
	if err != nil {
		return proof.Design{}, err
	}
	d, err := sim.NewDesign(in.hw, in.layer)
	if err != nil {
		return proof.Design{}, err
	}
	frames := f.options.Frames
	if frames == 0 {
		frames = d.Fold.Shape.Batch
	}
	data, err := d.LoadData(context.Background(), f.options.Paths, f.options.Seed, frames)
	if err != nil {
		return proof.Design{}, err
	}
	p := proof.Layer(d, data, frames)
	p.Files, err = f.copies()
	return p, err
}

// copies are the files that the design was made of, to go with it.
func (f *rtlFlags) copies() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, c := range []struct {
		name, what, path string
		folder           configs.Folder
	}{{"hw.yaml", "hardware", f.hw, configs.HardwareFiles}, {"layer.yaml", "layer", f.layer, configs.LayerFiles}} {
		if c.path == "" {
			continue
		}
		path, err := configs.Find(c.what, c.path, c.folder)
		if err != nil {
			return nil, err
		}
		if files[c.name], err = configs.ReadFile(path); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// network is design for a model.
func (f *rtlFlags) network() (proof.Design, error) {
	hw, hwErr := configs.LoadHardware(f.hw)
	if err := errors.Join(hwErr, f.checkModel(hw)); err != nil {
		return proof.Design{}, err
	}
	g, given, err := f.net.load()
	if err != nil {
		return proof.Design{}, err
	}
	inputs, err := f.modelInputs(g, given)
	if err != nil {
		return proof.Design{}, err
	}
	n, err := sim.NewNetwork(hw, g)
	if err != nil {
		return proof.Design{}, err
	}
	frames := n.Frames()
	if f.options.Frames > 0 {
		frames = f.options.Frames
	}
	name := strings.TrimSuffix(filepath.Base(f.net.model), filepath.Ext(f.net.model))
	p, err := proof.Network(name, n, inputs, frames)
	if err == nil {
		p.Files, err = f.copies()
	}
	return p, err
}
