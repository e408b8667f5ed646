package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/paths"
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
	files, err := exampleFiles(into)
	if err != nil {
		return err
	}
	paths, taken := slices.Sorted(maps.Keys(files)), []error(nil)
	for _, path := range paths {
		taken = append(taken, refuseOther(path, files[path]))
	}
	if err := errors.Join(taken...); err != nil {
		return err
	}
	for _, path := range paths {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := wholefile.WriteBytes(path, files[path]); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(s.err, "wrote %d files to %s\n", len(files), into)
	return err
}

// refuseOther refuses to replace a file that says something else.
func refuseOther(path string, data []byte) error {
	switch old, err := os.ReadFile(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("cannot write %s: %w", path, paths.Reason(err))
	case !bytes.Equal(old, data):
		return fmt.Errorf("cannot write %s: it is there and says something else; allowed: another folder", path)
	}
	return nil
}

// exampleFiles are the texts of all files by their paths in a folder.
func exampleFiles(into string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, tree := range []fs.FS{configs.ShippedFS(), resources.ShippedFS()} {
		err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files[filepath.Join(into, filepath.FromSlash(name))], err = fs.ReadFile(tree, name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}
