package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/configs"
	"github.com/convsim/convsim/internal/scalesim"
	"github.com/convsim/convsim/internal/wholefile"
)

func newImport(s streams) *cobra.Command {
	into := ""
	cmd := &cobra.Command{
		Use:   "import TOPOLOGY.csv -o DIR",
		Short: "Write a SCALE-Sim topology as a workload file",
		Long: `Import writes a topology of SCALE-Sim (a CSV file of convolutions, or of M, N, K)
as DIR/TOPOLOGY.yaml, a workload that bench and sweep take. Columns of stride
width, padding, padding width, dilation and groups may follow those of SCALE-Sim. A
file that is there already and says something else is never replaced.`,
		Example: `  convsim import alexnet.csv -o my`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("%s takes one file, not %d; `%[1]s --help` shows how", cmd.CommandPath(), len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return importTopology(s, args[0], into) },
	}
	cmd.Flags().StringVarP(&into, "output", "o", "", "folder of the file (required)")
	must(cmd.MarkFlagRequired("output"))
	must(cmd.MarkFlagDirname("output"))
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"csv"}, cobra.ShellCompDirectiveFilterFileExt
	}
	return cmd
}

// importTopology writes a topology as a workload, which is read once to be sure
// that it is one.
func importTopology(s streams, path, into string) error {
	name, isCSV := strings.CutSuffix(filepath.Base(path), ".csv")
	if !isCSV {
		return fmt.Errorf("%s; allowed: a topology of SCALE-Sim, a .csv file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	topology, err := scalesim.Read(path, f)
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
		return fmt.Errorf("cannot write %s: %w", target, reason(err))
	}
	_, err = fmt.Fprintf(s.err, "wrote %d layers to %s\n", len(topology.Layers), target)
	return err
}
