package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/resources"
	"github.com/convsim/convsim/internal/textwrap"
	"github.com/convsim/convsim/internal/wholefile"
)

func newExamples(s streams) *cobra.Command {
	into := ""
	cmd := &cobra.Command{
		Use:   "examples",
		Short: "List what comes with the program, or write the files",
		Long: `Examples lists the files that come with the program. They go by their names
wherever a file does; -o writes them all to a folder, to be changed. A file that
is there already and says something else is never replaced.`,
		Example: `  convsim examples
  convsim run --hw edge-8x8 --layer digits_conv2
  convsim sweep edge_layer --dry-run
  convsim examples -o my`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if into == "" {
				return listExamples(s.out)
			}
			return writeExamples(s, into)
		},
	}
	cmd.Flags().StringVarP(&into, "output", "o", "", "write the files to this folder")
	must(cmd.MarkFlagDirname("output"))
	return cmd
}

// exampleUses say how the files of a folder are named.
var exampleUses = map[configs.Folder]string{
	configs.HardwareFiles: "convsim run --hw NAME",
	configs.LayerFiles:    "convsim run --layer NAME",
	configs.NetworkFiles:  "convsim run --model NAME --no-values",
	configs.WorkloadFiles: "convsim bench --workload NAME",
	configs.SweepFiles:    "convsim sweep NAME",
}

func listExamples(w io.Writer) error {
	var b strings.Builder
	list := func(title string, names []string) {
		fmt.Fprintf(&b, "%s\n%s\n", title, textwrap.Join(names, "  ", "  "))
	}
	for _, folder := range configs.Folders() {
		list(fmt.Sprintf("%s: %s", folder, exampleUses[folder]), configs.Shipped(folder))
	}
	list("boards: convsim run --board NAME", resources.Boards())
	fmt.Fprintln(&b, "convsim examples -o DIR writes their files.")
	_, err := io.WriteString(w, b.String())
	return err
}

// writeExamples writes all files, or none where one would replace another.
func writeExamples(s streams, into string) error {
	trees := []fs.FS{configs.ShippedFS(), resources.ShippedFS()}
	if err := eachExample(trees, into, refuseOther); err != nil {
		return err
	}
	n := 0
	err := eachExample(trees, into, func(path string, data []byte) error {
		n++
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		return wholefile.WriteBytes(path, data)
	})
	if err == nil {
		_, err = fmt.Fprintf(s.err, "wrote %d files to %s\n", n, into)
	}
	return err
}

// refuseOther refuses to replace a file that says something else.
func refuseOther(path string, data []byte) error {
	switch old, err := os.ReadFile(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("cannot write %s: %w", path, reason(err))
	case !bytes.Equal(old, data):
		return fmt.Errorf("cannot write %s: it is there and says something else; allowed: another folder", path)
	}
	return nil
}

// eachExample calls f with the path and text of all files and returns all that
// is wrong.
func eachExample(trees []fs.FS, into string, f func(path string, data []byte) error) error {
	var errs []error
	for _, tree := range trees {
		err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(tree, name)
			if err != nil {
				return err
			}
			errs = append(errs, f(filepath.Join(into, filepath.FromSlash(name)), data))
			return nil
		})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
