package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/paths"
	"github.com/convsim/convsim/internal/scalesim"
	"github.com/convsim/convsim/internal/strictyaml"
	"github.com/convsim/convsim/internal/wholefile"
)

// importFlags are the flags of `convsim import`.
type importFlags struct {
	into   string
	shapes inputShapes
}

func newImport(s streams) *cobra.Command {
	f := importFlags{}
	cmd := &cobra.Command{
		Use:   "import M.onnx|TOPOLOGY.csv|WORKLOAD.yaml -o DIR",
		Short: "Write a model, topology or workload as text to edit",
		Long: `Import writes an ONNX model as DIR/network.yaml, a layer for every node, and its
weights as .npy files in DIR/tensors, for people to read and edit. Running
DIR/network.yaml computes the same bytes as the model. DIR must be new or empty.

A topology of SCALE-Sim (a CSV file of convolutions, or of M, N, K) becomes
DIR/TOPOLOGY.yaml, a workload that bench and sweep take. Columns of stride width,
padding, padding width, dilation and groups may follow those of SCALE-Sim. A file
that is there already and says something else is never replaced.

A workload, or a layer, becomes a network: DIR/network.yaml. A layer reads the one
before it where that makes what it takes, else an input of its own.`,
		Example: `  convsim import testdata/models/digits_lenet.onnx -o digits
  convsim run --hw edge-8x8 --model digits/network.yaml
  convsim import alexnet.csv -o my
  convsim import mobilenet_v2 -o net`,
		Args: takes(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch ext := filepath.Ext(args[0]); {
			case ext == ".onnx":
				return f.importModel(cmd.Context(), s, args[0])
			case len(f.shapes) > 0:
				return fmt.Errorf("--input-shape %s: %s has sizes of its own", f.shapes[0], args[0])
			case ext == ".yaml" || ext == ".yml" || configs.IsName(args[0]):
				return importWorkload(s, args[0], f.into)
			case ext != ".csv":
				return fmt.Errorf("%s; allowed: a topology of SCALE-Sim, a .csv file, a workload, or an .onnx model", args[0])
			}
			return importTopology(s, args[0], f.into)
		},
	}
	f.shapes.add(cmd)
	cmd.Flags().StringVarP(&f.into, "output", "o", "", "folder to write into (required)")
	must(cmd.MarkFlagRequired("output"))
	must(cmd.MarkFlagDirname("output"))
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"onnx", "csv", "yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
	}
	return cmd
}

// importTopology writes a topology as a workload, which is read once to be sure
// that it is one.
func importTopology(s streams, path, into string) error {
	name := strings.TrimSuffix(filepath.Base(path), ".csv")
	data, err := strictyaml.ReadText(path, strictyaml.MaxBytes)
	if err != nil {
		return err
	}
	topology, err := scalesim.Read(path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	text, target := topology.Workload(name), filepath.Join(into, name+".yaml")
	if _, err := configs.ParseWorkload(target, text); err != nil {
		return err
	}
	if err := refuseOther(target, text); err != nil {
		return err
	}
	if err := os.MkdirAll(into, 0o777); err != nil {
		return err
	}
	if err := wholefile.WriteBytes(target, text); err != nil {
		return fmt.Errorf("cannot write %s: %w", target, paths.Reason(err))
	}
	_, err = fmt.Fprintf(s.err, "wrote %s to %s\n", counted(len(topology.Layers), "layer"), target)
	return err
}
