package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/sim"
)

// explainFlags are the flags of `convsim explain`.
type explainFlags struct {
	run    runFlags
	frames int
}

func newExplain(s streams) *cobra.Command {
	f := explainFlags{}
	cmd := &cobra.Command{
		Use:   "explain --hw HW.yaml --layer LAYER.yaml | --model MODEL.onnx",
		Short: "Say why a design is no faster, and what would make it so",
		Long: `Explain names the slowest stage, and follows the FIFOs from it to the ports: what
every stage on the way waits for. Then it tries changes, each by simulating it:
ports that are always open, more multipliers or another window for the layers that
are about as slow as the slowest, deeper FIFOs. It tells the three cheapest that
help, in shares of the board (or of a zcu104), as lines of the hardware file.

Of a network that runs layer by layer it names the layers that take longest, and tries
a larger array, a wider port to the DRAM, deeper FIFOs.`,
		Example: `  convsim explain --hw edge-8x8 --layer digits_conv2
  convsim explain --hw edge-8x8 --model resnet8_32`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.explain(cmd.Context(), s) },
	}
	fl := cmd.Flags()
	f.run.add(cmd)
	f.run.net.addFloat(cmd)
	fl.StringVar(&f.run.board, "board", "", "the board whose shares changes cost: a name or a file")
	fl.IntVar(&f.frames, "frames", 3, "frames in a row, three or more")
	fl.BoolVar(&f.run.json, "json", false, "print the explanation as JSON")
	return cmd
}

func (f *explainFlags) explain(ctx context.Context, s streams) error {
	if err := f.run.required(); err != nil {
		return err
	}
	subject, err := slowly(ctx, s, "explain", "reading files", f.load)
	if err != nil {
		return err
	}
	bar := newBar(s.err, subject.name)
	x, err := untilStopped(ctx, func() (explanation, error) { return subject.explain(ctx, f.frames, bar.show) })
	bar.clear()
	if err != nil {
		return err
	}
	return s.print(f.run.json, x, x.WriteText)
}

// explanation is one of a layer, a network, or a network layer by layer.
type explanation interface{ WriteText(io.Writer) error }

// explained is what is to be explained.
type explained struct {
	name    string
	explain func(ctx context.Context, frames int, progress func(done, total int)) (explanation, error)
}

// asOne explains a layer, or a network as one pipeline.
func asOne(s sim.Subject) explained {
	return explained{s.Name, func(ctx context.Context, frames int, progress func(done, total int)) (explanation, error) {
		return sim.Explain(ctx, s, frames, progress)
	}}
}

// load reads the files, all mistakes at once.
func (f *explainFlags) load() (explained, error) {
	hw, hwErr := configs.LoadHardware(f.run.hw)
	boardErr := f.run.loadBoard(&inputs{hw: hw})
	frameErr := checkFrames(f.frames, 3, "3 or more, for a steady interval")
	flagErr := errors.Join(hwErr, boardErr, frameErr)
	if f.run.net.model == "" {
		text, err := configs.ReadLayer(f.run.layer)
		flagErr = errors.Join(flagErr, useless(f.run.given, "a layer", "input-shape", "keep-float"))
		if err != nil || !text.IsOperation() {
			f.run.text, f.run.unread = text, err
			layer, err := f.run.convolution()
			if err = errors.Join(flagErr, err); err != nil {
				return explained{}, err
			}
			return asOne(sim.LayerSubject(hw, layer)), nil
		}
		f.run.asOperation(text)
	}
	if flagErr != nil {
		return explained{}, flagErr
	}
	g, _, err := f.run.net.load()
	if err != nil {
		return explained{}, err
	}
	if hw.Mode == configs.Layerwise {
		return explained{g.Name, func(ctx context.Context, frames int, progress func(done, total int)) (explanation, error) {
			return sim.ExplainLayerwise(ctx, hw, g, frames, progress)
		}}, nil
	}
	return asOne(sim.NetworkSubject(hw, g)), nil
}
