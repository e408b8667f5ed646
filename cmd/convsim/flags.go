package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/internal/resources"
)

// add gives a command the flags that say what runs on which hardware.
func (f *runFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	f.given = fl
	fl.StringVar(&f.hw, "hw", "", "hardware file, or the name of a shipped one (required)")
	fl.StringVar(&f.layer, "layer", "", "layer file, or the name of a shipped one (or --model)")
	fl.StringVar(&f.net.model, "model", "", "network as an .onnx model or a network file (or --layer)")
	f.net.shapes.add(cmd)
	cmd.MarkFlagsMutuallyExclusive("layer", "model")
	fileFlags(cmd, "yaml yml", "hw", "layer")
	fileFlags(cmd, "onnx yaml yml", "model")
}

// addData gives it those that say what is computed of.
func (f *runFlags) addData(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.options.Paths.Weight, "weight", "", "weights as .npy, OIHW")
	fl.StringVar(&f.options.Paths.Bias, "bias", "", "bias as .npy")
	fl.IntVar(&f.options.Frames, "frames", 0, "frames in a row (default: the batch)")
	fl.Uint64Var(&f.options.Seed, "seed", 1, "seed of tensors that are made up")
}

// add gives a command of networks the flags that say which.
func (f *modelFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.model, "model", "", "network as an .onnx model or a network file")
	f.shapes.add(cmd)
	f.addFloat(cmd)
	must(cmd.MarkFlagRequired("model"))
	fileFlags(cmd, "onnx yaml yml", "model")
}

func (f *modelFlags) addFloat(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.float, "keep-float", false, "stream quantised models node by node instead of as integers")
}

// fileFlags says by what the files of flags end.
func fileFlags(cmd *cobra.Command, ends string, flags ...string) {
	for _, name := range flags {
		must(cmd.MarkFlagFilename(name, strings.Fields(ends)...))
	}
}

// noDefault has the help leave out that a list is empty if nothing is said.
func noDefault(cmd *cobra.Command, flags ...string) {
	for _, name := range flags {
		cmd.Flags().Lookup(name).DefValue = ""
	}
}

// completeBoards has a shell complete the names of boards.
func completeBoards(cmd *cobra.Command) {
	must(cmd.RegisterFlagCompletionFunc("board", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return resources.Boards(), cobra.ShellCompDirectiveDefault
	}))
}

// must stops on a mistake in the program itself.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
