package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/internal/filekind"
	"github.com/convsim/convsim/internal/onnx"
)

// inspectFlags are the flags of `convsim inspect`.
type inspectFlags struct {
	shapes inputShapes
	json   bool
}

func newInspect(s streams) *cobra.Command {
	f := inspectFlags{}
	cmd := &cobra.Command{
		Use:   "inspect M.onnx",
		Short: "List an ONNX model: nodes, shapes, MACs, what is not supported",
		Long: `Inspect reads an ONNX model without its weights and lists its nodes in order: the
operator, what becomes of it, the type of its output, its multiply-accumulates
and its parameters. Everything that cannot run is told, all of it at once; the
exit code is then 2.`,
		Example: `  convsim inspect resnet50.onnx
  convsim inspect detector.onnx --input-shape image=1x3x416x416 --json`,
		Args: takes(1, "one model"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), s, args[0]) },
	}
	f.shapes.add(cmd)
	cmd.Flags().BoolVar(&f.json, "json", false, "print the list as JSON")
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"onnx"}, cobra.ShellCompDirectiveFilterFileExt
	}
	return cmd
}

func (f *inspectFlags) run(ctx context.Context, s streams, path string) error {
	m, err := slowly(ctx, s, "inspect", "reading the model", func() (*onnx.Model, error) { return readModel(path) })
	if err != nil {
		return err
	}
	defer m.Close()
	shapes, err := f.shapes.of(m)
	if err != nil {
		return err
	}
	c, err := slowly(ctx, s, "inspect", "reading the model", func() (*onnx.Conversion, error) { return m.Convert(shapes), nil })
	if err != nil {
		return err
	}
	list := inspected(path, m, c)
	return errors.Join(s.print(f.json, list, list.write), errors.Join(c.Problems...))
}

// readModel reads a model, or says which kind of file was taken for one.
func readModel(path string) (*onnx.Model, error) {
	m, err := onnx.Read(path)
	if err == nil {
		return m, nil
	}
	if file := (*fs.PathError)(nil); errors.As(err, &file) {
		return nil, fmt.Errorf("%s: %w; allowed: an ONNX model", path, file.Err)
	}
	const most = 1 << 20 // of a file that a person writes
	if info, statErr := os.Stat(path); statErr == nil && info.Mode().IsRegular() && info.Size() < most {
		if data, readErr := os.ReadFile(path); readErr == nil {
			return nil, filekind.Explain(err, path, data, filekind.ONNX)
		}
	}
	return nil, err
}
