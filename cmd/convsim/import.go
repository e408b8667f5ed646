package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/wholefile"
	"github.com/convsim/convsim/network"
	"github.com/convsim/convsim/tensor"
)

// importFlags are the flags of `convsim import`.
type importFlags struct {
	into   string
	shapes inputShapes
}

func newImport(s streams) *cobra.Command {
	f := importFlags{}
	cmd := &cobra.Command{
		Use:   "import M.onnx -o DIR",
		Short: "Write an ONNX model as a network file and tensors to read and edit",
		Long: `Import writes DIR/network.yaml, a layer for every node of an ONNX model, and the
weights as .npy files in DIR/tensors. ` + "`convsim run --model DIR/network.yaml`" + ` computes the
same bytes as the model. DIR must be new or empty: nothing is replaced.`,
		Example: `  convsim import testdata/models/digits_lenet.onnx -o digits
  convsim run --hw edge-8x8 --model digits/network.yaml`,
		Args: oneModel,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args[0]) },
	}
	f.shapes.add(cmd)
	cmd.Flags().StringVarP(&f.into, "output", "o", "", "folder to write into (required)")
	must(cmd.MarkFlagRequired("output"))
	must(cmd.MarkFlagDirname("output"))
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"onnx"}, cobra.ShellCompDirectiveFilterFileExt
	}
	return cmd
}

func (f *importFlags) run(ctx context.Context, s streams, path string) error {
	if err := newFolder(f.into); err != nil {
		return err
	}
	g, err := untilStopped(ctx, func() (*network.Graph, error) { return f.read(path) })
	if err != nil {
		return err
	}
	file, err := writeNetwork(f.into, g)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s: %d layers, %d tensors\n", file, len(g.Nodes), len(g.Constants))
	return err
}

func (f *importFlags) read(path string) (*network.Graph, error) {
	m, err := readModel(path)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	shapes, err := f.shapes.of(m)
	if err != nil {
		return nil, err
	}
	return m.Network(shapes)
}

// newFolder refuses a folder that holds something.
func newFolder(path string) error {
	entries, err := os.ReadDir(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("--output %s: %w; allowed: a new or an empty folder", path, err)
	case len(entries) > 0:
		return fmt.Errorf("--output %s holds %s already; allowed: a new or an empty folder", path, entries[0].Name())
	}
	return nil
}

// writeNetwork writes the tensors, then the file that names them.
func writeNetwork(into string, g *network.Graph) (string, error) {
	text, files, err := configs.WriteNetwork(g, "tensors")
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Join(into, "tensors"), 0o777); err != nil {
		return "", err
	}
	for name, file := range files {
		if err := tensor.WriteNPY(filepath.Join(into, filepath.FromSlash(file)), g.Constants[name]); err != nil {
			return "", err
		}
	}
	path := filepath.Join(into, "network.yaml")
	return path, wholefile.WriteBytes(path, text)
}
