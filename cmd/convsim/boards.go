package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/convsim/convsim/internal/resources"
)

func newBoards(s streams) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "boards",
		Short: "List the FPGA boards that are known by name, and what they have",
		Long: `Boards lists what a hardware or sweep file, or --board, can name. A board of your
own is a file: convsim schema board describes it, convsim examples -o DIR writes
those that are known.`,
		Example: `  convsim boards
  convsim run --hw edge-8x8 --layer digits_conv2 --board kv260`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error { return listBoards(s, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the boards as JSON")
	return cmd
}

func listBoards(s streams, asJSON bool) error {
	var boards []resources.Board
	for _, name := range resources.Boards() {
		b, err := resources.LoadBoard(name)
		if err != nil {
			return err
		}
		boards = append(boards, b)
	}
	if asJSON {
		return writeJSON(s.out, boards)
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "board\tpart\tslices\tDSP\tLUT\tFF\tBRAM18\tURAM\tMHz\tGB/s")
	for _, b := range boards {
		a := b.Available
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%g\t%g\n",
			b.Name, b.Part, b.DSPKind, a.DSP, a.LUT, a.FF, a.BRAM18, a.URAM, b.ClockMHz, b.DRAMGBytesPS)
	}
	return w.Flush()
}
